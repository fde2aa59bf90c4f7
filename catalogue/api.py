"""`/api/v1/parts`, `/part-proposals`, `/price-lists` and `/rates`: what the pages show and take; costs only for C32."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, may
from aftersales.jsonforms import Unreadable, bound, record, ref, schema_of
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import BadEntry
from aftersales.rest import KEY, MANY, page_of, refusals

from . import cells, imports, services
from .filters import NAMES, asked, filtered
from .forms import ListForm, PartsFileForm, PricesFileForm, ReasonForm
from .models import FLAGS, Part, PartBatch, PriceLine, PriceList, RateLine
from .selectors import lists_for, price_lines, prices_of, rate_lines, versions_of

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
PK = OpenApiParameter("id", int, OpenApiParameter.PATH)
SHOWN_LINES = 5000  # of one list in one answer; `after` goes on
FACTS = {
    "code": "text",
    "name": "text",
    "spec": "text",
    "unit": "text",
    "group": "text",
    **dict.fromkeys(FLAGS, "bool"),
    "active": "bool",
    "fits": "[text]",
}
LIST = {
    "id": "int", "title": "text", "effective_on": "day", "stage": "text", "drafted_by": "text", "drafted_at": "moment",
    "published_by": "text?", "published_at": "moment?",
}  # fmt: skip
BATCH = {
    "id": "int", "reason": "text", "source": "text", "proposed_by": "text", "proposed_at": "moment", "approved": "any",
    "decided_by": "text?", "decided_at": "moment?", "refusal": "text",
}  # fmt: skip
SCHEMAS = {
    "PartRow": record(**FACTS, price="text?"),
    "PartPage": record(results="[PartRow]", next="text?"),
    "PartPrice": record(since="day", price="text", list="int"),
    "PartVersion": record(**FACTS, batch="int", decided_at="moment?"),
    "Part": record(**FACTS, price="text?", prices="[PartPrice]", versions="[PartVersion]"),
    "PartBatchRow": record(**BATCH),
    "PartBatchPage": record(results="[PartBatchRow]", next="text?"),
    "PartBatch": record(**BATCH, count="int", parts="[object]", next="int?"),
    "PriceListRow": record(**LIST),
    "PriceListPage": record(results="[PriceListRow]", next="text?"),
    "PriceListLine": record(code="text", price="text"),
    "RateRow": record(kind="text", code="text", name="text", unit="text", price="text", since="day?"),
    "PriceList": record(**LIST, lines="[PriceListLine]", rates="[RateRow]", next="int?"),
    "Rates": record(results="[RateRow]"),
    "Fault": record(sheet="text", cell="text", sentence="text"),
    "Checked": record(rows="int", faults="[Fault]", kept="int?"),
}
PART_ENTRY = {
    "type": "object",
    "properties": {n: {} for n in FACTS},
    "required": ["code"],
    "additionalProperties": False,
}
PRICE_ENTRY = {
    "type": "object", "properties": {"code": {"type": "string"}, "price": {}, "cost": {}}, "required": ["code", "price"],
    "additionalProperties": False,
}  # fmt: skip
RATE_ENTRY = {
    "type": "object", "properties": {n: {} for n in ("kind", "code", "name", "unit", "price")},
    "required": ["kind", "code", "name", "price"], "additionalProperties": False,
}  # fmt: skip


def _body(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"application/json": {"type": "object", "properties": properties, "required": list(required)}}


def _many(entry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": entry}


# --- parts
def part_facts(row: Any, fits: list[str]) -> dict[str, Any]:
    names = [name for name in FACTS if name != "fits"]
    return {name: getattr(row, name) for name in names} | {"fits": fits}


def _price(line: PriceLine | None, costs: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"price": _yuan(line.price if line else None)}
    return found | ({"cost": _yuan(line.cost if line else None)} if costs else {})


def _yuan(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


@extend_schema(operation_id="parts", parameters=[*(OpenApiParameter(n, str) for n in NAMES), *MANY],
               responses={200: ref("PartPage")} | refusals(400, 401, 403))  # fmt: skip
@action("part.view")
@api_view(["GET"])
def parts(request: Any) -> Response:
    """Parts, with their price of today; `q` is a code, name, pinyin initials, model code or VIN."""
    day, costs = local_day(request.arrived_at), may(request.user, "cost.view")
    rows = filtered(asked(request.query_params), day=day).prefetch_related("fits")
    answer = page_of(request, rows, lambda part: part)
    found = answer.data["results"]
    lines = price_lines([part.pk for part in found], day)
    answer.data["results"] = [
        part_facts(p, [m.code for m in p.fits.all()]) | _price(lines.get(p.pk), costs) for p in found
    ]
    return answer


def _propose(request: Any) -> Response:
    body = _object(request.data, "reason", "parts")
    rows = _rows(body, "parts", FACTS)
    reason = cells.within(200)(body.get("reason"))
    batch = services.propose_parts(rows, reason=reason, by=request.user, at=request.arrived_at)
    return Response(batch_row(batch), 201)


def _object(body: Any, *names: str) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise Unreadable(_("The body must be one JSON object with the entries of the form."))
    if unknown := set(body) - set(names):
        raise BadEntry(_("This form has no entry of this name."), field=min(map(str, unknown))[:80])
    return dict(body)


def _rows(body: dict[str, Any], name: str, known: Any) -> list[dict[str, Any]]:
    rows = body.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadEntry(_("This entry is a list of objects."), field=name)
    for row in rows:
        if unknown := set(row) - set(known):
            raise BadEntry(_("This form has no entry of this name."), field=min(map(str, unknown))[:80])
    return [{key: _plain(value, name) for key, value in row.items()} for row in rows]


def _plain(value: Any, name: str) -> Any:
    """What a cell may hold; a list only of words (the models of a part)."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    if isinstance(value, list | dict):
        raise BadEntry(_("This entry is one value, not a list or an object."), field=name)
    return value


@extend_schema(operation_id="part", parameters=[CODE], responses={200: ref("Part")} | refusals(401, 403, 404))
@action("part.view")
@api_view(["GET"])
def part(request: Any, code: str) -> Response:
    """One part: facts, every published price, every approved version."""
    row = get_object_or_404(Part.objects.prefetch_related("fits"), code=code.replace("\x00", ""))
    day, costs = local_day(request.arrived_at), may(request.user, "cost.view")
    now = price_lines([row.pk], day).get(row.pk)
    prices = [
        {"since": line.since, "list": line.list_id, **_price(line, costs)} for line in prices_of(row)[:200]
    ]
    versions = [
        part_facts(v, v.fits) | {"batch": v.batch_id, "decided_at": v.batch.decided_at}
        for v in versions_of(row)[:200]
    ]
    facts = part_facts(row, [model.code for model in row.fits.all()])
    return Response(facts | _price(now, costs) | {"prices": prices, "versions": versions})


# --- proposals
def batch_row(row: PartBatch) -> dict[str, Any]:
    return {
        "id": row.pk, "reason": row.reason, "source": row.source, "proposed_by": row.proposed_by.username,
        "proposed_at": row.proposed_at, "approved": row.approved, "refusal": row.refusal,
        "decided_by": row.decided_by.username if row.decided_by else None, "decided_at": row.decided_at,
    }  # fmt: skip


@extend_schema(operation_id="part_proposals", methods=["GET"], parameters=MANY,
               responses={200: ref("PartBatchPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="propose_parts", methods=["POST"], parameters=[KEY],
               request=_body({"reason": {"type": "string"}, "parts": _many(PART_ENTRY)}, "reason", "parts"),
               responses={201: ref("PartBatchRow")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("part.write")
@api_view(["GET", "POST"])
@once
def batches(request: Any) -> Response:
    """Proposals, newest first; POST proposes parts, whose missing entries stay as the part has them (D14)."""
    if request.method == "POST":
        return _propose(request)
    return page_of(request, PartBatch.objects.select_related("proposed_by", "decided_by"), batch_row)


@extend_schema(operation_id="part_proposal", parameters=[PK, OpenApiParameter("after", int)],
               responses={200: ref("PartBatch")} | refusals(401, 403, 404))  # fmt: skip
@action("part.write")
@api_view(["GET"])
def batch(request: Any, pk: int) -> Response:
    """One proposal with what it says of its parts, in the order of the file."""
    row = get_object_or_404(PartBatch.objects.select_related("proposed_by", "decided_by"), pk=pk)
    found, following = _onward(request, row.versions.all())
    said = [part_facts(version, version.fits) for version in found]
    return Response(batch_row(row) | {"count": row.versions.count(), "parts": said, "next": following})


def _onward(request: Any, rows: Any) -> tuple[list[Any], int | None]:
    after = request.query_params.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 16:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.order_by("pk")[: SHOWN_LINES + 1])
    return found[:SHOWN_LINES], found[SHOWN_LINES - 1].pk if len(found) > SHOWN_LINES else None


@extend_schema(operation_id="approve_parts", parameters=[PK, KEY], request=None,
               responses={200: ref("PartBatchRow")} | refusals(401, 403, 404, 409))  # fmt: skip
@action("part.write")
@api_view(["POST"])
@once
def approve(request: Any, pk: int) -> Response:
    """Put a proposal in force; never one's own (SD05)."""
    row = get_object_or_404(PartBatch, pk=pk)
    return Response(batch_row(services.approve_parts(row, by=request.user, at=request.arrived_at)))


@extend_schema(operation_id="refuse_parts", parameters=[PK, KEY], request={"application/json": schema_of(ReasonForm())},
               responses={200: ref("PartBatchRow")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("part.write")
@api_view(["POST"])
@once
def refuse(request: Any, pk: int) -> Response:
    """Leave the master as it is, and say why."""
    row, form = get_object_or_404(PartBatch, pk=pk), bound(ReasonForm, request.data)
    if not form.is_valid():
        return of_form(form)
    done = services.refuse_parts(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(batch_row(done))


# --- price lists
def list_row(row: PriceList) -> dict[str, Any]:
    names = ("title", "effective_on", "stage", "drafted_at", "published_at")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "drafted_by": row.drafted_by.username,
        "published_by": row.published_by.username if row.published_by else None,
    }  # fmt: skip


def rate_row(rate: RateLine) -> dict[str, Any]:
    names = ("kind", "code", "name", "unit", "since")
    return {name: getattr(rate, name) for name in names} | {"price": _yuan(rate.price)}


@extend_schema(operation_id="price_lists", parameters=MANY,
               responses={200: ref("PriceListPage")} | refusals(400, 401, 403))  # fmt: skip
@action("price_list.view")
@api_view(["GET"])
def price_lists(request: Any) -> Response:
    """Price lists, newest first; drafts for finance only."""
    return page_of(request, lists_for(request.user), list_row)


@extend_schema(operation_id="draft_price_list", parameters=[KEY],
               request=_body({"title": {"type": "string"}, "effective_on": {"type": "string", "format": "date"},
                              "prices": _many(PRICE_ENTRY), "rates": _many(RATE_ENTRY)}, "title", "effective_on"),
               responses={201: ref("PriceListRow")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("price_list.draft")
@api_view(["POST"])
@once
def draft(request: Any) -> Response:
    """Draft a list (C01); somebody else publishes it."""
    body = _object(request.data, "title", "effective_on", "prices", "rates")
    prices, rates = (
        _rows(body, "prices", ("code", "price", "cost")),
        _rows(body, "rates", RATE_ENTRY["properties"]),
    )
    form = bound(ListForm, {name: body.get(name) for name in ("title", "effective_on")})
    if not form.is_valid():
        return of_form(form)
    facts, at = form.cleaned_data, request.arrived_at
    lines = _priced(prices)
    rates = [rate | {"price": _amount(rate.get("price"), "rates")} for rate in rates]
    paper = services.draft_prices(
        facts["title"], facts["effective_on"], prices=lines, rates=rates, by=request.user, at=at
    )
    return Response(list_row(paper), 201)


def _priced(rows: list[dict[str, Any]]) -> list[Any]:
    codes = [cells.text(row.get("code")) for row in rows]
    known = dict(Part.objects.filter(code__in=codes).values_list("code", "pk"))
    for code in codes:
        if code not in known:
            raise BadEntry(_("There is no part {code}."), field="prices", code=code)
    return [
        (known[code], _amount(row.get("price"), "prices"), None if row.get("cost") is None else _amount(row["cost"], "prices"))
        for code, row in zip(codes, rows, strict=True)
    ]  # fmt: skip


def _amount(value: Any, field: str) -> Any:
    """An amount as JSON writes it: a number, or its exact digits as a string (as the answers have it)."""
    try:
        text = value.strip() if isinstance(value, str) else ""
        return cells.amount(cells.decimal(text) if text else value)
    except BadEntry as wrong:
        raise BadEntry(str(wrong), field=field) from wrong


@extend_schema(operation_id="price_list", parameters=[PK, OpenApiParameter("after", int)],
               responses={200: ref("PriceList")} | refusals(401, 403, 404))  # fmt: skip
@action("price_list.view")
@api_view(["GET"])
def price_list(request: Any, pk: int) -> Response:
    """One list with its prices and rates."""
    row = get_object_or_404(lists_for(request.user), pk=pk)
    found, following = _onward(request, row.lines.select_related("part"))
    costs = may(request.user, "cost.view")
    lines = [{"code": line.part.code, **_price(line, costs)} for line in found]
    rates = [rate_row(rate) for rate in row.rates.order_by("pk")]
    return Response(list_row(row) | {"lines": lines, "rates": rates, "next": following})


@extend_schema(operation_id="publish_price_list", parameters=[PK, KEY], request=None,
               responses={200: ref("PriceListRow")} | refusals(401, 403, 404, 409, 422))  # fmt: skip
@action("price_list.publish")
@api_view(["POST"])
@once
def publish(request: Any, pk: int) -> Response:
    """Put a list in force from its day on; never one's own (SD05)."""
    row = get_object_or_404(lists_for(request.user), pk=pk)
    return Response(list_row(services.publish_prices(row, by=request.user, at=request.arrived_at)))


@extend_schema(operation_id="drop_price_list", parameters=[PK, KEY], request=None,
               responses={200: ref("PriceListRow")} | refusals(401, 403, 404, 409))  # fmt: skip
@action("price_list.draft")
@api_view(["POST"])
@once
def drop(request: Any, pk: int) -> Response:
    """A draft that nobody shall publish."""
    row = get_object_or_404(lists_for(request.user), pk=pk)
    return Response(list_row(services.drop_prices(row, by=request.user, at=request.arrived_at)))


@extend_schema(operation_id="rates", parameters=[OpenApiParameter("day", dt.date)],
               responses={200: ref("Rates")} | refusals(400, 401, 403))  # fmt: skip
@action("price_list.view")
@api_view(["GET"])
def rates(request: Any) -> Response:
    """Rates in force today, or on `day`."""
    text = request.query_params.get("day", "")
    try:
        day = dt.date.fromisoformat(text) if text else local_day(request.arrived_at)
    except ValueError as error:
        raise Unreadable(_("This is no day."), field="day") from error
    return Response({"results": [rate_row(rate) for _code, rate in sorted(rate_lines(day).items())]})


# --- workbooks
_FILE = {"file": {"type": "string", "format": "binary"}, "keep": {"type": "boolean"}}
CHECKED = {200: ref("Checked"), 201: ref("Checked")} | refusals(400, 401, 403, 422)


def upload_of(form: Any) -> dict[str, Any]:
    """The body of an endpoint that takes a workbook beside the entries of a form."""
    found = schema_of(form, files=False)
    return {
        "multipart/form-data": {
            "type": "object",
            "properties": found["properties"] | _FILE,
            "required": ["file"],
        }
    }


@extend_schema(
    operation_id="import_parts", parameters=[KEY], request=upload_of(PartsFileForm()), responses=CHECKED
)
@action("part.write")
@api_view(["POST"])
@once
def import_parts(request: Any) -> Response:
    """Check a workbook of parts, every fault named; with `keep` and without a fault it becomes a proposal."""
    form = PartsFileForm(request.data, request.FILES)
    return checked(request, form, imports.read_parts, lambda found, facts, file: services.propose_parts(
        found.rows, reason=facts["reason"], by=request.user, at=request.arrived_at, source=file.name,
    ))  # fmt: skip


@extend_schema(
    operation_id="import_price_list", parameters=[KEY], request=upload_of(PricesFileForm()), responses=CHECKED
)
@action("price_list.draft")
@api_view(["POST"])
@once
def import_prices(request: Any) -> Response:
    """Check a workbook of prices and rates, every fault named; with `keep` and without a fault it becomes a draft."""
    form = PricesFileForm(request.data, request.FILES)
    return checked(request, form, imports.read_prices, lambda found, facts, file: services.draft_prices(
        facts["title"], facts["effective_on"], prices=found.prices, rates=found.rates, by=request.user,
        at=request.arrived_at, source=file.name,
    ))  # fmt: skip


def checked(request: Any, form: Any, read: Any, keep: Any) -> Response:
    """Every fault of the file by name; with `keep` and without a fault what `keep(found, facts, file)` makes of it."""
    if not isinstance(request.data, Mapping):
        raise Unreadable(_("The body must be one JSON object with the entries of the form."))
    if not form.is_valid():
        return of_form(form)
    file = form.cleaned_data["file"]
    found = read(file)
    kept = None
    if cells.flag(request.data.get("keep")) and not found.faults:
        kept = keep(found, form.cleaned_data, file).pk
    faults = [{"sheet": f.sheet, "cell": f.cell, "sentence": str(f.why)} for f in found.faults]
    return Response({"rows": found.count, "faults": faults, "kept": kept}, 201 if kept else 200)
