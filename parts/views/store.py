"""The warehouse's home, the stock, one part's movements, one code's life, the scanner's box."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from accounts.models import User
from aftersales.display import moments
from aftersales.display.paging import PAGE, by_key, going_on, word_of
from aftersales.display.sheet import Table
from aftersales.display.tables import way
from aftersales.operations import once
from catalogue.models import Part

from .. import selectors, services
from ..flow import EnquiryStage, TwoStage
from ..forms.store import MinimumForm, ShelfForm
from ..models import INSIDE, Disposal, Enquiry, Minimum, PartCode, Return, Stock, Stocktake, Zone
from ..models.stock import where
from ..services.codes import clean
from .pages import bound, fill, link, listed, opening, paper_links, table

SOME = 20


@action("parts.page")
@require_GET
def home(request: Any) -> HttpResponse:
    """What waits in the warehouse, in a fixed number of statements."""
    sections = [
        _to_issue(request.user), _to_pack(request.user), _returns(request.user), _short(), _asked(request.user), _answered(),
        _packed(request.user), *_proposed(),
    ]  # fmt: skip
    quiet = [section for section in sections if not section.table.rows]
    return render(
        request, "parts/home.html", {"sections": sections, "quiet": quiet, "ways": _ways(request.user)}
    )


class Section(NamedTuple):
    """A part of the home: what waits, or the sentence that nothing does."""

    title: Any
    table: Table
    empty: Any


def _section(title: Any, head: Sequence[Any], rows: Any, empty: Any) -> Section:
    return Section(title, Table([(word, "") for word in head], list(rows)), empty)


def _link(paper: Any, *, closed: bool = False) -> Any:
    return paper.number if closed else opening(paper.get_absolute_url(), paper.number)


def _to_issue(user: Any) -> Section:
    found = list(selectors.to_issue().select_related("ticket", "order", "engineer")[:SOME])
    ours = selectors.openable(user, [*found, *(x.about for x in found)])
    rows = (
        (_link(x, closed=x not in ours), link(x.about, closed=x.about not in ours), str(x.engineer),
         moments.when(x.signed_at, "short"))
        for x in found
    )  # fmt: skip
    head = [_("Release"), _("Ticket"), _("Engineer"), _("Signed")]
    return _section(_("Signed, to be issued"), head, rows, _("No signed sheet waits."))


def _to_pack(user: Any) -> Section:
    found = list(selectors.to_pack().select_related("engineer")[:SOME])
    ours = selectors.openable(user, [*found, *(x.about for x in found)])
    cells = (
        (_link(x, closed=x not in ours), link(x.about, closed=x.about not in ours), str(x.engineer))
        for x in found
    )
    head = [_("Release"), _("Ticket or order"), _("Engineer")]
    return _section(_("Issued, to be packed"), head, cells, _("No parcel is to be packed."))


def _returns(user: Any) -> Section:
    rows = Return.objects.filter(stage=TwoStage.OPEN).select_related("release", "made_by").order_by("pk")
    found = list(rows[:SOME])
    ours = selectors.openable(user, [*found, *(x.release for x in found)])
    cells = (
        (_link(x, closed=x not in ours), x.get_kind_display(), link(x.release, closed=x.release not in ours),
         str(x.made_by or ""))
        for x in found
    )  # fmt: skip
    head = [_("Number"), _("Kind"), _("Release"), _("Handed in by")]
    return _section(_("Handed in, to be confirmed"), head, cells, _("Nothing was handed in."))


def _short() -> Section:
    rows = (
        (opening(reverse("parts:part", args=[x.part.code]), x.part.code), x.part.name, x.there, x.quantity)
        for x in selectors.running_short()[:SOME]
    )
    head = [_("Part code"), _("Part"), _("In the store"), _("Minimum")]
    return _section(_("Running short"), head, rows, _("No part is below its minimum."))


def _asked(user: Any) -> Section:
    found = list(selectors.to_answer()[:SOME])
    ours = selectors.openable(user, found)
    rows = (
        (_link(x, closed=x not in ours), str(x.part), x.quantity, x.get_department_display()) for x in found
    )
    head = [_("Number"), _("Part"), _("Quantity"), _p("enquiry", "Asked of")]
    return _section(_("Enquiries that wait for an answer"), head, rows, _("No enquiry is open."))


def _answered() -> Section:
    found = Enquiry.objects.filter(stage=EnquiryStage.ANSWERED).select_related("part").order_by("-pk")
    rows = (
        (_link(x), str(x.part), x.quantity, moments.when(x.arrives_on) if x.can_have else _("cannot be had"))
        for x in found[:SOME]
    )
    head = [_("Number"), _("Part"), _("Quantity"), _("Arrives on")]
    return _section(_("Enquiries answered"), head, rows, _("No answer yet."))


def _packed(user: Any) -> Section:
    found = list(selectors.to_send()[:SOME])
    about = {x: x.ticket or (x.release and x.release.order) for x in found}
    ours = selectors.openable(user, [*found, *(paper for paper in about.values() if paper)])
    cells = (
        (_link(x, closed=x not in ours), link(about[x], closed=about[x] not in ours), x.content)
        for x in found
    )
    return _section(
        _("Packed, to be sent"),
        [_("Number"), _("Ticket or order"), _("What is inside")],
        cells,
        _("No parcel waits."),
    )


def _proposed() -> list[Section]:
    counts = Stocktake.objects.filter(stage=TwoStage.OPEN).select_related("made_by").order_by("pk")
    old = Disposal.objects.filter(stage=TwoStage.OPEN).select_related("part", "made_by").order_by("pk")
    counted = ((_link(x), x.get_zone_display(), str(x.made_by or "")) for x in counts[:SOME])
    disposed = ((_link(x), str(x.part), x.quantity, str(x.made_by or "")) for x in old[:SOME])
    empty = _("Nothing waits for finance.")
    return [
        _section(_("Stocktakes"), [_("Number"), _("Zone"), _("Proposed by")], counted, empty),
        _section(
            _("Disposal of old parts"),
            [_("Number"), _("Part"), _("Quantity"), _("Proposed by")],
            disposed,
            empty,
        ),
    ]


def _ways(user: Any) -> list[tuple[str, str]]:
    """The pages beside it that this person may open."""
    rows = [
        ("stock.issue", "parts:issuing", _("To issue")), ("release.view", "parts:releases", _("Releases")),
        ("return.view", "parts:returns", _("Returns")),
        ("stock.view", "parts:stock", _("Stock")), ("parts.page", "parts:receipts", _("Goods receipts")),
        ("parts.page", "parts:stocktakes", _("Stocktakes")), ("parts.page", "parts:disposals", _("Disposal of old parts")),
        ("enquiry.view", "parts:enquiries", _("Enquiries")), ("shipment.view", "parts:shipments", _("Shipments")),
        ("consumption.view", "parts:consumption", _("Consumption reports")),
        ("parts.page", "parts:unreturned_lists", _("Warranty parts not returned")),
        ("parts.import", "parts:opening", _("Opening stock")),
    ]  # fmt: skip
    return [(str(word), reverse(name)) for action, name, word in rows if may(user, action)]


@action("stock.view")
@require_GET
def stock(request: Any) -> HttpResponse:
    """Where parts lie, by part code; keyset of (code, row), whatever the number of parts."""
    word, zone, holder = (word_of(request, name, 40) for name in ("q", "zone", "holder"))
    zone = zone if zone in INSIDE else ""
    rows = selectors.stock_rows(request.user, word=word, zone=zone, holder=holder)
    found, more = _by_part(request, rows)
    places = {z.value: str(z.label) for z in INSIDE}
    cells = [
        (opening(way("parts:part", x.part__code), x.part__code), x.part__name, x.part__spec,
         f"{places[x.zone]} {x.holder__name or ''}".rstrip(), x.shelf, x.quantity, x.part__unit)
        for x in found
    ]  # fmt: skip
    head = [
        (_("Part code"), "tight"), (_("Part"), ""), (_("Specification"), ""), (_("Zone"), ""), (_("Shelf"), "tight"),
        (_("Quantity"), "number"), (_("Unit"), "tight"),
    ]  # fmt: skip
    zones = [("", _("all")), *[(z.value, z.label) for z in Zone if z in INSIDE]]
    fields = [
        ("q", _("Code, name, initials or model"), word, None), ("zone", _("Zone"), zone, zones),
        ("holder", _("Held by the engineer"), holder, [("", _("all")), *_holders()]),
    ]  # fmt: skip
    empty = _("No part fits") if word or zone or holder else _("The store is empty")
    return listed(
        request,
        _("Stock"),
        head,
        cells,
        next=more,
        fields=fields,
        empty=empty,
        icon="archive-box",
        scan=True,
        forward=True,
    )


def _holders() -> list[tuple[str, str]]:
    """(sign-in name, name) of everybody who holds parts now."""
    held = Stock.objects.filter(holder=OuterRef("pk"), quantity__gt=0)
    return list(User.objects.filter(Exists(held)).order_by("name", "pk").values_list("username", "name"))


#: what the list shows of a row of the stock
LIES = (
    "pk",
    "part__code",
    "part__name",
    "part__spec",
    "part__unit",
    "zone",
    "holder__name",
    "shelf",
    "quantity",
)


def _by_part(request: Any, rows: Any) -> tuple[list[Any], str]:
    code, _sep, key = word_of(request, "after", 60).rpartition(":")
    if code and key.isascii() and key.isdecimal() and len(key) < 16:
        later = Q(part__code__gt=code) | Q(part__code=code, pk__gt=int(key))
        rows = rows.filter(later, part__code__gte=code)
    found = list(rows.order_by("part__code", "pk").values_list(*LIES, named=True)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], going_on(request, after=f"{last.part__code}:{last.pk}") if last else ""


@action("stock.view")
@require_GET
def part(request: Any, code: str) -> HttpResponse:
    """Where this part lies, its codes, its movements newest first."""
    found = get_object_or_404(Part, code=code.replace("\x00", ""))
    rows = found.movements.select_related("source_holder", "target_holder", "code", "by")
    moves, more = by_key(request, rows)
    minimum = Minimum.objects.filter(part=found).values_list("quantity", flat=True).first()
    context = {
        "part": found, "stocks": found.stocks.filter(quantity__gt=0).select_related("holder").order_by("zone", "holder"),
        "codes": _codes(found, request.user), "table": _moves(moves, request.user),
        "next": more, "minimum": minimum, "may_watch": may(request.user, "stock.minimum"),
        "may_ask": may(request.user, "purchasable.ask"), "may_shelve": may(request.user, "stock.shelf"),
        "shelf": selectors.shelf_of(found),
    }  # fmt: skip
    return render(request, "parts/part.html", context)


def _codes(found: Part, user: Any) -> Table:
    rows = list(found.codes.filter(zone__in=INSIDE).select_related("holder", "ticket")[:PAGE])
    ours = selectors.openable(user, (x.ticket for x in rows))
    head = [(_p("piece", "Code"), "tight"), (_("Where"), ""), (_("Ticket"), "tight")]
    cells = [
        (opening(x.get_absolute_url(), x), where(x.zone, x.holder), link(x.ticket, closed=x.ticket not in ours))
        for x in rows
    ]  # fmt: skip
    return table(head, cells)


def _moves(rows: list[Any], user: Any) -> Table:
    head = [
        (_("When"), "tight"), (_p("movement", "From"), ""), (_p("movement", "To"), ""), (_("Quantity"), "number"),
        (_p("piece", "Code"), "tight"),
        (_("Paper"), "tight"), (_("By"), ""),
    ]  # fmt: skip
    papers = paper_links((x.paper for x in rows), user)
    cells = [
        (moments.when(x.at, "short"), where(x.source, x.source_holder), where(x.target, x.target_holder), x.quantity,
         link(x.code, "code"), papers[x.paper], str(x.by))
        for x in rows
    ]  # fmt: skip
    return table(head, cells)


@action("stock.minimum")
@require_http_methods(["GET", "POST"])
@once
def minimum(request: Any, code: str) -> HttpResponse:
    found = get_object_or_404(Part, code=code.replace("\x00", ""))
    now = Minimum.objects.filter(part=found).values_list("quantity", flat=True).first() or 0
    back = reverse("parts:part", args=[found.code])

    def act(**entries: Any) -> Any:
        return services.set_minimum(found, **entries)

    form = bound(request, MinimumForm, initial={"quantity": now})
    return fill(request, form, act, title=_("Minimum of {part}").format(part=found), back=back)


@action("stock.shelf")
@require_http_methods(["GET", "POST"])
@once
def shelf(request: Any, code: str) -> HttpResponse:
    found = get_object_or_404(Part, code=code.replace("\x00", ""))

    def act(by: Any, at: Any, shelf: str) -> None:
        services.set_shelf(found, shelf, by=by, at=at)

    form = bound(request, ShelfForm, initial={"shelf": selectors.shelf_of(found)})
    back = reverse("parts:part", args=[found.code])
    return fill(request, form, act, title=_("Shelf of {part}").format(part=found), back=back)


@action("stock.view")
@require_GET
def code(request: Any, code: str) -> HttpResponse:
    """The whole life of one piece."""
    rows = PartCode.objects.select_related("part", "holder", "ticket", "vehicle")
    found = get_object_or_404(rows, code=clean(code.replace("\x00", "")))
    events = list(found.events.select_related("ticket", "vehicle", "by").order_by("-pk"))
    ours = selectors.openable(request.user, [found.ticket, *(x.ticket for x in events)])
    papers, no_cars = (
        paper_links((x.paper for x in events), request.user),
        not may(request.user, "vehicle.view"),
    )
    head = [
        (_("When"), "tight"), (_("What"), ""), (_("Paper"), "tight"), (_("Ticket"), "tight"), (_("Vehicle"), "tight"),
        (_("By"), ""),
    ]  # fmt: skip
    cells = [
        (moments.when(x.at, "short"), x.get_what_display(), papers[x.paper], link(x.ticket, closed=x.ticket not in ours),
         link(x.vehicle, "vin", closed=no_cars), str(x.by or ""))
        for x in events
    ]  # fmt: skip
    moves = found.movements.select_related("source_holder", "target_holder", "by", "code").order_by("-pk")
    context = {
        "code": found, "place": where(found.zone, found.holder), "life": table(head, cells),
        "table": _moves(list(moves), request.user), "ticket": link(found.ticket, closed=found.ticket not in ours),
        "vehicle": link(found.vehicle, "vin", closed=no_cars),
    }  # fmt: skip
    return render(request, "parts/code.html", context)


@action("stock.view")
@require_GET
def scan(request: Any) -> HttpResponse:
    """A scanner types a code and Enter: the page of that piece, else of that part, else what was typed is searched."""
    text = word_of(request, "code", 60)
    piece = PartCode.objects.filter(code=clean(text)).first() if text else None
    if piece is not None:
        return redirect(piece)
    found = Part.objects.filter(code__iexact=text).first() if text else None
    if found is not None:
        return redirect("parts:part", found.code)
    messages.warning(request, _("“{text}” is neither an identification code nor a part.").format(text=text))
    return redirect(reverse("parts:stock") + (f"?q={text}" if text.isalnum() else ""))
