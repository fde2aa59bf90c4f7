"""One debt: where it came from, every row of its account, payments, what the engineer bears, clock, chases, invoice,
giving it up (8.8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from deadlines.papers import shown_clocks

from .. import debts, filters
from ..debt_forms import ChaseForm, InvoiceForm, SecretForm, WriteOffForm
from ..models import Receivable
from ..services import chasing, giving_up, invoicing
from .acting import bound, fill, proven, told
from .listing import RELATED


def opened(user: Any, pk: int) -> Receivable:
    """The debt, if this person may see it; else 404."""
    return get_object_or_404(Receivable.objects.visible_to(user).select_related(*RELATED), pk=pk)


@action("receivable.view")
@require_GET
def receivable(request: Any, pk: int) -> HttpResponse:
    row = opened(request.user, pk)
    today = local_day(request.arrived_at)
    context = {
        "debt": row, **debts.amounts(row), "rows": debts.rows_of(row, request.user),
        "payments": debts.payments(row, request.user),
        "deductions": debts.deductions(row, request.user), "chases": row.chases.select_related("by"),
        "invoice": debts.invoice_of(row), "wanted": invoicing.wanted(row), "transit": debts.in_transit(row),
        "age": filters.age_of(row.due_on, today), "last_day": debts.last_day(row),
        "write_offs": row.write_offs.select_related("proposed_by", "seconded_by").order_by("-pk"),
        "may_chase": may(request.user, "receivable.chase_log", row), "may_invoice": may(request.user, "invoice.write"),
        "may_see_receipt": may(request.user, "receipt.view"), **_giving_up(request, row),
        **shown_clocks(row, request.arrived_at),
    }  # fmt: skip
    return render(request, "finance/receivable.html", context)


def _giving_up(request: Any, row: Receivable) -> dict[str, Any]:
    """The write-off's next act for this person."""
    if not may(request.user, giving_up.RIGHT) or row.engineer_id == request.user.pk:
        return {}
    proposal = row.write_offs.filter(done_at=None, dropped_at=None).select_related("proposed_by").first()
    left = giving_up.owing.left(row)
    form = SecretForm() if proposal else WriteOffForm(initial={"amount": left})
    return {"may_give_up": left > 0 or proposal is not None, "proposal": proposal, "give_up_form": form}


@action("receivable.chase_log")
@require_http_methods(["GET", "POST"])
@once
def chase(request: Any, pk: int) -> HttpResponse:
    """Written down by the liable engineer, on his phone (B17)."""
    row = opened(request.user, pk)
    demand(request.user, "receivable.chase_log", row)
    page: dict[str, Any] = {"title": _("I asked for the money"), "debt": row, "button": _("Write it down")}
    return fill(request, bound(request, ChaseForm), lambda **e: chasing.chase(row, **e), to=row, **page)


@action("invoice.write")
@require_http_methods(["GET", "POST"])
@once
def invoice(request: Any, pk: int) -> HttpResponse:
    """Title and tax number as the quotation has them, number and day by finance (J84)."""
    row = opened(request.user, pk)
    form = bound(request, InvoiceForm, initial=debts.invoice_facts(row))
    page: dict[str, Any] = {"title": _("Invoice"), "debt": row}
    return fill(request, form, lambda **e: invoicing.write_invoice(row, **e), to=row, **page)


@action("receivable.write_off")
@require_POST
@once
def write_off(request: Any, pk: int) -> HttpResponse:
    """The next act: proposed with a reason by one, carried out or dropped by another (C28, SD12)."""
    row = opened(request.user, pk)
    told(request, lambda: _next_act(request, row))
    return redirect(row)


def _next_act(request: Any, row: Receivable) -> None:
    proposal, hand = row.write_offs.filter(done_at=None, dropped_at=None).first(), {
        "by": request.user, "at": request.arrived_at,
    }  # fmt: skip
    if proposal is None:
        form = WriteOffForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Write down how much is given up, and why."))
        giving_up.propose(row, **form.cleaned_data, **hand)
    elif "drop" in request.POST:
        giving_up.drop(proposal, **hand)
    else:
        giving_up.second(proposal, **proven(request, "8.8"))
