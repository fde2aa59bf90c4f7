"""What a receipt still holds: it pays another debt by hand (C38), or goes back to the customer by two persons (C29)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, may
from aftersales.operations import once
from aftersales.problems import Refusal
from sales.models import Customer

from .. import credits as reading
from ..debt_forms import AllocateForm, PayBackForm, SecretForm
from ..models import Receipt
from ..services import crediting, paying
from .acting import bound, fill, proven, told


@action("receipt.allocate")
@require_http_methods(["GET", "POST"])
@once
def allocate(request: Any, number: str) -> HttpResponse:
    """So much of the receipt pays that debt of the same customer."""
    rows = Receipt.objects.select_related("customer__person")
    row = get_object_or_404(rows, number=number.replace("\x00", ""))
    page: dict[str, Any] = {
        "title": _("What it pays"),
        "receipt": row,
        "left": reading.free(row),
        "button": _("Pay the debt"),
    }
    act = lambda **entries: paying.allocate(row, **entries)  # noqa: E731  # the act of this one page
    return fill(request, bound(request, AllocateForm, receipt=row), act, to=row, **page)


@action("receipt.view")
@require_GET
def credit_list(request: Any) -> HttpResponse:
    """Customers whose money covers nothing, the most recently opened first."""
    return render(request, "finance/credits.html", {"rows": reading.customers_with_credit()})


def _customer(number: str) -> Customer:
    return get_object_or_404(
        Customer.objects.select_related("person"), number=number.replace("\x00", "")[:20]
    )


@action("receipt.view")
@require_GET
def credit(request: Any, number: str) -> HttpResponse:
    """One customer's money: every receipt with what it still holds, what went back to him."""
    row = _customer(number)
    receipts = reading.receipts_of(row)
    context = {
        "customer": row, "receipts": receipts, "spendable": crediting.spendable(row, receipts),
        "refunds": row.refunds.select_related("proposed_by", "seconded_by").order_by("-pk"),
        "may_allocate": may(request.user, "receipt.allocate"), "may_pay_back": may(request.user, crediting.RIGHT),
    }  # fmt: skip
    proposal = row.refunds.filter(done_at=None, dropped_at=None).select_related("proposed_by").first()
    form = SecretForm() if proposal else PayBackForm(initial={"amount": context["spendable"]})
    return render(request, "finance/credit.html", context | {"proposal": proposal, "form": form})


@action("customer.refund")
@require_POST
@once
def pay_back(request: Any, number: str) -> HttpResponse:
    """The next act: proposed by one, paid or dropped by another (C29, SD12)."""
    row = _customer(number)
    told(request, lambda: _next_act(request, row))
    return redirect("finance:credit", row.number)


def _next_act(request: Any, row: Customer) -> None:
    proposal: Any = row.refunds.filter(done_at=None, dropped_at=None).first()
    hand = {"by": request.user, "at": request.arrived_at}
    if proposal is None:
        form = PayBackForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Write down how much goes back, how, and why."))
        crediting.propose(row, **form.cleaned_data, **hand)
    elif "drop" in request.POST:
        crediting.drop(proposal, **hand)
    else:
        crediting.second(proposal, **proven(request))
