"""What every act on a quality report shares: its lock, its saving, who is told."""

import datetime as dt
from typing import Any

from accounts.selectors import head_of, members
from aftersales.charter import Department, Fact
from deadlines import services as deadlines
from deadlines.models import Deadline
from notices.services import tell
from repairs.services.core import locked as locked_ticket

from ..models import Report, Share


def locked(report: Report) -> Report:
    """The report as it stands now; its ticket's row is locked before it, so that nobody waits in a circle."""
    locked_ticket(report.ticket)
    return Report.objects.select_for_update(of=("self",)).get(pk=report.pk)


def tell_departments(
    report: Report,
    name: str,
    title: Any,
    *departments: Department,
    at: dt.datetime,
    but: Any = None,
    **params: str,
) -> None:
    """Everybody posted there, once per event and turn of the report."""
    people = {person.pk for department in departments for person in members(department, at)}
    tell_people(report, name, title, people - {getattr(but, "pk", None)}, at=at, **params)


def tell_people(
    report: Report, name: str, title: Any, people: Any, *, at: dt.datetime, **params: str
) -> None:
    tell(
        sorted(people), at=at, event_key=f"quality:{report.number}:{report.turn}:{name}", kind="quality", title=title,
        params={"number": report.number, "ticket": report.ticket.number, **params}, url=report.get_absolute_url(),
    )  # fmt: skip


def three_days_again(report: Report, *, by: Any) -> None:
    """A notice is due after all, or again (7.2): its three days, unless they run, count from where they began."""
    clocks = Deadline.objects.of(report).filter(rule="rectification")
    last = clocks.order_by("pk").last()
    if last is not None and not clocks.open().exists():
        deadlines.record(Fact.REPORT_RECEIVED, report, at=last.opened_at, by=by)


def answerable(shares: list[Share], at: dt.datetime) -> set[int]:
    """The people who answer for these shares: who is named, who was told for a department, and its head of today."""
    found = {pk for row in shares for pk in (row.person_id, row.told_id) if pk}
    heads = [head_of(row.department, at) for row in shares if row.department]
    return found | {head.pk for head in heads if head is not None}


def with_heads(shares: list[Share], at: dt.datetime) -> list[Share]:
    """Shares that are judged now: for a department its head of this day is told, and answers, whoever follows him (8.9)."""
    for row in shares:
        row.told = head_of(row.department, at) if row.department else None
    return shares
