"""`/api/v1/receipts`, `/receivables`, `/ledger-accounts`: what finance's pages show, amounts as strings of yuan."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, asked, page_of, refusals

from . import selectors
from .forms import ReceiptForm
from .models import Account, Kind, Receipt, Transfer
from .services import receipts as services
from .views import about_of

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="SK20261123-0001")
PK = OpenApiParameter("pk", int, OpenApiParameter.PATH)
SCHEMAS = {
    "Receipt": record(
        number="text", customer="text", ticket="text?", order="text?", amount="text", free="text", arrived_at="moment",
        method="text", reference="text", recorded_at="moment", recorded_by="text", reversed_at="moment?",
    ),
    "ReceiptPage": record(results="[Receipt]", next="text?"),
    "LedgerAccount": record(id="int", kind="text", of="text", balance="text"),
    "LedgerAccountPage": record(results="[LedgerAccount]", next="text?"),
    "Transfer": record(key="text", day="day", source="int", target="int", amount="text", paper="text", why="text", at="moment",
                       reverses="text?"),
    "TransferPage": record(results="[Transfer]", next="text?"),
}  # fmt: skip


def number_of(paper: Any) -> str | None:
    return paper.number if paper is not None else None


def receipt_row(row: Receipt) -> dict[str, Any]:
    return {
        "number": row.number, "customer": row.customer.number, "ticket": number_of(row.ticket), "order": number_of(row.order),
        "amount": str(row.amount), "free": str(selectors.free(row)), "arrived_at": row.arrived_at, "method": row.method,
        "reference": row.reference, "recorded_at": row.made_at, "recorded_by": row.made_by.username if row.made_by else "",
        "reversed_at": row.reversed_at,
    }  # fmt: skip


RECEIPTS = Receipt.objects.select_related("customer", "ticket", "order", "made_by")


@extend_schema(operation_id="receipts", methods=["GET"], parameters=MANY,
               responses={200: ref("ReceiptPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="record_receipt", methods=["POST"], parameters=[KEY],
               request={"application/json": {"type": "object", "additionalProperties": True}},
               responses={201: ref("Receipt")} | refusals(400, 401, 403, 404, 422))  # fmt: skip
@action("receipt.view", "payment.record")
@api_view(["GET", "POST"])
@once
def receipts(request: Any) -> Response:
    """Money that arrived, newest first; POST records it (C03): `for` is a KH, BX or DD number."""
    demand(request.user, "receipt.view" if request.method == "GET" else "payment.record")
    if request.method == "GET":
        return page_of(request, RECEIPTS.all(), receipt_row)
    body = dict(request.data.items()) if hasattr(request.data, "items") else request.data
    number = str(body.pop("for", "")) if isinstance(body, dict) else ""
    form = bound(ReceiptForm, body)
    if not form.is_valid():
        return of_form(form)
    about = about_of(request.user, number.replace("\x00", "")[:20])
    row = services.record(by=request.user, at=request.arrived_at, **about, **form.cleaned_data)
    return Response(receipt_row(row), status=201)


@extend_schema(
    operation_id="receipt", parameters=[NUMBER], responses={200: ref("Receipt")} | refusals(401, 403, 404)
)
@action("receipt.view")
@api_view(["GET"])
def receipt(request: Any, number: str) -> Response:
    """One receipt and what of it is free."""
    return Response(receipt_row(get_object_or_404(RECEIPTS, number=number.replace("\x00", ""))))


@extend_schema(operation_id="ledger_accounts", parameters=[OpenApiParameter("kind", str), *MANY],
               responses={200: ref("LedgerAccountPage")} | refusals(400, 401, 403))  # fmt: skip
@action("ledger.view")
@api_view(["GET"])
def accounts(request: Any) -> Response:
    """The accounts with their balances; `kind` narrows them."""
    kind = asked(request, "kind", 12)
    rows = Account.objects.filter(kind=kind) if kind in Kind.values else Account.objects.all()
    return page_of(
        request,
        rows,
        lambda row: {"id": row.pk, "kind": row.kind, "of": row.of, "balance": str(row.balance())},
    )


@extend_schema(operation_id="ledger_account", parameters=[PK, *MANY],
               responses={200: ref("TransferPage")} | refusals(400, 401, 403, 404))  # fmt: skip
@action("ledger.view")
@api_view(["GET"])
def account(request: Any, pk: int) -> Response:
    """The rows of one account, newest first."""
    rows = Transfer.objects.filter(selectors.of_account(get_object_or_404(Account, pk=pk)))
    return page_of(request, rows.select_related("reverses"), transfer_row)


def transfer_row(row: Transfer) -> dict[str, Any]:
    return {
        "key": row.key, "day": row.day, "source": row.source_id, "target": row.target_id, "amount": str(row.amount),
        "paper": row.paper, "why": row.why, "at": row.at, "reverses": row.reverses.key if row.reverses else None,
    }  # fmt: skip
