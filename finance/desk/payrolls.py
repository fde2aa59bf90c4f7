"""One person and payroll month: wage, cap, order and what will be taken before it is taken (C13); the list for payroll (C36)."""

import datetime as dt
import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, demand, may
from accounts.models import User
from accounts.services import audit
from accounts.services.again import prove
from aftersales.limits import first_of, local_day
from aftersales.money import plain
from aftersales.operations import once
from aftersales.problems import Refusal, Stale
from aftersales.xlsx import workbook
from deadlines.papers import secret_field
from policy import figures

from ..models import Deduction, Payroll, month_name
from ..services import deducting, payroll, preview
from ..sheets import payroll_list
from ..sheets.ways import about
from .rights import month_or_404, sees_wage


class ConfirmForm(forms.Form):
    """The digest of what was shown, and once more who it is."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"] = secret_field()


def person_of(user: Any, username: str) -> User:
    """Whose deductions this person may see; else 404."""
    person = get_object_or_404(User, username=username.replace("\x00", ""))
    if user.cell("deduction.view") != "Y" and person.pk != user.pk:
        raise Http404
    return person


@action("deduction.view")
@require_GET
def page(request: Any, month: str, username: str) -> HttpResponse:
    """What is drafted, what fits under the cap in which order, what is carried; or what was confirmed."""
    person, day = person_of(request.user, username), month_or_404(month)
    return _page(request, person, day)


def _page(
    request: Any, person: User, month: dt.date, form: Any = None, refusal: Refusal | None = None
) -> HttpResponse:
    now = preview.of_person(person.pk, month, payroll.waiting(person, month))
    done = Payroll.objects.filter(person=person, month=month).select_related("confirmed_by").first()
    rows = theirs(person, month)
    confirms = may(request.user, "deduction.confirm")
    why = stuck(request, now, done, month) if confirms else ""
    if form is None or isinstance(refusal, Stale):
        form = ConfirmForm(initial={"shown": now.digest()})
    context = {
        "person": person, "month": month_name(month), "now": now, "done": done, "sees_wage": sees_wage(request.user, person),
        "others": [row for row in rows if row.stage != "draft"], "lines": _lines(now), "why_not": why, "refusal": refusal,
        "share": share_of(month), "may_confirm": confirms, "form": form, "shown": now.digest(),
    }  # fmt: skip
    return render(request, "finance/payroll.html", context, status=refusal.status if refusal else 200)


def share_of(month: dt.date) -> str:
    """The share of the wage that may be taken: 20 %."""
    return f"{plain(figures.value('deduction_share', month) * 100)} %"


def theirs(person: User, month: dt.date) -> list[Deduction]:
    """Everything of the month, whatever became of it."""
    rows = Deduction.objects.filter(engineer=person, month=month)
    found = list(
        rows.select_related("receivable__ticket", "receivable__order").order_by(
            "-carried", "due_on", "number"
        )
    )
    for row in found:
        row.for_what = row.paper or about(row.receivable)  # type: ignore[attr-defined]  # read by the page
    return found


def _lines(now: preview.Preview) -> list[dict[str, Any]]:
    known = now.room is not None
    return [
        {
            "row": line.row, "for": line.row.paper or about(line.row.receivable), "open": line.open,
            "part": line.part if known else None, "rest": line.rest if known else None,
        }
        for line in now.lines
    ]  # fmt: skip


def stuck(request: Any, now: preview.Preview, done: Payroll | None, month: dt.date) -> str:
    """Why it cannot be confirmed now, in words; "" if it can."""
    if done is not None or not now.lines:
        return ""
    if first_of(local_day(request.arrived_at)) != month:
        return _("Deductions are confirmed in their payroll month.")
    if now.room is None:
        return _("Wage and local minimum wage of this month are not entered yet.")
    return _barred(request.user, now)


def _barred(user: Any, now: preview.Preview) -> str:
    """SD07 in words."""
    try:
        deducting.apart_from([line.row for line in now.lines], user)
    except Refusal as refusal:
        return str(refusal)
    return ""


@action("deduction.confirm")
@require_POST
@once
def confirm(request: Any, month: str, username: str) -> HttpResponse:
    """All drafts of the month at once (C13); what was shown is what is confirmed."""
    person, day = person_of(request.user, username), month_or_404(month)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _invalid(request, person, day, form)
    try:
        prove(request.user, form.cleaned_data["secret"], request.arrived_at, "8.8")
        done = payroll.confirm(
            person, month=day, by=request.user, at=request.arrived_at, shown=form.cleaned_data["shown"]
        )
    except Refusal as refusal:
        if refusal.field == "secret":
            form.add_error("secret", str(refusal))
            return _invalid(request, person, day, form)
        return _page(request, person, day, form, refusal)
    messages.success(
        request, _("Confirmed: ¥{total} for {month}.").format(total=f"{done.total:,.2f}", month=month)
    )
    return redirect(reverse("finance:payroll", args=[month, username]))


def _invalid(request: Any, person: User, month: dt.date, form: Any) -> HttpResponse:
    answer = _page(request, person, month, form)
    answer.status_code = 422
    return answer


@action("payroll.export")
@require_GET
def export(request: Any, month: str) -> HttpResponseBase:
    """The list for payroll as Excel (C36); that somebody took it is written down."""
    demand(request.user, "payroll.export")
    day = month_or_404(month)
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    count = payroll_list.write(out, day)
    audit("payroll.export", by=request.user, at=request.arrived_at, subject=month_name(day), rows=count)
    out.seek(0)
    return workbook(out, f"{_('payroll')}-{month_name(day)}.xlsx")
