"""Who hears what of a stage: one message per clock and person, the heaviest; lighter ones stand as superseded."""

import datetime as dt

from accounts.models import User
from notices.services import Message, tell_many

from .models import Deadline
from .roster import Roster, people

Speaking = list[tuple[Deadline, list[tuple[str, dt.datetime]]]]
#: msgids; the notice shows them in its reader's language
TITLES = {
    "half": "Half of the time is gone: {duty}, {title}",
    "soon": "Soon due: {duty}, {title}",
    "remind": "Reminder: {duty}, {title}",
    "breach": "Missed: {duty}, {title}",
    "head": "Missed for hours: {duty}, {title}",
}
EVEN_IF_DONE = ("breach", "head")


def event_key(row: Deadline, stage: str) -> str:
    """The key under which a stage is told, once per person and channel."""
    return f"deadline:{row.pk}:{stage}" if row.edition == 1 else f"deadline:{row.pk}:{stage}:{row.edition}"


def announce(speaking: Speaking, now: dt.datetime, roster: Roster) -> None:
    """Write the notices of freshly recorded stages of locked rows (a bounded number of statements for all)."""
    told = [(row, stage, person) for row, stages in speaking for stage, person in _told(row, stages, now, roster)]
    users = people(person for _row, _stage, person in told)
    heaviest = {(row.pk, person): stage for row, stage, person in told}
    messages = [
        _message(row, stage, users[person], superseded=heaviest[row.pk, person] != stage, now=now, roster=roster)
        for row, stage, person in told
        if person in users
    ]
    tell_many(messages, at=now)


def _told(row: Deadline, stages: list[tuple[str, dt.datetime]], now: dt.datetime, roster: Roster) -> list[tuple[str, int]]:
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


def _message(row: Deadline, stage: str, user: User, *, superseded: bool, now: dt.datetime, roster: Roster) -> Message:
    """Urgent, so that quiet hours do not hold it back: to who is on duty, and to the owner of a running hour clock (4.1)."""
    running_hours = row.stopped_at is None and not row.day_clock and not row.row.reminder and stage != "head"
    return Message(
        recipient=user,
        event_key=event_key(row, stage),
        title=TITLES[stage],
        params={"duty": str(row.rule), "title": row.title, "clause": row.clause, "due_at": row.due_at.isoformat()},
        url=row.url,
        urgent=running_hours or user.pk == roster.on_duty(now),
        superseded=superseded,
    )
