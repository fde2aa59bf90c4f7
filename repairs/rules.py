"""Pure decisions of customer service and engineers (charter 3 and 4), without ORM."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from aftersales.limits import Calendar, WindowEnd, local_day, moment_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def window_of(
    received_at: dt.datetime, windows: Sequence[tuple[dt.time, dt.time]], calendar: Calendar
) -> str:
    """The collection window that takes a web report: the first that begins after it (3.1), day and letter, `2026-03-02 a`;
    `windows` are those of a working day."""
    day = local_day(WindowEnd(windows).due(received_at, calendar)[0])
    begins = sorted(begin for begin, _end in windows)
    ahead = (number for number, begin in enumerate(begins) if moment_of(day, begin) > received_at)
    return f"{day:%Y-%m-%d} {'abcdefgh'[next(ahead, 0)]}"


def half_day(moment: dt.datetime) -> tuple[dt.date, bool]:
    """The half-day of a moment: 00–12 or 12–24 of its Shanghai day (domain 2, `closed`)."""
    local = moment.astimezone(SHANGHAI)
    return local.date(), local.hour >= 12


def tried_often_enough(tries: Iterable[dt.datetime], needed: int = 3, half_days: int = 2) -> bool:
    """3.3: not reached in `needed` attempts over at least `half_days` half-days."""
    moments = list(tries)
    return len(moments) >= needed and len({half_day(m) for m in moments}) >= half_days


def may_reopen(closed_at: dt.datetime, at: dt.datetime, days: int) -> bool:
    """The closing day is not counted; the `days`-th day after it runs to 24:00."""
    return at.astimezone(SHANGHAI).date() <= closed_at.astimezone(SHANGHAI).date() + dt.timedelta(days=days)


def how_fit(*, regions: Iterable[str], region: str, years: int, load: int, absent: bool, knows: bool) -> int:
    """A score that orders whom to assign (4.0): region first, then experience, less what he already has."""
    near = any(r and r in region for r in regions)
    return (
        (-1000 if absent else 0) + (40 if near else 0) + (10 if knows else 0) + min(years, 10) * 2 - load * 5
    )


PLACE = re.compile(r"((?:[^\d\s]{1,9}?(?:自治区|自治州|省|市|区|县|旗|盟))*)\s*(.*)", re.DOTALL)


def split_location(text: str) -> tuple[str, str]:
    """“江苏省泰州市海陵区迎春路 1 号” → (province, city and district, street); without any of these words all is street,
    unless it is short and has no figure in it (“江苏泰州”)."""
    words = text.strip()
    region, street = PLACE.fullmatch(words).groups()  # type: ignore[union-attr]  # it fits every text
    if not region and len(words) <= 12 and not re.search(r"\d", words):
        return words, ""
    return (region[:60], street) if len(region) <= 60 else ("", words)


POSITION = re.compile(
    r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*(?:,\s*(\d{1,6})(?:\.\d*)?\s*)?"
)


def position_of(text: str) -> str:
    """“32.486,119.9044,12.5” → “32.48600,119.90440,12”: latitude, longitude in degrees (five digits: a metre), accuracy in
    metres where it is told; "" of an empty one. Raises `ValueError` for what is no place on earth."""
    if not text.strip():
        return ""
    found = POSITION.fullmatch(text)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise ValueError(text)
    place = f"{float(found[1]):.5f},{float(found[2]):.5f}"
    return f"{place},{found[3]}" if found[3] else place
