"""`/receipts/{number}/allocate`, `/credits` and `/customer-refunds`: what a receipt still holds pays a debt or goes back."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import bound, record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals
from sales.models import Customer

from .. import credits as reading
from ..debt_forms import AllocateForm, PayBackForm
from ..models import CustomerRefund, Receipt
from ..services import crediting, paying
from .shapes import NUMBER, PK, PROPOSAL, SECRET, answers, body_of, page_schema, proposal_row, proven

SCHEMAS = {
    "Allocation": record(receipt="text", receivable="int", amount="text", free="text"),
    "Credit": record(customer="text", credit="text"),
    "Credits": record(results="[Credit]"),
    "CustomerRefund": record(**PROPOSAL, customer="text", method="text", reference="text"),
    "CustomerRefundPage": page_schema("CustomerRefund"),
}


@extend_schema(operation_id="allocate_receipt", parameters=[NUMBER, KEY], request=body_of(AllocateForm()),
               responses=answers("Allocation", 201, 409, 422))  # fmt: skip
@action("receipt.allocate")
@api_view(["POST"])
@once
def allocate(request: Any, number: str) -> Response:
    """So much of the receipt pays that debt (`receivable`: its id) of the same customer (C38)."""
    row = get_object_or_404(Receipt.objects.select_related("customer"), number=number.replace("\x00", ""))
    form = bound(AllocateForm, request.data, receipt=row)
    if not form.is_valid():
        return of_form(form)
    use = paying.allocate(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
    facts = {"receipt": row.number, "receivable": use.receivable_id, "amount": str(use.amount)}
    return Response(facts | {"free": str(reading.free(row))}, 201)


@extend_schema(operation_id="credits", responses={200: ref("Credits")} | refusals(401, 403))
@action("receipt.view")
@api_view(["GET"])
def credit_list(request: Any) -> Response:
    """Customers some of whose money covers nothing."""
    rows = reading.customers_with_credit()
    return Response({"results": [{"customer": row.number, "credit": str(row.credit)} for row in rows]})  # type: ignore[attr-defined]  # as read


def refund_row(row: CustomerRefund) -> dict[str, Any]:
    return proposal_row(row) | {
        "customer": row.customer.number,
        "method": row.method,
        "reference": row.reference,
    }


@extend_schema(operation_id="propose_refund", parameters=[NUMBER, KEY], request=body_of(PayBackForm()),
               responses=answers("CustomerRefund", 201, 409, 422))  # fmt: skip
@action("customer.refund")
@api_view(["POST"])
@once
def pay_back(request: Any, number: str) -> Response:
    """The first of two persons pays a customer's credit back (C29, SD12)."""
    row, form = (
        get_object_or_404(Customer, number=number.replace("\x00", "")[:20]),
        bound(PayBackForm, request.data),
    )
    if not form.is_valid():
        return of_form(form)
    made = crediting.propose(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(refund_row(made), 201)


@extend_schema(operation_id="customer_refunds", parameters=MANY,
               responses={200: ref("CustomerRefundPage")} | refusals(400, 401, 403))  # fmt: skip
@action("receipt.view")
@api_view(["GET"])
def refunds(request: Any) -> Response:
    """What went back to customers, or waits for its second person, newest first."""
    rows = CustomerRefund.objects.select_related("customer", "proposed_by", "seconded_by")
    return page_of(request, rows, refund_row)


@extend_schema(operation_id="second_refund", parameters=[PK, KEY], request=SECRET,
               responses=answers("CustomerRefund", 200, 409, 422))  # fmt: skip
@action("customer.refund")
@api_view(["POST"])
@once
def second(request: Any, pk: int) -> Response:
    """The second person pays; he shows once more who he is."""
    row = get_object_or_404(CustomerRefund.objects.select_related("customer"), pk=pk)
    return Response(refund_row(crediting.second(row, **proven(request))))


@extend_schema(
    operation_id="drop_refund",
    parameters=[PK, KEY],
    request=None,
    responses=answers("CustomerRefund", 200, 409),
)
@action("customer.refund")
@api_view(["POST"])
@once
def drop(request: Any, pk: int) -> Response:
    """The credit stays."""
    row = get_object_or_404(CustomerRefund.objects.select_related("customer"), pk=pk)
    return Response(refund_row(crediting.drop(row, by=request.user, at=request.arrived_at)))
