"""The bank's list (C38, C03): taken in as a dry run, looked through, posted."""

import io
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook

from ..debt_forms import BankRowForm, FileForm
from ..imports import bank as reading
from ..models import BankImport, BankRow
from ..services import bank
from ..services.matching import How, Problem
from .acting import told

RIGHT = "receipt.allocate"
NOTHING = Decimal("0.00")
SHOWN = 1000  # rows and faults that a page shows


@action(RIGHT)
@require_http_methods(["GET", "POST"])
@once
def bank_lists(request: Any) -> HttpResponse:
    """Lists that were taken in, newest first; a file that is sent is looked through, nothing of it is posted."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    sheet = None
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            sheet = reading.read(file)
            if not sheet.faults:
                return redirect("finance:bank_list", _kept(request, file, sheet).pk)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    rows = BankImport.objects.select_related("made_by", "posted_by").annotate(
        count=Count("rows"), posted=Count("rows", filter=Q(rows__receipt__isnull=False))
    )
    faults = sheet.faults if sheet else []
    context = paged(request, rows) | {
        "form": form,
        "faults": faults[:SHOWN],
        "more": max(len(faults) - SHOWN, 0),
    }
    return render(request, "finance/bank_lists.html", context, status=422 if form.is_bound else 200)


def _kept(request: Any, file: Any, sheet: Any) -> BankImport:
    digest = reading.digest(file)
    return bank.take(file.name, digest, sheet.rows, sheet.numbers, by=request.user, at=request.arrived_at)


@action(RIGHT)
@require_GET
def template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    out = io.BytesIO()
    reading.template(out)
    out.seek(0)
    return workbook(out, "bank.xlsx")


@action(RIGHT)
@require_GET
def bank_list(request: Any, pk: int) -> HttpResponse:
    """Every row: whose money it is and how that is known, or why nobody's."""
    batch = get_object_or_404(BankImport.objects.select_related("made_by", "posted_by"), pk=pk)
    rows: list[Any] = list(batch.rows.select_related("customer", "ticket", "order", "receipt")[:SHOWN])
    for row in rows:
        row.found, row.why = _word(How, row.how), _word(Problem, row.problem)
        row.is_open = row.receipt_id is None
        row.form = BankRowForm(auto_id=False, initial={"act": "again" if row.left_out else "choose"})
    waiting = bank.to_post(batch)
    context = {
        "batch": batch, "rows": rows, "waiting": waiting, "total": sum((row.amount or NOTHING for row in waiting), NOTHING),
        "unknown": sum(row.is_open and not row.left_out and bool(row.problem) for row in rows),
    }  # fmt: skip
    return render(request, "finance/bank_list.html", context)


def _word(kind: Any, value: str) -> str:
    return str(kind(value).label) if value in kind.values else value


@action(RIGHT)
@require_POST
@once
def bank_row(request: Any, pk: int, position: int) -> HttpResponse:
    """Somebody says whose money it is, or leaves it out."""
    row = get_object_or_404(BankRow.objects.select_related("batch"), batch=pk, position=position)
    form = BankRowForm(request.POST)
    if form.is_valid():
        told(request, lambda: by_hand(row, form.cleaned_data, by=request.user, at=request.arrived_at))
    else:
        messages.error(request, _("Say what to do with the row."))
    return redirect("finance:bank_list", pk)


def by_hand(row: BankRow, said: dict[str, Any], **hand: Any) -> BankRow:
    """The act of the row's form."""
    if said["act"] == "leave":
        return bank.leave_out(row, **hand)
    if said["act"] == "again" and not said["number"]:
        return bank.take_up(row, **hand)
    return bank.choose(row, number=said["number"], **hand)


@action(RIGHT)
@require_POST
@once
def post(request: Any, pk: int) -> HttpResponse:
    """All matched rows become receipts, or none."""
    batch = get_object_or_404(BankImport, pk=pk)
    told(request, lambda: bank.post(batch, by=request.user, at=request.arrived_at), _posted)
    return redirect("finance:bank_list", pk)


def _posted(made: list[Any]) -> str:
    total = sum((row.amount for row in made), NOTHING)
    said = ngettext(
        "{count} receipt posted: {total} yuan.", "{count} receipts posted: {total} yuan.", len(made)
    )
    return said.format(count=len(made), total=f"{total:,.2f}")
