"""`/receivables` and `/write-offs`: what is owed, asking for it, its invoice, giving it up, the opening (8.8)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import bound, record, ref
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals
from catalogue.cells import flag

from .. import debts as reading
from .. import filters
from ..debt_forms import ChaseForm, FileForm, InvoiceForm, WriteOffForm
from ..imports import opening
from ..models import Receivable, WriteOff
from ..services import chasing, giving_up, invoicing
from ..services.opening import RIGHT as IMPORT
from ..services.opening import take_over
from .shapes import FILE, PK, PROPOSAL, SECRET, answers, body_of, number_of, page_schema, proposal_row, proven

FACTS = {
    "id": "int", "key": "text", "kind": "text", "ticket": "text?", "order": "text?", "release": "text?", "customer": "text?",
    "engineer": "text", "amount": "text", "open": "text", "borne": "text", "arose_on": "day", "due_on": "day", "age": "text",
    "note": "text",
}  # fmt: skip
CHASE = {
    "id": "int",
    "how": "text",
    "asked_at": "moment",
    "said": "text",
    "promised_on": "day?",
    "by": "text",
}
SCHEMAS = {
    "Receivable": record(**FACTS),
    "ReceivablePage": page_schema("Receivable"),
    "DebtRow": record(day="day", paper="text", why="text", amount="text", balance="text"),
    "DebtPayment": record(receipt="text", arrived_at="moment", amount="text"),
    "Chase": record(**CHASE),
    "Invoice": record(title="text", tax_number="text", number="text", issued_on="day?"),
    "WriteOff": record(**PROPOSAL, receivable="int"),
    "WriteOffPage": page_schema("WriteOff"),
    "Debt": record(
        **FACTS, owed="text", paid="text", given_up="text", in_transit="text", last_day="day", rows="[DebtRow]",
        payments="[DebtPayment]", chases="[Chase]", invoice="Invoice?", write_offs="[WriteOff]",
    ),
    "OpeningFault": record(cell="text", what="text"),
    "OpeningRun": record(debts="int", faults="[OpeningFault]", taken="int"),
}  # fmt: skip
RELATED = ("ticket", "order", "release", "customer", "engineer")


def receivable_row(row: Any, today: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "key": row.key, "kind": row.kind, "ticket": number_of(row.ticket), "order": number_of(row.order),
        "release": number_of(row.release), "customer": number_of(row.customer), "engineer": row.engineer.username,
        "amount": str(row.amount), "open": f"{row.left:.2f}", "borne": f"{row.bears:.2f}", "arose_on": row.arose_on,
        "due_on": row.due_on, "age": filters.age_of(row.due_on, today).value, "note": row.note,
    }  # fmt: skip


@extend_schema(operation_id="receivables", parameters=[*(OpenApiParameter(name, str) for name in filters.NAMES), *MANY],
               responses={200: ref("ReceivablePage")} | refusals(400, 401, 403))  # fmt: skip
@action("receivable.view")
@api_view(["GET"])
def receivables(request: Any) -> Response:
    """What is owed: all, or what he is liable for (C10); `age` is young, middle or old, `state` open, borne or paid."""
    today = local_day(request.arrived_at)
    rows = filters.debts(request.user, filters.asked(request.query_params), today)
    return page_of(request, rows.select_related(*RELATED), lambda row: receivable_row(row, today))


def _opened(request: Any, pk: int) -> Any:
    rows = filters.with_amounts(Receivable.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related(*RELATED), pk=pk)


@extend_schema(
    operation_id="receivable", parameters=[PK], responses={200: ref("Debt")} | refusals(401, 403, 404)
)
@action("receivable.view")
@api_view(["GET"])
def receivable(request: Any, pk: int) -> Response:
    """One debt whole: the rows of its account, payments, chases, invoice, write-offs."""
    row = _opened(request, pk)
    amounts, invoice = reading.amounts(row), reading.invoice_of(row)
    write_offs = row.write_offs.select_related("proposed_by", "seconded_by").order_by("-pk")
    return Response(
        receivable_row(row, local_day(request.arrived_at)) | {
            **{name: str(amounts[name]) for name in ("owed", "paid", "given_up")},
            "in_transit": str(reading.in_transit(row)), "last_day": reading.last_day(row),
            "rows": [_move(move) for move in reading.rows_of(row, request.user)],
            "payments": [_payment(paid) for paid in reading.payments(row, request.user)],
            "chases": [chase_row(each) for each in row.chases.select_related("by")],
            "invoice": invoice_row(invoice) if invoice else None, "write_offs": [write_off_row(each) for each in write_offs],
        }
    )  # fmt: skip


def _move(move: Any) -> dict[str, Any]:
    return {
        "day": move.day,
        "paper": move.paper,
        "why": move.why,
        "amount": str(move.signed),
        "balance": str(move.balance),
    }


def _payment(paid: dict[str, Any]) -> dict[str, Any]:
    receipt = paid["receipt"]
    return {"receipt": receipt.number, "arrived_at": receipt.arrived_at, "amount": str(paid["amount"])}


def chase_row(row: Any) -> dict[str, Any]:
    names = ("how", "asked_at", "said", "promised_on")
    return {name: getattr(row, name) for name in names} | {"id": row.pk, "by": row.by.username}


def invoice_row(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("title", "tax_number", "number", "issued_on")}


def write_off_row(row: Any) -> dict[str, Any]:
    return proposal_row(row) | {"receivable": row.receivable_id}


@extend_schema(operation_id="chase", parameters=[PK, KEY], request=body_of(ChaseForm()),
               responses=answers("Chase", 201, 409, 422))  # fmt: skip
@action("receivable.chase_log")
@api_view(["POST"])
@once
def chase(request: Any, pk: int) -> Response:
    """The liable engineer writes down that he asked for the money (B17)."""
    row, form = _opened(request, pk), bound(ChaseForm, request.data)
    if not form.is_valid():
        return of_form(form)
    return Response(
        chase_row(chasing.chase(row, by=request.user, at=request.arrived_at, **form.cleaned_data)), 201
    )


@extend_schema(operation_id="write_invoice", parameters=[PK, KEY], request=body_of(InvoiceForm()),
               responses=answers("Invoice", 200, 422))  # fmt: skip
@action("invoice.write")
@api_view(["POST"])
@once
def invoice(request: Any, pk: int) -> Response:
    """Title, tax number, number and day; what is missing stays as it was written or as the quotation asks for it (J84)."""
    row = _opened(request, pk)
    form = bound(InvoiceForm, request.data, initial=reading.invoice_facts(row))
    if not form.is_valid():
        return of_form(form)
    return Response(
        invoice_row(invoicing.write_invoice(row, by=request.user, at=request.arrived_at, **form.cleaned_data))
    )


# --- giving it up
@extend_schema(operation_id="propose_write_off", parameters=[PK, KEY], request=body_of(WriteOffForm()),
               responses=answers("WriteOff", 201, 409, 422))  # fmt: skip
@action("receivable.write_off")
@api_view(["POST"])
@once
def write_off(request: Any, pk: int) -> Response:
    """The first of two persons gives up so much of it, with a reason (C28, SD12)."""
    row, form = _opened(request, pk), bound(WriteOffForm, request.data)
    if not form.is_valid():
        return of_form(form)
    made = giving_up.propose(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(write_off_row(made), 201)


@extend_schema(operation_id="write_offs", parameters=MANY,
               responses={200: ref("WriteOffPage")} | refusals(400, 401, 403))  # fmt: skip
@action("receivable.view")
@api_view(["GET"])
def write_offs(request: Any) -> Response:
    """Proposals to give debts up, newest first, of the debts that he may see."""
    rows = WriteOff.objects.filter(receivable__in=Receivable.objects.visible_to(request.user))
    return page_of(request, rows.select_related("proposed_by", "seconded_by"), write_off_row)


@extend_schema(
    operation_id="second_write_off", parameters=[PK, KEY], request=SECRET, responses=answers("WriteOff", 200, 409, 422)
)  # fmt: skip
@action("receivable.write_off")
@api_view(["POST"])
@once
def second(request: Any, pk: int) -> Response:
    """The second person carries it out; he shows once more who he is."""
    row = get_object_or_404(WriteOff, pk=pk)
    return Response(write_off_row(giving_up.second(row, **proven(request, "8.8"))))


@extend_schema(
    operation_id="drop_write_off", parameters=[PK, KEY], request=None, responses=answers("WriteOff", 200, 409)
)
@action("receivable.write_off")
@api_view(["POST"])
@once
def drop(request: Any, pk: int) -> Response:
    """The debt stands."""
    row = get_object_or_404(WriteOff, pk=pk)
    return Response(write_off_row(giving_up.drop(row, by=request.user, at=request.arrived_at)))


# --- from before the portal
@extend_schema(operation_id="import_receivables", parameters=[KEY], request=FILE,
               responses={200: ref("OpeningRun"), 201: ref("OpeningRun")} | refusals(400, 401, 403, 422))  # fmt: skip
@action(IMPORT)
@api_view(["POST"])
@once
def import_debts(request: Any) -> Response:
    """Look through the opening workbook, every fault named; with `keep` and without a fault it is taken in, once (J83)."""
    form = FileForm(request.data, request.FILES)
    if not form.is_valid():
        return of_form(form)
    file = form.cleaned_data["file"]
    run, taken = opening.dry_run(file, request.arrived_at), 0
    if flag(request.data.get("keep")) and not run.faults:
        taken = len(take_over(run.rows["debts"], source=file.name, by=request.user, at=request.arrived_at))
    faults = [{"cell": fault.cell, "what": fault.what} for fault in run.faults]
    found = {"debts": len(run.rows.get("debts", [])), "faults": faults, "taken": taken}
    return Response(found, 201 if taken else 200)
