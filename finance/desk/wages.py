"""Wages (C30, C31): all engineers of a month in one table, the local minimum wage from a month on; himself only his own."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, may
from accounts.models import User
from aftersales.forms import Yuan
from aftersales.limits import first_of, following, local_day
from aftersales.money import plain_amount
from aftersales.operations import once
from aftersales.problems import Refusal

from ..models import Deduction, MinimumWage, Payroll, Wage, month_name
from ..services import payroll
from ..services.booking import before
from ..services.reconciling import engineers_of
from .rights import month_of, month_or_404


class MinimumForm(forms.Form):
    """From which month on, and how much."""

    since = forms.CharField(
        label=gettext_lazy("From the month"), max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"}),
    )  # fmt: skip
    amount = Yuan(label=gettext_lazy("Local minimum wage in yuan"))

    def clean_since(self) -> dt.date:
        found = month_of(self.cleaned_data["since"])
        if found is None:
            raise forms.ValidationError(_("A month is written 2026-01."))
        return found


@action("wage.view")
@require_GET
def page(request: Any) -> HttpResponse:
    """The table of a month; an engineer sees his own wages and nothing else."""
    if request.user.cell("wage.view") == "O":
        rows = Wage.objects.filter(person=request.user)[:60]
        return render(request, "finance/own_wages.html", {"rows": rows})
    this = first_of(local_day(request.arrived_at))
    return _table(request, month_of(request.GET.get("month", "")) or this)


def _table(
    request: Any, month: dt.date, typed: dict[int, tuple[str, str]] | None = None, form: Any = None
) -> HttpResponse:
    rows = table_of(month)
    for row in rows:
        row["text"], row["error"] = (typed or {}).get(row["person"].pk, (row["text"], ""))
    context = {
        "rows": rows, "month": month_name(month), "earlier": month_name(before(month)), "later": month_name(following(month)),
        "minimum": payroll.minimum_of(month), "minimums": MinimumWage.objects.select_related("entered_by")[:24],
        "may_enter": may(request.user, "wage.enter"), "form": form or MinimumForm(initial={"since": month_name(month)}),
        "missing": sum(1 for row in rows if row["wage"] is None),
    }  # fmt: skip
    return render(request, "finance/wages.html", context, status=422 if typed or form else 200)


def table_of(month: dt.date) -> list[dict[str, Any]]:
    """Everybody from whose wage something may be deducted in the month, with what is entered and whether it is settled."""
    drafted = User.objects.filter(
        Q(deductions__month=month) | Q(payrolls__month=month) | Q(wages__month=month)
    )
    people = {person.pk: person for person in [*engineers_of(month), *drafted.distinct()]}
    wages = {row.person_id: row for row in Wage.objects.filter(month=month).select_related("entered_by")}
    done = set(Payroll.objects.filter(month=month).values_list("person", flat=True))
    due = set(Deduction.objects.filter(month=month, stage="draft").values_list("engineer", flat=True))
    found = []
    for person in sorted(people.values(), key=lambda row: (row.name, row.pk)):
        wage = wages.get(person.pk)
        found.append(
            {"person": person, "wage": wage, "text": "" if wage is None else str(wage.amount), "done": person.pk in done,
             "due": person.pk in due}
        )  # fmt: skip
    return found


@action("wage.enter")
@require_POST
@once
def enter(request: Any, month: str) -> HttpResponse:
    """Every wage that was typed or changed; what cannot be read stands at its field, and then nothing is saved."""
    day = month_or_404(month)
    typed, changed = _typed(request, day)
    if any(error for _text, error in typed.values()):
        return _table(request, day, typed)
    try:
        with transaction.atomic():
            for person, amount in changed:
                payroll.enter_wage(person, month=day, amount=amount, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        n = len(changed)
        messages.success(request, ngettext("{n} wage saved.", "{n} wages saved.", n).format(n=n))
    return redirect(f"{reverse('finance:wages')}?month={month}")


def _typed(request: Any, month: dt.date) -> tuple[dict[int, tuple[str, str]], list[tuple[User, Decimal]]]:
    """(what stands in each field with its fault, the wages that differ from what is entered)."""
    typed: dict[int, tuple[str, str]] = {}
    changed: list[tuple[User, Decimal]] = []
    for row in table_of(month):
        person = row["person"]
        text = request.POST.get(f"wage_{person.pk}", row["text"]).strip()[:20]
        amount = amount_of(text)
        wrong = bool(text) and amount is None
        typed[person.pk] = (text, _("An amount in yuan, with two decimals at most.") if wrong else "")
        if amount is not None and not row["done"] and (row["wage"] is None or row["wage"].amount != amount):
            changed.append((person, amount))
    return typed, changed


def amount_of(text: str) -> Decimal | None:
    """Yuan as typed (8000, 8,000.50); None for anything else."""
    plain = plain_amount(text)
    if not plain.isascii() or not plain.replace(".", "", 1).isdecimal():
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found == round(found, 2) and found < 10**8 else None


@action("wage.enter")
@require_POST
@once
def enter_minimum(request: Any) -> HttpResponse:
    """The local minimum wage from a month on."""
    form = MinimumForm(request.POST)
    if form.is_valid():
        try:
            payroll.enter_minimum(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('finance:wages')}?month={month_name(form.cleaned_data['since'])}")
    return _table(request, first_of(local_day(request.arrived_at)), form=form)
