"""Pure decisions of the clock: when its stages come, when it is late, what a pause buys (domain 3, 10)."""

import datetime as dt
from collections.abc import Iterable

from aftersales.limits import DAY

Span = tuple[dt.datetime, dt.datetime]


def is_late(stop: dt.datetime, due: dt.datetime, day_clock: bool) -> bool:
    """An hour clock is met at the due instant; the first instant of the next day is late for one that ends at 24:00."""
    return stop > due or (day_clock and stop == due)


def instants(
    opened: dt.datetime,
    due: dt.datetime,
    *,
    day_clock: bool,
    reminder: bool,
    soon: dt.timedelta,
    head: dt.timedelta,
    warnings: tuple[int, ...] = (),
) -> list[tuple[str, dt.datetime]]:
    """The stages of a clock with their true times, lightest first; one that lies before the opening does not exist.

    `warnings`: a clock that has exactly these, so many days before its end, and its breach (domain 3, 11).
    """
    if reminder:
        return [("remind", due)]
    if warnings:
        named = [(stage, due - days * DAY) for stage, days in zip(("early", "soon"), warnings, strict=True)]
        return [(stage, at) for stage, at in named if at > opened] + [("breach", due)]
    early = [("half", opened + (due - opened) / 2), ("soon", due - (DAY if day_clock else soon))]
    return [(stage, at) for stage, at in early if at > opened] + [("breach", due), ("head", due + head)]


def passed(
    stages: Iterable[tuple[str, dt.datetime]], horizon: dt.datetime, stop: dt.datetime | None, day_clock: bool
) -> list[tuple[str, dt.datetime]]:
    """The stages that came by `horizon`, and before the clock stopped."""
    return [
        (stage, at)
        for stage, at in stages
        if at <= horizon and (stop is None or is_late(stop, at, day_clock and stage == "breach"))
    ]


def net_due(raw: dt.datetime, pauses: Iterable[Span]) -> dt.datetime:
    """The due time moved by the pauses; one that begins at or after the net due time buys nothing, an overlap counts once."""
    due, counted = raw, dt.datetime.min.replace(tzinfo=dt.UTC)
    for begins, ends in sorted(pauses):
        begins = max(begins, counted)
        if begins >= due or ends <= begins:
            continue
        due, counted = due + (ends - begins), ends
    return due
