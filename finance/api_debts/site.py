"""`/site-money`: declared by the engineer, confirmed or refused by finance (domain 5)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, asked, page_of, refusals

from ..debt_forms import SiteMoneyForm
from ..debt_views.site import RELATED, about_of
from ..forms import ReasonForm
from ..models import SiteMoney
from ..services import on_site
from .shapes import PK, answers, body_of, number_of, page_schema, split_body

SCHEMAS = {
    "SiteMoney": record(
        id="int", engineer="text", ticket="text?", order="text?", customer="text", amount="text", method="text",
        taken_at="moment", note="text", photo="bool", state="text", declared_at="moment", decided_at="moment?",
        decided_by="text?", refused_why="text", receipt="text?",
    ),
    "SiteMoneyPage": page_schema("SiteMoney"),
}  # fmt: skip


def site_row(row: SiteMoney) -> dict[str, Any]:
    names = ("method", "taken_at", "note", "state", "declared_at", "decided_at", "refused_why")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "engineer": row.engineer.username, "ticket": number_of(row.ticket), "order": number_of(row.order),
        "customer": row.customer.number, "amount": str(row.amount), "receipt": number_of(row.receipt),
        "photo": bool(row.key), "decided_by": row.decided_by.username if row.decided_by else None,
    }  # fmt: skip


@extend_schema(operation_id="site_money", methods=["GET"], parameters=[OpenApiParameter("state", str), *MANY],
               responses={200: ref("SiteMoneyPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="declare_site_money", methods=["POST"], parameters=[KEY],
               request=body_of(SiteMoneyForm(), **{"for": {"type": "string"}}),
               responses=answers("SiteMoney", 201, 409, 422))  # fmt: skip
@action("site_money.view", "site_money.declare")
@api_view(["GET", "POST"])
@once
def site_money(request: Any) -> Response:
    """What was declared, newest first; POST declares it: `for` is the BX or DD number (J77)."""
    if request.method == "GET":
        demand(request.user, "site_money.view")
        rows, state = SiteMoney.objects.visible_to(request.user), asked(request, "state", 9)
        rows = rows.filter(state=state) if state else rows
        return page_of(request, rows.select_related(*RELATED), site_row)
    demand(request.user, "site_money.declare")
    body, taken = split_body(request, "for")
    form = bound(SiteMoneyForm, body, request.FILES)
    if not form.is_valid():
        return of_form(form)
    about = about_of(request.user, taken["for"][:20])
    row = on_site.declare(about, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(site_row(row), 201)


def _opened(request: Any, pk: int) -> SiteMoney:
    return get_object_or_404(SiteMoney.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


def _fresh(row: SiteMoney) -> Response:
    return Response(site_row(SiteMoney.objects.select_related(*RELATED).get(pk=row.pk)))


@extend_schema(operation_id="confirm_site_money", parameters=[PK, KEY], request=None,
               responses=answers("SiteMoney", 200, 409, 422))  # fmt: skip
@action("site_money.confirm")
@api_view(["POST"])
@once
def confirm(request: Any, pk: int) -> Response:
    """Finance has it: it becomes a receipt with the time at which it was taken; never one's own (SD04)."""
    return _fresh(on_site.confirm(_opened(request, pk), by=request.user, at=request.arrived_at))


@extend_schema(operation_id="refuse_site_money", parameters=[PK, KEY], request={"application/json": schema_of(ReasonForm())},
               responses=answers("SiteMoney", 200, 409, 422))  # fmt: skip
@action("site_money.confirm")
@api_view(["POST"])
@once
def refuse(request: Any, pk: int) -> Response:
    """Finance has not got it, and says why."""
    row, form = _opened(request, pk), bound(ReasonForm, request.data)
    if not form.is_valid():
        return of_form(form)
    return _fresh(on_site.refuse(row, by=request.user, at=request.arrived_at, **form.cleaned_data))
