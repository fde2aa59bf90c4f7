"""New papers over the API: the page's form in JSON, or a list of lines where the page has a line for each part."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms as django_forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import Unreadable, bound, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import BadEntry
from aftersales.rest import KEY, refusals
from catalogue.models import Part

from .. import services
from ..api import CODE, stock_row
from ..forms import store as forms
from ..forms.releases import NewReleaseForm
from ..models import Zone
from ..services import releases
from .releases import about_of

BODY = {"application/json": {"type": "object", "additionalProperties": True}}
DONE = {201: ref("PaperMade")} | refusals(400, 401, 403, 409, 422)
Act = Callable[..., Any]


#: forms whose entries are the body of a POST, by the name of their component in the description
NEW: dict[str, type[Any]] = {}


def component(name: str) -> str:
    """`open_release` → `OpenRelease`."""
    return "".join(word.title() for word in name.split("_"))


def body_of(name: str) -> dict[str, Any]:
    return {"application/json": ref(component(name))}


def schemas() -> dict[str, Any]:
    """The bodies, in the reader's language."""
    return {name: schema_of(form()) for name, form in NEW.items()}


def making(name: str, permission: str, form: type[Any], act: Act, also: str = "") -> Any:
    """`POST …/new` with the entries of `form`; `also`: a second right that the act asks for."""

    NEW[component(name)] = form

    @extend_schema(operation_id=name, parameters=[KEY], request=body_of(name), responses=DONE)
    @action(permission)
    @api_view(["POST"])
    @once
    def make(request: Any) -> Response:
        """A new paper; the body is the page's form."""
        if also:
            demand(request.user, also)
        filled = bound(form, request.data, request.FILES)
        if not filled.is_valid():
            return of_form(filled)
        return _made(act(by=request.user, at=request.arrived_at, **filled.cleaned_data))

    return make


def _made(paper: Any) -> Response:
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)


def lines_of(data: Any, number: str) -> list[dict[str, Any]]:
    """`lines` of the body: {part: its code, `number`: pieces, codes?: [text]}."""
    if not isinstance(data, Mapping) or not isinstance(data.get("lines"), list):
        raise Unreadable(_("The body must be one JSON object with a list of lines."))
    rows = []
    for line in data["lines"]:
        if not isinstance(line, Mapping):
            raise Unreadable(_("A line is an object."))
        rows.append(_line(line, number))
    return rows


def _line(line: Mapping[str, Any], number: str) -> dict[str, Any]:
    code, count, codes = (
        str(line.get("part", "")).replace("\x00", ""),
        line.get(number),
        line.get("codes", []),
    )
    part = Part.objects.filter(code__iexact=code[:40]).first()
    if part is None:
        raise BadEntry(_("No part has the code “{code}”."), "", "part", code=code[:40])
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= forms.MOST:
        raise BadEntry(_("{part}: how many pieces?"), "", number, part=part.code)
    if not isinstance(codes, list) or not all(isinstance(text, str) for text in codes):
        raise BadEntry(_("Identification codes are a list of texts."), "", "codes")
    return {"part": part, number: count, "codes": [text.replace("\x00", "") for text in codes]}


def text_of(data: Any, name: str, limit: int, compulsory: bool = True) -> str:
    text = str(data.get(name, "")).replace("\x00", "").strip()[:limit] if isinstance(data, Mapping) else ""
    if compulsory and not text:
        raise BadEntry(_("This entry is missing."), "", name)
    return text


@extend_schema(operation_id="receive_goods", parameters=[KEY], request=BODY, responses=DONE)
@action("stock.receive")
@api_view(["POST"])
@once
def receive(request: Any) -> Response:
    """Goods received: supplier, batch, note, lines [{part, quantity, codes}]."""
    data = request.data
    return _made(
        services.receive_goods(
            lines=lines_of(data, "quantity"), supplier=text_of(data, "supplier", 120), batch=text_of(data, "batch", 60, False),
            note=text_of(data, "note", 200, False), by=request.user, at=request.arrived_at,
        )
    )  # fmt: skip


@extend_schema(operation_id="propose_count", parameters=[KEY], request=BODY, responses=DONE)
@action("stock.adjust_propose")
@api_view(["POST"])
@once
def count(request: Any) -> Response:
    """A stocktake: zone (good, old), reason, lines [{part, counted, codes}]."""
    data = request.data
    rows = lines_of(data, "counted")
    zone = text_of(data, "zone", 10, False) or Zone.GOOD
    paper = services.propose_count(
        zone, rows, reason=text_of(data, "reason", 200), by=request.user, at=request.arrived_at
    )
    return _made(paper)


ASK = making("ask_for_part", "purchasable.ask", forms.AskForm, services.ask)
DISPOSE = making(
    "propose_disposal",
    "stock.adjust_propose",
    forms.DisposalForm,
    services.propose_disposal,
    "old_part.dispose",
)


@extend_schema(operation_id="set_shelf", parameters=[CODE, KEY], request=BODY,
               responses={200: ref("StockRow")} | refusals(400, 401, 403, 404, 422))  # fmt: skip
@action("stock.shelf")
@api_view(["POST"])
@once
def shelf(request: Any, code: str) -> Response:
    """Where in the store a hand finds the part."""
    part = get_object_or_404(Part, code=code.replace("\x00", ""))
    filled = bound(forms.ShelfForm, request.data)
    if not filled.is_valid():
        return of_form(filled)
    return Response(
        stock_row(services.set_shelf(part, by=request.user, at=request.arrived_at, **filled.cleaned_data))
    )


class OpenReleaseForm(NewReleaseForm):
    """A new sheet; `about` is the number of the ticket or of the parts-only order."""

    about = django_forms.CharField(
        label=_("Ticket or order"), max_length=20, help_text="BX20261123-0007, DD20261123-0001"
    )
    field_order = ("about",)


NEW["OpenRelease"] = OpenReleaseForm


@extend_schema(operation_id="open_release", parameters=[KEY], request=body_of("open_release"), responses=DONE)
@action("parts.request")
@api_view(["POST"])
@once
def open_release(request: Any) -> Response:
    """Ask for parts (4.5): the sheet is opened, its lines are added by its step `add_line`."""
    filled = bound(OpenReleaseForm, request.data)
    if not filled.is_valid():
        return of_form(filled)
    entries = dict(filled.cleaned_data)
    about = about_of(request.user, entries.pop("about"))
    demand(request.user, "parts.request", about)
    return _made(releases.draft(about, by=request.user, at=request.arrived_at, **entries))
