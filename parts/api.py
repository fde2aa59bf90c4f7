"""`/api/v1/stock`, `/codes` and `/goods-receipts`; the staged papers have theirs from their desks."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import record, ref
from aftersales.rest import MANY, asked, page_of, refusals

from . import selectors
from .models import INSIDE, GoodsReceipt, PartCode, Stock
from .services.codes import clean

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
WORDS = [OpenApiParameter("q", str), OpenApiParameter("zone", str), OpenApiParameter("holder", str)]
SCHEMAS = {
    "StockRow": record(part="text", name="text", zone="text", holder="text?", quantity="int", shelf="text"),
    "StockPage": record(results="[StockRow]", next="text?"),
    "CodeEvent": record(what="text", paper="text", ticket="text?", vehicle="text?", at="moment", by="text?"),
    "PartCode": record(
        code="text",
        part="text",
        zone="text",
        holder="text?",
        ticket="text?",
        vehicle="text?",
        life="[CodeEvent]",
    ),
    "GoodsReceipt": record(
        number="text", supplier="text", batch="text", received_at="moment", lines="[object]"
    ),
    "ConsumptionReport": record(
        id="int",
        ticket="text",
        round="int",
        sent_at="moment?",
        confirmed_at="moment?",
        confirmed_by="text?",
        lines="[object]",
    ),
    "ConsumptionReportPage": record(results="[ConsumptionReport]", next="text?"),
    "PaperMade": record(number="text", url="text"),
    "GoodsReceiptPage": record(results="[GoodsReceipt]", next="text?"),
}


def stock_row(row: Stock) -> dict[str, Any]:
    return {
        "part": row.part.code, "name": row.part.name, "zone": row.zone, "holder": row.holder.username if row.holder else None,
        "quantity": row.quantity, "shelf": row.shelf,
    }  # fmt: skip


@extend_schema(
    operation_id="stock",
    parameters=[*WORDS, *MANY],
    responses={200: ref("StockPage")} | refusals(400, 401, 403),
)
@action("stock.view")
@api_view(["GET"])
def stock(request: Any) -> Response:
    """Where parts lie; `q` searches code, name, initials and model."""
    zone = asked(request, "zone", 10)
    rows = selectors.stock_rows(
        request.user,
        word=asked(request, "q", 40),
        zone=zone if zone in INSIDE else "",
        holder=asked(request, "holder", 40),
    )
    return page_of(request, rows, stock_row)


@extend_schema(
    operation_id="code", parameters=[CODE], responses={200: ref("PartCode")} | refusals(401, 403, 404)
)
@action("stock.view")
@api_view(["GET"])
def code(request: Any, code: str) -> Response:
    """One piece and its whole life."""
    rows = PartCode.objects.select_related("part", "holder", "ticket", "vehicle")
    row = get_object_or_404(rows, code=clean(code.replace("\x00", "")))
    life = [
        {"what": x.what, "paper": x.paper, "ticket": x.ticket.number if x.ticket else None,
         "vehicle": x.vehicle.vin if x.vehicle else None, "at": x.at, "by": x.by.username if x.by else None}
        for x in row.events.select_related("ticket", "vehicle", "by")
    ]  # fmt: skip
    return Response({
        "code": row.code, "part": row.part.code, "zone": row.zone, "holder": row.holder.username if row.holder else None,
        "ticket": row.ticket.number if row.ticket else None, "vehicle": row.vehicle.vin if row.vehicle else None, "life": life,
    })  # fmt: skip


@extend_schema(
    operation_id="goods_receipts",
    parameters=MANY,
    responses={200: ref("GoodsReceiptPage")} | refusals(400, 401, 403),
)
@action("parts.page")
@api_view(["GET"])
def receipts(request: Any) -> Response:
    """What came in; `cost` only for whom it may be shown (C32)."""
    sees = selectors.sees_cost(request.user)
    rows = GoodsReceipt.objects.prefetch_related("lines__part")

    def row(found: GoodsReceipt) -> dict[str, Any]:
        lines = [
            {"part": x.part.code, "quantity": x.quantity, "codes": x.codes}
            | ({"cost": None if x.cost is None else f"{x.cost:.2f}"} if sees else {})
            for x in found.lines.all()
        ]
        return {
            "number": found.number, "supplier": found.supplier, "batch": found.batch, "received_at": found.made_at,
            "lines": lines,
        }  # fmt: skip

    return page_of(request, rows, row)
