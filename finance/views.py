"""Finance's pages: what waits for a signature, money that arrived, what is owed, the books."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from aftersales import downloads
from aftersales.display import moments
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.problems import Refusal
from repairs.models import PartsOrder, Ticket
from sales.selectors import customers_for, named

from . import exports, selectors
from .forms import ReasonForm, ReceiptForm
from .models import Account, ClosedMonth, Kind, Receipt, Receivable, Transfer
from .services import ledger, months, receipts
from .services.reasons import shown
from .sheets.ways import Ways

FOUND = 20


# --- money that arrived
@action("receipt.view")
@require_GET
def receipt_list(request: Any) -> HttpResponse:
    """Receipts, newest first, with what of each is still free."""
    context = paged(request, _receipts())
    free = selectors.free_of(context["rows"])
    for row in context["rows"]:
        row.free = free[row.pk]
    rights = {
        "may_record": may(request.user, "payment.record"),
        "may_export": may(request.user, "list.export"),
    }
    return render(request, "finance/receipts.html", context | rights)


def _receipts() -> Any:
    return Receipt.objects.select_related("customer__person", "ticket", "order", "made_by")


@action("payment.record")
@require_http_methods(["GET", "POST"])
@once
def new_receipt(request: Any) -> HttpResponse:
    """First for whom (found by number, name or VIN), then how much, when and how (8.6)."""
    about = _chosen(request)
    if about is None:
        return _look_up(request)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = receipts.record(by=request.user, at=request.arrived_at, **about, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request,
                _("Receipt {number} is recorded; the engineer has been told.").format(number=row.number),
            )
            return redirect(row)
    status = 422 if form.is_bound else 200
    context = {"form": form, "due": selectors.due_from(**about), **about}
    return render(request, "finance/new_receipt.html", context, status=status)


def _chosen(request: Any) -> dict[str, Any] | None:
    """The customer, ticket or order that was tapped; a number that nobody offered is a 404."""
    number = request.GET.get("for", "").replace("\x00", "")[:20]
    return about_of(request.user, number) if number else None


def about_of(user: Any, number: str) -> dict[str, Any]:
    """{customer, ticket, order} of a number KH…, BX… or DD…."""
    if number.startswith("GK"):
        return {"customer": get_object_or_404(customers_for(user), number=number)}
    name = "order" if number.startswith("DD") else "ticket"
    rows: Any = PartsOrder.objects if name == "order" else Ticket.objects
    row = get_object_or_404(rows.visible_to(user).select_related("customer__person"), number=number)
    if row.customer is None:
        raise Http404
    return {name: row, "customer": row.customer}


def _look_up(request: Any) -> HttpResponse:
    word = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found: dict[str, Any] = {"word": word}
    if word:
        tickets = (
            Ticket.objects.visible_to(request.user).exclude(customer=None).select_related("customer__person")
        )
        orders = PartsOrder.objects.visible_to(request.user).select_related("customer__person")
        customers = customers_for(request.user)
        customers = customers.filter(number__istartswith=word) | named(customers, word, request.user)
        found |= {
            "tickets": tickets.found_by(word, request.user).order_by("-pk")[:FOUND],
            "orders": orders.filter(number__istartswith=word).order_by("-pk")[:FOUND],
            "customers": customers.order_by("-pk")[:FOUND],
        }  # fmt: skip
    return render(request, "finance/look_up.html", found)


def _receipt(number: str) -> Receipt:
    return get_object_or_404(_receipts(), number=number.replace("\x00", ""))


@action("receipt.view")
@require_GET
def receipt(request: Any, number: str) -> HttpResponse:
    """One receipt: what it covers, what it still holds, and its reversal by two persons."""
    row = _receipt(number)
    transfer = Transfer.objects.get(key=receipts.key_of(row))
    context = {
        "receipt": row, "free": selectors.free(row), "uses": selectors.uses_of(row), "form": ReasonForm(),
        "debts": selectors.debts_of(row), "given_back": selectors.paid_back(row),
        "proposal": transfer.reversals.filter(done_at=None, dropped_at=None).select_related("proposed_by").first(),
        "reversed_words": _reversed_words(transfer), "may_reverse": may(request.user, "ledger.reverse"),
    }  # fmt: skip
    return render(request, "finance/receipt.html", context)


@action("ledger.reverse")
@require_POST
@once
def reverse_receipt(request: Any, number: str) -> HttpResponse:
    """The next act of a reversal: proposed with a reason by one, carried out or dropped by another (C16, SD12)."""
    row = _receipt(number)
    transfer = Transfer.objects.get(key=receipts.key_of(row))
    proposal = transfer.reversals.filter(done_at=None, dropped_at=None).first()
    try:
        _next_act(request, row, transfer, proposal)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect(row)


def _next_act(request: Any, row: Receipt, transfer: Transfer, proposal: Any) -> None:
    hand = {"by": request.user, "at": request.arrived_at}
    if proposal is None:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Write down why it is taken back."))
        receipts.propose_reversal(row, reason=form.cleaned_data["reason"], **hand)
    elif "drop" in request.POST:
        ledger.drop_reversal(proposal, **hand)
    else:
        receipts.second(row, proposal, **hand)


# --- the books
@action("ledger.view")
@require_GET
def transfers(request: Any) -> HttpResponse:
    """Every row of the ledger, newest first; of one kind of account or one paper."""
    kind, paper = request.GET.get("kind", ""), request.GET.get("paper", "").replace("\x00", "").strip()[:20]
    rows = Transfer.objects.select_related("source", "target", "by", "reversed_by")
    if kind in Kind.values:
        rows = rows.filter(selectors.of_kind(kind))
    rows = rows.filter(paper=paper.upper()) if paper else rows
    context = {"kinds": Kind.choices, "kind": kind, "paper": paper, "proof": months.last_proof()}
    return render(request, "finance/ledger.html", context | _shown(request, paged(request, rows)))


@action("ledger.view")
@require_GET
def account(request: Any, pk: int) -> HttpResponse:
    """One account: its balance and its rows, each with the paper it comes from."""
    row = get_object_or_404(Account, pk=pk)
    rows = Transfer.objects.filter(selectors.of_account(row)).select_related(
        "source", "target", "by", "reversed_by"
    )
    selectors.name_persons([row])
    context = {"account": row, "balance": ledger.balance(row)}
    return render(request, "finance/account.html", context | _shown(request, paged(request, rows)))


def _shown(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Words and addresses of the rows' reasons and papers, and whether their month is closed."""
    ways = Ways(request.user, (row.paper for row in context["rows"]))
    closed = set(ClosedMonth.objects.filter(reopened_at=None).values_list("month", flat=True))
    selectors.name_persons([side for row in context["rows"] for side in (row.source, row.target)])
    for row in context["rows"]:
        row.words, row.url, row.closed = shown(row.why), ways.url(row.paper), row.day.replace(day=1) in closed
    return context


def _reversed_words(transfer: Transfer) -> str:
    """By which two, when and why a receipt was taken back (SD12)."""
    row = transfer.reversals.exclude(done_at=None).select_related("proposed_by", "seconded_by").first()
    if row is None:
        return ""
    return f"{row.reason} · {row.proposed_by}, {row.seconded_by} · {moments.when(row.done_at)}"


# --- what the lists show, as a workbook (A27)
def _workbook(request: Any, kind: str, wishes: dict[str, str], rows: Any, write: Any) -> HttpResponseBase:
    demand(request.user, "list.export")
    return downloads.answer(
        request, kind, wishes, rows, partial(write, by=request.user, at=request.arrived_at)
    )


@action("receipt.view")
@require_GET
def export_receipts(request: Any) -> HttpResponseBase:
    return _workbook(request, "receipts", {}, Receipt.objects.all(), exports.receipts)


@action("receivable.view")
@require_GET
def export_receivables(request: Any) -> HttpResponseBase:
    rows = Receivable.objects.visible_to(request.user)
    return _workbook(request, "receivables", {}, rows, exports.receivables)


@action("ledger.view")
@require_GET
def export_ledger(request: Any) -> HttpResponseBase:
    """The whole ledger, or what `kind`, `paper` or `account` narrows it to."""
    wishes = exports.ledger_wishes(request.GET)
    write = partial(exports.transfers, asked=sorted(wishes))
    return _workbook(request, "ledger", wishes, exports.ledger_rows(wishes), write)
