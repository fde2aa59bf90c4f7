"""Rectification notice ZG (7.2): issued by technical to the department that is to act, or withdrawn."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand, letter_for
from accounts.selectors import head_of
from aftersales.charter import Department, Fact
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from policy import figures

from .. import learning, selectors
from ..flow import ReportStage
from ..models import Notice, Report
from .core import locked as locked_report
from .core import three_days_again

SERIES, CLAUSE, ISSUE, CARRY_OUT = "ZG", "7.2", "rectification.issue", "rectification.carry_out"


def locked(notice: Notice) -> Notice:
    """The notice as it stands now; its report, and the ticket of that, are locked before it."""
    locked_report(notice.report)
    return Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)


def tell_responsible(notice: Notice, name: str, title: Any, *, at: dt.datetime, but: Any = None) -> None:
    """The person named and the head of the department, once per event and turn of the notice."""
    head = head_of(notice.department, at)
    people = {notice.person_id, getattr(head, "pk", None)} - {None, getattr(but, "pk", None)}
    tell_of(notice, name, title, people, at=at)


def tell_of(notice: Notice, name: str, title: Any, people: Any, *, at: dt.datetime) -> None:
    tell(
        sorted(people), at=at, event_key=f"notice:{notice.number}:{notice.turn}:{name}", kind="quality", title=title,
        params={"number": notice.number, "day": notice.due_on.isoformat()}, url=notice.get_absolute_url(),
    )  # fmt: skip


@transaction.atomic
def issue(
    report: Report, *, department: str, problem: str, measures: str, due_on: dt.date, by: Any, at: dt.datetime,
    person: Any = None, effect_weeks: int | None = None,
) -> Notice:  # fmt: skip
    """Technical asks a department to put right what the analysis found (F05, 7.2); its three days are met by it.

    `person` answers for it, else the head of the department; `effect_weeks`: else the company's figure. Both people are told.
    Raises `BadEntry` at `department`, `person` or `due_on`, `OutOfTurn` while no technical or process issue is confirmed.
    """
    held = locked_report(report)
    demand(by, ISSUE, held)
    may_issue(held, at)
    notice = Notice(
        report=held, department=department, person=_answerable(department, person, at), problem=problem, measures=measures,
        due_on=not_past(due_on, at), effect_weeks=_weeks(effect_weeks, at), number=next_number(SERIES, at),
    )  # fmt: skip
    keep(notice, "issue", by=by, at=at)
    deadlines.record(Fact.NOTICE_ISSUED, held, at=at, by=by)
    deadlines.record(Fact.MEASURES_ASKED, notice, at=at, by=by)
    title = _("Rectification notice {number}: measures in place by {day} (7.2).")
    tell_responsible(notice, "issue", title, at=at)
    return notice


def may_issue(report: Report, at: dt.datetime) -> None:
    """A notice follows an analysis that says so, or a fault that repeats; never a draft that nobody submitted."""
    if report.stage == ReportStage.DRAFT and report.submitted_at is None:
        raise OutOfTurn(_("This report is not submitted yet."), CLAUSE)
    if not report.is_technical and not learning.is_repeated(report, at):
        sentence = _("A notice follows once the analysis says that it is a technical or process issue (7.2).")
        raise OutOfTurn(sentence, CLAUSE)


def _answerable(department: str, person: Any, at: dt.datetime) -> Any:
    """Who can carry it out (F07), of that department."""
    who = person or head_of(department, at)
    if who is None:
        raise BadEntry(
            _("This department has no head; name the person who answers for it."), CLAUSE, "person"
        )
    if Department(department) not in who.departments(local_day(at)):
        raise BadEntry(_("This person does not belong to the department."), CLAUSE, "person")
    if letter_for(who, CARRY_OUT) == "-":
        raise BadEntry(_("This department carries out no rectification."), CLAUSE, "department")
    return who


def not_past(day: dt.date, at: dt.datetime) -> dt.date:
    """The day by which the measures are in place: today at the earliest."""
    if day < local_day(at):
        raise BadEntry(_("The measures are due today at the earliest."), CLAUSE, "due_on")
    return day


def _weeks(weeks: int | None, at: dt.datetime) -> int:
    found = weeks if weeks is not None else int(figures.value("effect_weeks", local_day(at)))
    if not 1 <= found <= 104:
        raise BadEntry(
            _("The effect is checked after one week at least and two years at most."), CLAUSE, "effect_weeks"
        )
    return found


@transaction.atomic
def withdraw(notice: Notice, *, reason: str, by: Any, at: dt.datetime) -> Notice:
    """Technical takes it back, with the reason (F05); nobody waits for the measures any more. Where the case has no other
    notice, its three days run again from where they began: a notice that is gone has met nothing."""
    held = locked(notice)
    demand(by, ISSUE, held)
    held.move("withdraw", withdrawn_why=reason)
    keep(held, "withdraw", by=by, at=at)
    deadlines.record(Fact.MEASURES_DROPPED, held, at=at, by=by)
    if held.report.is_technical and not selectors.has_notice(held.report):
        three_days_again(held.report, by=by)
    tell_responsible(held, "withdraw", _("Rectification notice {number} was withdrawn (7.2)."), at=at, but=by)
    return held
