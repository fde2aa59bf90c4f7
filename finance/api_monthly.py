"""`/api/v1/payrolls`, `/wages`, `/months`, `/assessments/new`: what finance's months' pages show and do; yuan as strings."""

from decimal import Decimal
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from accounts.models import User
from accounts.services.again import prove
from aftersales.forms import Yuan
from aftersales.jsonforms import bound, record, ref
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import BadEntry
from aftersales.rest import KEY, asked, refusals

from .desk import cases
from .desk.assessments import NewForm
from .desk.months import CloseForm, ReopenForm, table_of
from .desk.payrolls import person_of
from .desk.rights import month_of, month_or_404, sees_wage
from .models import ClosedMonth, MonthReopening, Payroll, Wage, month_name
from .services import assessing, payroll, preview
from .services import months as closing
from .sheets.ways import about

MONTH = OpenApiParameter("month", str, OpenApiParameter.PATH, description="2026-11")
USERNAME = OpenApiParameter("username", str, OpenApiParameter.PATH)
BODY = {"application/json": {"type": "object", "additionalProperties": True}}
SCHEMAS = {
    "PayrollLine": record(
        number="text", kind="text", **{"for": "text"}, due_on="day", carried="bool", open="text", taken="text?", rest="text?"
    ),
    "Payroll": record(
        engineer="text", month="text", wage="text?", minimum="text?", cap="text?", lines="[PayrollLine]", total="text?",
        shown="text?", confirmed_at="moment?", confirmed_by="text?",
    ),
    "Wage": record(person="text", month="text", amount="text"),
    "Wages": record(month="text?", minimum="text?", results="[Wage]"),
    "Month": record(month="text", closed_at="moment?", closed_by="text?", reconciliations="int", unsigned="object"),
    "Months": record(results="[Month]"),
    "MonthTurned": record(month="text", closed="bool", waits_for_second="bool"),
} | cases.SCHEMAS  # fmt: skip


def text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


# --- one person's payroll month
def payroll_row(person: User, month: Any, user: Any) -> dict[str, Any]:
    """Wage, cap and what fits under it only for who may see this wage (C31); the digest too, from which it could be guessed."""
    now = preview.of_person(person.pk, month, payroll.waiting(person, month))
    done = Payroll.objects.filter(person=person, month=month).select_related("confirmed_by").first()
    sees = sees_wage(user, person)
    known = sees and now.room is not None
    lines = [
        {"number": x.row.number, "kind": x.row.kind, "for": x.row.paper or about(x.row.receivable), "due_on": x.row.due_on,
         "carried": x.row.carried, "open": str(x.open), "taken": str(x.part) if known else None,
         "rest": str(x.rest) if known else None}
        for x in now.lines
    ]  # fmt: skip
    return {
        "engineer": person.username, "month": month_name(month), "wage": text(now.wage) if sees else None,
        "minimum": text(now.minimum) if sees else None, "cap": text(now.room) if sees else None, "lines": lines,
        "total": str(done.total) if done else None, "shown": now.digest() if sees else None,
        "confirmed_at": done.confirmed_at if done else None, "confirmed_by": done.confirmed_by.username if done else None,
    }  # fmt: skip


@extend_schema(operation_id="payroll", parameters=[MONTH, USERNAME],
               responses={200: ref("Payroll")} | refusals(401, 403, 404))  # fmt: skip
@action("deduction.view")
@api_view(["GET"])
def one_payroll(request: Any, month: str, username: str) -> Response:
    """One person's payroll month: the drafts in their order; `shown` is what a confirmation sends back."""
    person, day = person_of(request.user, username), month_or_404(month)
    return Response(payroll_row(person, day, request.user))


@extend_schema(operation_id="confirm_payroll", parameters=[MONTH, USERNAME, KEY], request=BODY,
               responses={200: ref("Payroll")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("deduction.confirm")
@api_view(["POST"])
@once
def confirm_payroll(request: Any, month: str, username: str) -> Response:
    """Confirm all drafts of the month at once (C13): `shown` as read, `secret` password or code."""
    person, day = person_of(request.user, username), month_or_404(month)
    form = bound(ConfirmEntries, request.data)
    if not form.is_valid():
        return of_form(form)
    prove(request.user, form.cleaned_data["secret"], request.arrived_at, "8.8")
    payroll.confirm(
        person, month=day, by=request.user, at=request.arrived_at, shown=form.cleaned_data["shown"]
    )
    return Response(payroll_row(person, day, request.user))


class ConfirmEntries(forms.Form):
    shown = forms.CharField(max_length=64)
    secret = forms.CharField(max_length=200, strip=False)


# --- wages
class WageEntries(forms.Form):
    """One wage of a month, or (without a person) the local minimum wage from that month on."""

    month = forms.CharField(max_length=7)
    person = forms.ModelChoiceField(queryset=User.objects.all(), to_field_name="username", required=False)
    amount = Yuan()

    def clean_month(self) -> Any:
        found = month_of(self.cleaned_data["month"])
        if found is None:
            raise forms.ValidationError(_("A month is written 2026-01."))
        return found


@extend_schema(operation_id="wages", methods=["GET"], parameters=[OpenApiParameter("month", str, description="2026-11")],
               responses={200: ref("Wages")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="enter_wage", methods=["POST"], parameters=[KEY], request=BODY,
               responses={201: ref("Wage")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("wage.view", "wage.enter")
@api_view(["GET", "POST"])
@once
def wages(request: Any) -> Response:
    """Wages of a month (this one by itself): all, or his own (C31); POST enters one (C30), without `person` the minimum."""
    demand(request.user, "wage.view" if request.method == "GET" else "wage.enter")
    if request.method == "POST":
        return _enter(request)
    word = asked(request, "month", 7)
    month = month_of(word) if word else local_day(request.arrived_at).replace(day=1)
    if month is None:
        raise BadEntry(_("A month is written 2026-01."), "", "month")
    rows = Wage.objects.filter(month=month).select_related("person")
    if request.user.cell("wage.view") == "O":
        rows = rows.filter(person=request.user)
    found = [wage_row(row) for row in rows]
    return Response(
        {"month": month_name(month), "minimum": text(payroll.minimum_of(month)), "results": found}
    )


def wage_row(row: Wage) -> dict[str, Any]:
    return {"person": row.person.username, "month": month_name(row.month), "amount": str(row.amount)}


def _enter(request: Any) -> Response:
    form = bound(WageEntries, request.data)
    if not form.is_valid():
        return of_form(form)
    person, month, amount = (form.cleaned_data[name] for name in ("person", "month", "amount"))
    hand = {"amount": amount, "by": request.user, "at": request.arrived_at}
    if person is None:
        row = payroll.enter_minimum(since=month, **hand)
        return Response({"person": "", "month": month_name(month), "amount": str(row.amount)}, status=201)
    return Response(wage_row(payroll.enter_wage(person, month=month, **hand)), status=201)


# --- months
@extend_schema(operation_id="months", responses={200: ref("Months")} | refusals(401, 403))
@action("ledger.view")
@api_view(["GET"])
def months(request: Any) -> Response:
    """The last months: closed or open, and whose reconciliation is not signed by both."""
    rows = [
        {"month": row["month"], "closed_at": row["closed"].closed_at if row["closed"] else None,
         "closed_by": row["closed"].closed_by.username if row["closed"] else None, "reconciliations": row["count"],
         "unsigned": {x.number: x.engineer.username for x in row["unsigned"]}}
        for row in table_of(local_day(request.arrived_at))
    ]  # fmt: skip
    return Response({"results": rows})


@extend_schema(operation_id="close_month", parameters=[MONTH, KEY], request=BODY,
               responses={200: ref("MonthTurned")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("month.close")
@api_view(["POST"])
@once
def close_month(request: Any, month: str) -> Response:
    """Close the books of a month (C20); `reason` while somebody has not signed it."""
    form = bound(CloseForm, request.data)
    if not form.is_valid():
        return of_form(form)
    row = closing.close(month_or_404(month), by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"month": str(row), "closed": True, "waits_for_second": False})


@extend_schema(operation_id="reopen_month", parameters=[MONTH, KEY], request=BODY,
               responses={200: ref("MonthTurned")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("month.reopen")
@api_view(["POST"])
@once
def reopen_month(request: Any, month: str) -> Response:
    """Open a closed month again by two leaders (C21, SD12): the first sends `reason`, the second nothing."""
    row = get_object_or_404(ClosedMonth, month=month_or_404(month), reopened_at=None)
    waiting = MonthReopening.objects.filter(closed=row, done_at=None, dropped_at=None).first()
    hand = {"by": request.user, "at": request.arrived_at}
    if waiting is not None:
        closing.second_reopening(waiting, **hand)
        return Response({"month": str(row), "closed": False, "waits_for_second": False})
    form = bound(ReopenForm, request.data)
    if not form.is_valid():
        return of_form(form)
    closing.propose_reopening(row, reason=form.cleaned_data["reason"], **hand)
    return Response({"month": str(row), "closed": True, "waits_for_second": True})


# --- assessments
@extend_schema(operation_id="draft_assessment", parameters=[KEY], request=BODY,
               responses={201: ref("PaperMade")} | refusals(400, 401, 403, 422))  # fmt: skip
@action("assessment.draft")
@api_view(["POST"])
@once
def draft_assessment(request: Any) -> Response:
    """A new assessment (8.9); the body is the page's form, `person` a login."""
    form = bound(NewForm, request.data)
    if not form.is_valid():
        return of_form(form)
    paper = assessing.draft(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)
