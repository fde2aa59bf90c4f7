"""`/bank-lists`: a file is taken in as a dry run, rows are chosen by hand, all matched ones are posted or none (C38, C03)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import bound, record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals

from ..debt_forms import BankRowForm, FileForm
from ..debt_views.bank import RIGHT, by_hand
from ..imports import bank as reading
from ..models import BankImport, BankRow
from ..services import bank
from .shapes import PK, answers, body_of, number_of, page_schema

POSITION = OpenApiParameter("position", int, OpenApiParameter.PATH, description="the row of the sheet")
FILE = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}
LIST = {
    "id": "int",
    "name": "text",
    "made_at": "moment",
    "made_by": "text",
    "posted_at": "moment?",
    "posted_by": "text?",
}
SCHEMAS = {
    "BankListRow": record(**LIST),
    "BankListPage": page_schema("BankListRow"),
    "BankRow": record(
        position="int", arrived_at="moment", amount="text", payer="text", text="text", reference="text", customer="text?",
        ticket="text?", order="text?", how="text", problem="text", left_out="bool", receipt="text?",
    ),
    "BankList": record(**LIST, rows="[BankRow]"),
    "BankFault": record(cell="text", sentence="text"),
    "BankTaken": record(id="int?", rows="int", faults="[BankFault]"),
    "BankPosted": record(receipts="[text]"),
}  # fmt: skip


def list_row(row: BankImport) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "made_at": row.made_at, "made_by": row.made_by.username, "posted_at": row.posted_at,
        "posted_by": row.posted_by.username if row.posted_by else None,
    }  # fmt: skip


def bank_row(row: BankRow) -> dict[str, Any]:
    names = ("position", "arrived_at", "payer", "text", "reference", "how", "problem", "left_out")
    papers = {name: number_of(getattr(row, name)) for name in ("customer", "ticket", "order", "receipt")}
    return {name: getattr(row, name) for name in names} | papers | {"amount": str(row.amount)}


@extend_schema(operation_id="bank_lists", methods=["GET"], parameters=MANY,
               responses={200: ref("BankListPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="take_bank_list", methods=["POST"], parameters=[KEY], request=FILE,
               responses={200: ref("BankTaken"), 201: ref("BankTaken")} | refusals(400, 401, 403, 422))  # fmt: skip
@action(RIGHT)
@api_view(["GET", "POST"])
@once
def bank_lists(request: Any) -> Response:
    """Lists, newest first; POST looks a file (Excel, CSV) through: every bad cell is named, or its rows are kept and matched.
    Nothing is posted by it; the same file is not taken twice."""
    if request.method == "GET":
        return page_of(request, BankImport.objects.select_related("made_by", "posted_by"), list_row)
    form = FileForm(request.data, request.FILES)
    if not form.is_valid():
        return of_form(form)
    file = form.cleaned_data["file"]
    sheet, kept = reading.read(file), None
    if not sheet.faults:
        digest, hand = reading.digest(file), {"by": request.user, "at": request.arrived_at}
        kept = bank.take(file.name, digest, sheet.rows, sheet.numbers, **hand).pk
    faults = [{"cell": fault.cell, "sentence": str(fault.why)} for fault in sheet.faults]
    return Response({"id": kept, "rows": len(sheet.rows), "faults": faults}, 201 if kept else 200)


@extend_schema(
    operation_id="bank_list", parameters=[PK], responses={200: ref("BankList")} | refusals(401, 403, 404)
)
@action(RIGHT)
@api_view(["GET"])
def bank_list(request: Any, pk: int) -> Response:
    """One list: of every row whose money it is and how that is known, or why nobody's."""
    batch = get_object_or_404(BankImport.objects.select_related("made_by", "posted_by"), pk=pk)
    rows = batch.rows.select_related("customer", "ticket", "order", "receipt")
    return Response(list_row(batch) | {"rows": [bank_row(row) for row in rows]})


@extend_schema(operation_id="bank_row", parameters=[PK, POSITION, KEY], request=body_of(BankRowForm()),
               responses=answers("BankRow", 200, 409, 422))  # fmt: skip
@action(RIGHT)
@api_view(["POST"])
@once
def choose(request: Any, pk: int, position: int) -> Response:
    """By hand: `act` choose (with `number`), leave, or again."""
    row, form = get_object_or_404(BankRow, batch=pk, position=position), bound(BankRowForm, request.data)
    if not form.is_valid():
        return of_form(form)
    return Response(bank_row(by_hand(row, form.cleaned_data, by=request.user, at=request.arrived_at)))


@extend_schema(operation_id="post_bank_list", parameters=[PK, KEY], request=None,
               responses=answers("BankPosted", 200, 409, 422))  # fmt: skip
@action(RIGHT)
@api_view(["POST"])
@once
def post(request: Any, pk: int) -> Response:
    """Every matched row becomes a receipt, or none does; unknown ones stay listed."""
    batch = get_object_or_404(BankImport, pk=pk)
    made = bank.post(batch, by=request.user, at=request.arrived_at)
    return Response({"receipts": [row.number for row in made]})
