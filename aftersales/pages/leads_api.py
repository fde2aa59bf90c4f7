"""`/leads` and `/sales` over the API: the same forms, services, steps and rights as the pages (4.2)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, refusals
from sales import lead_services as services
from sales.desk import papers as desks
from sales.lead_forms import LeadForm, SaleForm

from . import leads

SHOWN = [OpenApiParameter("stage", str), *MANY]


def schemas() -> dict[str, Any]:
    """Components of the description, in the reader's language."""
    return {
        "LeadEntries": schema_of(LeadForm()),
        "SaleEntries": schema_of(SaleForm()),
        "LeadMade": record(number="text", stage="text", said="text"),
        "SaleMade": record(number="text", stage="text", lead="text?", fee="text"),
    }


@extend_schema(operation_id="leads", methods=["GET"], parameters=SHOWN,
               responses={200: ref("PaperPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="register_lead", methods=["POST"], parameters=[KEY],
               request={"application/json": ref("LeadEntries")},
               responses={201: ref("LeadMade")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("lead.view", leads.CREATE, leads.HANDLE)
@api_view(["GET", "POST"])
@once
def many(request: Any) -> Response:
    """Purchase leads, newest first. POST registers one: of a `ticket` (BX…) that names its customer, of a `customer` (GK…), or
    of a `name` with `phone`; `consent` must be true."""
    if request.method == "GET":
        demand(request.user, "lead.view")
        return leads.LEADS.page(request)
    _may_register(request.user)
    number = str(request.data.get("ticket") or "")[:20] if hasattr(request.data, "get") else ""
    ticket = leads.ticket_of(request.user, number.replace("\x00", "").strip())
    form = bound(
        LeadForm, request.data, known=ticket is not None, user=request.user, initial={"quantity": 1, "wanted": "later"}
    )  # fmt: skip
    if not form.is_valid():
        return of_form(form)
    lead = leads.enter(form.cleaned_data, ticket, by=request.user, at=request.arrived_at)
    return Response({"number": lead.number, "stage": lead.stage, "said": leads.said(lead)}, 201)


def _may_register(user: Any) -> None:
    if not user.has_perm(leads.HANDLE):
        demand(user, leads.CREATE)


@extend_schema(operation_id="sales", methods=["GET"], parameters=SHOWN,
               responses={200: ref("PaperPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="record_sale", methods=["POST"], parameters=[KEY],
               request={"application/json": ref("SaleEntries")},
               responses={201: ref("SaleMade")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("sale.view", "sale.record")
@api_view(["GET", "POST"])
@once
def sold(request: Any) -> Response:
    """Sales, newest first. POST writes one down with the commission of whoever sends it; the answer says which lead decides."""
    if request.method == "GET":
        demand(request.user, "sale.view")
        return desks.SALES.page(request)
    demand(request.user, "sale.record")
    form = bound(SaleForm, request.data, user=request.user, initial={"quantity": 1})
    if not form.is_valid():
        return of_form(form)
    sale = services.record(by=request.user, at=request.arrived_at, **form.cleaned_data)
    lead = sale.lead.number if sale.lead else None
    return Response({"number": sale.number, "stage": sale.stage, "lead": lead, "fee": str(sale.fee)}, 201)
