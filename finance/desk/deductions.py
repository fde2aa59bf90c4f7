"""The desk of deductions, and their list by payroll month: what is drafted, what fits, what is carried (8.8)."""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, demand, may
from accounts.models import User
from aftersales.limits import first_of, following, local_day
from aftersales.operations import once
from deadlines.papers import PaperDesk

from ..flow import DeductionStage
from ..models import Deduction, Payroll, Refund, month_name
from ..services import deducting, preview
from ..services.booking import before
from ..services.reasons import shown
from ..sheets import deductions as sheets
from ..sheets.ways import about
from .deduction_steps import ACTS, STEPS
from .rights import month_of, sees_wage

RELATED = (
    "engineer", "receivable__ticket", "receivable__order", "receivable__customer__person", "confirmed_by", "decided_by",
)  # fmt: skip


def deductions_for(user: Any) -> Any:
    return Deduction.objects.visible_to(user).select_related(*RELATED)


def payload(paper: Deduction, user: Any) -> dict[str, Any]:
    """Facts of a deduction; amounts are strings of yuan."""
    debt = paper.receivable
    return {
        "engineer": paper.engineer.username, "month": month_name(paper.month), "kind": paper.kind,
        "receivable": debt.key if debt else None, "for": paper.paper or about(debt), "due_on": paper.due_on,
        "amount": str(paper.amount), "carried": paper.carried,
        "confirmed": None if paper.confirmed is None else str(paper.confirmed), "confirmed_at": paper.confirmed_at,
        "objection": paper.objection, "decision": paper.decision, "upheld": paper.upheld,
        "refunds": [
            {"id": x.pk, "amount": str(x.amount), "arose_at": x.arose_at, "paid_on": x.paid_on, "paid_how": x.paid_how}
            for x in paper.refunds.all() if x.dropped_at is None
        ],
    }  # fmt: skip


DESK = PaperDesk(
    app="finance", name="deduction", plural="deductions", steps=STEPS, view="deduction.view", step_action="deduction.step",
    rows=lambda user: deductions_for(user).prefetch_related("refunds"), sheet=sheets.deduction, payload=payload,
    home=("finance:deductions", gettext_lazy("Deductions")), acts=ACTS,
)  # fmt: skip


class Group(NamedTuple):
    """One person's month in the list; `now` only for who may see his wage."""

    person: User
    url: str
    rows: list[Any]  # deductions, each with what of it fits
    payroll: Payroll | None
    now: preview.Preview | None


@action("deduction.view")
@require_GET
def deduction_list(request: Any) -> HttpResponse:
    """All deductions of a payroll month by person, with cap and carry-over; without a month this one."""
    this = first_of(local_day(request.arrived_at))
    month = month_of(request.GET.get("month", "")) or this
    context = {
        "groups": groups(month, request.user), "month": month_name(month), "this": month == this,
        "earlier": month_name(before(month)), "later": month_name(following(month)),
        "refunds": unpaid_refunds(request.user), "other_open": other_months(month, request.user),
        "may_export": may(request.user, "payroll.export"), "may_propose": may(request.user, "deduction.propose"),
        "own_only": request.user.cell("deduction.view") == "O",
    }  # fmt: skip
    return render(request, "finance/deductions.html", context)


def groups(month: dt.date, user: Any) -> list[Group]:
    """In a fixed number of statements, however many people."""
    rows = list(
        deductions_for(user)
        .filter(month=month)
        .order_by("engineer__name", "engineer", "-carried", "due_on", "number")
    )
    people = {row.engineer_id: row.engineer for row in rows}
    drafts = [row for row in rows if row.stage == DeductionStage.DRAFT]
    now = preview.of_people(month, people, drafts)
    done = {row.person_id: row for row in Payroll.objects.filter(month=month, person__in=people)}
    return [_group(person, month, rows, done.get(pk), now[pk], user) for pk, person in people.items()]


def _group(
    person: User, month: dt.date, rows: list[Any], done: Payroll | None, now: preview.Preview, user: Any
) -> Group:
    url = reverse("finance:payroll", args=[month_name(month), person.username])
    seen = now if sees_wage(user, person) else None
    takes = {line.row.pk: line for line in now.lines} if seen and now.room is not None else {}
    theirs = [row for row in rows if row.engineer_id == person.pk]
    for row in theirs:
        row.taken = takes.get(row.pk)  # what of it fits, read by the list
        row.for_what = row.paper or about(row.receivable)
    return Group(person, url, theirs, done, seen)


def unpaid_refunds(user: Any) -> list[Any]:
    """What is still to be repaid, the oldest first."""
    rows = Refund.objects.filter(
        settled_at=None, dropped_at=None, deduction__in=Deduction.objects.visible_to(user)
    )
    found: list[Any] = list(
        rows.select_related("deduction__engineer", "receipt").order_by("arose_at", "pk")[:200]
    )
    due = sheets.due_of(found)
    for row in found:
        row.due = due.get(row.pk, "–")
        row.because = row.receipt.number if row.receipt else shown(row.why)
    return found


def other_months(month: dt.date, user: Any) -> list[str]:
    """Other payroll months in which something waits."""
    rows = Deduction.objects.visible_to(user).filter(stage__in=deducting.LIVE).exclude(month=month)
    return [month_name(day) for day in rows.order_by("month").values_list("month", flat=True).distinct()]


@action("deduction.propose")
@require_POST
@once
def propose(request: Any) -> HttpResponse:
    """The nightly search, now (C12)."""
    demand(request.user, "deduction.propose")
    made = deducting.draft_due(request.arrived_at)
    said = ngettext("{n} new draft.", "{n} new drafts.", made).format(n=made)
    messages.success(request, said if made else _("No debt is over its 40th day without a draft."))
    return redirect("finance:deductions")
