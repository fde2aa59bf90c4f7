"""Who hears what of a stage: one message per clock and person, the heaviest; lighter ones stand as superseded."""

import datetime as dt
import functools

from django.utils.translation import gettext_noop

from aftersales.charter import RULES
from notices.services import Word, supersede, tell_many
from notices.texts import pack

from .models import Deadline
from .roster import Roster

Speaking = list[tuple[Deadline, list[tuple[str, dt.datetime]]]]
#: msgids; the notice shows them in its reader's language
TITLES = {
    "half": gettext_noop("Half of the time is gone: {duty}, {title}"),
    "early": gettext_noop("Due in some days: {duty}, {title}"),
    "soon": gettext_noop("Soon due: {duty}, {title}"),
    "remind": gettext_noop("Reminder: {duty}, {title}"),
    "breach": gettext_noop("Missed: {duty}, {title}"),
    "head": gettext_noop("Missed for hours: {duty}, {title}"),
}
EVEN_IF_DONE = ("breach", "head")


def event_key(row: Deadline, stage: str) -> str:
    """The key under which a stage is told, once per person and channel."""
    return f"deadline:{row.pk}:{stage}" if row.edition == 1 else f"deadline:{row.pk}:{stage}:{row.edition}"


def still_key(row: Deadline) -> str:
    """Names all warnings of a clock: the act and every later stage overtake them."""
    return f"deadline:{row.pk}"


def announce(speaking: Speaking, now: dt.datetime, roster: Roster) -> None:
    """Write the notices of freshly recorded stages of locked rows (three statements for all)."""
    if not speaking:
        return
    supersede(still_keys=[still_key(row) for row, _stages in speaking], by="deadline:later")
    told = [
        (row, stage, person) for row, stages in speaking for stage, person in _told(row, stages, now, roster)
    ]
    heaviest = {(row.pk, person): stage for row, stage, person in told}
    tell_many(
        [_word(row, stage, person, heaviest[row.pk, person], now, roster) for row, stage, person in told],
        at=now,
    )


def _told(
    row: Deadline, stages: list[tuple[str, dt.datetime]], now: dt.datetime, roster: Roster
) -> list[tuple[str, int]]:
    """(stage, person), lightest first; a warning that the act has overtaken is not sent, a breach is."""
    speaking = [stage for stage, _at in stages if row.stopped_at is None or stage in EVEN_IF_DONE]
    return [(stage, person) for stage in speaking for person in _hearers(row, stage, now, roster)]


def _hearers(row: Deadline, stage: str, now: dt.datetime, roster: Roster) -> list[int]:
    if stage == "head":
        return [head] if (head := roster.head(row.department, now)) else []
    if stage == "breach" and (owner := roster.owner(row.assignee_id, row.department, row.due_at)):
        return [owner]
    hearers = roster.told(row.assignee_id, row.department, now)
    return hearers or ([head] if (head := roster.head(row.department, now)) else [])


@functools.cache
def _duty(rule: str) -> dict[str, str]:
    """A rule's label as params keep it, found once: a sweep speaks thousands of times."""
    return pack({"duty": RULES[rule].label})["duty"]


def _word(row: Deadline, stage: str, person: int, heaviest: str, now: dt.datetime, roster: Roster) -> Word:
    """Urgent, so that quiet hours do not hold it back: to who is on duty, and to the owner of a running hour clock (4.1)."""
    subject = row.subject
    running_hours = row.stopped_at is None and not row.day_clock and not row.row.reminder and stage != "head"
    return Word(
        recipients=[person],
        event_key=event_key(row, stage),
        title=TITLES[stage],
        params={
            "duty": _duty(row.rule),
            "title": subject.clock_title(),
            "clause": row.clause,
            "due_at": row.due_at,
        },
        url=subject.get_absolute_url(),
        kind="deadline",
        urgent=running_hours or person == roster.on_duty(now),
        still_key="" if stage in EVEN_IF_DONE else still_key(row),
        superseded_by="" if stage == heaviest else event_key(row, heaviest),
    )
