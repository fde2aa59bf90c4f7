"""`/api/v1/`: draft a quotation, open an order; reading and the steps of both are `papers.QUOTES` and `papers.ORDERS`."""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import Unreadable, bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import BadEntry
from aftersales.rest import KEY, refusals

from . import order_forms, order_steps, quote_forms, selectors, services, steps
from .models import Quotation, Ticket
from .services import quotations

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH)
LINE = {"kind", "part", "code", "quantity", "discount"}
MOST = 200  # lines in one body


def schemas() -> dict[str, Any]:
    """Components of the description, in the reader's language."""
    entries = schema_of(quote_forms.FactsForm())
    entries.pop("required", None)
    lines = {"type": "array", "items": ref("QuotationLineEntry"), "maxItems": MOST}
    return {
        "QuotationLineEntry": _line_entry(),
        "QuotationEntries": entries | {"properties": entries["properties"] | {"lines": lines}},
        "OrderEntries": schema_of(order_forms.OrderForm()),
        "QuotationDrafted": record(number="text", stage="text", total="text"),
        "OrderOpened": record(number="text", stage="text"),
    }  # fmt: skip


def _line_entry() -> dict[str, Any]:
    number = {"oneOf": [{"type": "number"}, {"type": "string"}]}
    return {
        "type": "object", "additionalProperties": False, "required": ["quantity"],
        "properties": {
            "kind": {"type": "string", "description": "part (without it), labour, travel …"},
            "part": {"type": "string", "description": "code of the part"},
            "code": {"type": "string", "description": "code of the rate"},
            "quantity": number, "discount": number | {"description": "in percent"},
        },
    }  # fmt: skip


DRAFT: dict[str, Any] = {
    "parameters": [NUMBER, KEY], "request": {"application/json": ref("QuotationEntries")},
    "responses": {201: ref("QuotationDrafted")} | refusals(400, 401, 403, 404, 409, 422),
}  # fmt: skip


@extend_schema(operation_id="draft_of_ticket", **DRAFT)
@action("quote.create")
@api_view(["POST"])
@once
def of_ticket(request: Any, number: str) -> Response:
    """Draft a quotation 9.4 for a ticket. Prices are read from the published lists; none is taken from the body."""
    rows = Ticket.objects.visible_to(request.user).select_related("engineer")
    ticket = get_object_or_404(rows, number=number.replace("\x00", ""))
    stuck = steps.refusal(ticket, steps.STEPS["quote"], request.user)
    return _drafted(request, ticket, stuck)


@extend_schema(operation_id="draft_of_order", **DRAFT)
@action("quote.create")
@api_view(["POST"])
@once
def of_order(request: Any, number: str) -> Response:
    """Draft a quotation 9.4 for a parts-only order (8.7)."""
    order = get_object_or_404(selectors.orders(request.user), number=number.replace("\x00", ""))
    stuck = order_steps.STEPS.refusal(order, order_steps.STEPS.rows["quote"], request.user)
    return _drafted(request, order, stuck)


def _drafted(request: Any, about: Any, stuck: Any) -> Response:
    if stuck is not None:
        raise stuck
    facts, lines = _apart(request.data)
    form = bound(quote_forms.FactsForm, facts, paper=Quotation(), user=request.user)
    if not form.is_valid():
        return of_form(form)
    demand(request.user, "quote.create", about)
    quote = quotations.draft(about, by=request.user, at=request.arrived_at, lines=lines, **form.cleaned_data)
    return Response({"number": quote.number, "stage": quote.stage, "total": f"{quote.total:.2f}"}, status=201)


def _apart(body: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The entries of the form, and the lines that the form does not know."""
    if not isinstance(body, Mapping):
        return body, []
    facts = dict(body.items())
    lines = facts.pop("lines", [])
    if not isinstance(lines, list) or not all(isinstance(row, dict) for row in lines):
        raise Unreadable(_("`lines` is a list of objects."), field="lines")
    if len(lines) > MOST:
        raise BadEntry(_("So many lines are no quotation."), field="lines")
    return facts, [_line(row) for row in lines]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """One line judged by the forms of the page: numbers, lengths, and nothing that they do not know."""
    if set(row) - LINE:
        raise BadEntry(_("A price is read from the published list, never sent along."), "8.1", "lines")
    form = quote_forms.LineEntries(
        {name: value for name, value in row.items() if not isinstance(value, list | dict)}
    )
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        raise BadEntry("{name}: {said}", field="lines", name=name, said=sentences[0])
    return form.wanted()


@extend_schema(operation_id="open_order", parameters=[KEY], request={"application/json": ref("OrderEntries")},
               responses={201: ref("OrderOpened")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("parts_order.open")
@api_view(["POST"])
@once
def open_order(request: Any) -> Response:
    """Open a parts-only order (8.7): a known customer by number, or a new one by his words."""
    form = bound(order_forms.OrderForm, request.data, user=request.user)
    if not form.is_valid():
        return of_form(form)
    order = services.open_order(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": order.number, "stage": order.stage}, status=201)
