"""Lists and new papers: goods receipts, stocktakes, disposals, enquiries, parcels."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, demand, may
from aftersales import files
from aftersales.display import moments
from aftersales.display.paging import PAGE, by_key, word_of
from aftersales.operations import once
from catalogue.models import Part
from repairs.models import Ticket

from .. import selectors, services
from ..desk.store import note_seen
from ..flow import EnquiryStage, ShipmentStage, TwoStage
from ..forms import shipping
from ..forms import store as forms
from ..models import Disposal, Enquiry, GoodsReceipt, Release, Shipment, Stock, Stocktake, Zone
from ..sheets.store import codes_of, part_link, shows_photo
from .pages import bound, fill, listed, mark, opening, table, tabs_of

POSTED = ["GET", "POST"]
ALL = ("", "all")


def staged(request: Any, rows: Any, stages: Any) -> tuple[Any, list[Any]]:
    """The rows of the stage asked for, and the tabs to ask for it."""
    asked = word_of(request, "stage", 12)
    asked = asked if asked in stages.values else ""
    return rows.filter(stage=asked) if asked else rows, tabs_of(stages.choices, asked)


def button(request: Any, permission: str, word: Any, name: str) -> list[tuple[Any, str]]:
    return [(word, reverse(name))] if may(request.user, permission) else []


# --- goods receipts
@action("parts.page")
@require_GET
def receipts(request: Any) -> HttpResponse:
    found, more = by_key(request, GoodsReceipt.objects.select_related("made_by"))
    head = [
        (_("Number"), "tight"),
        (_("Supplier"), ""),
        (_("Batch"), ""),
        (_("Received"), "tight"),
        (_("By"), ""),
    ]
    rows = [
        (opening(x.get_absolute_url(), x.number), x.supplier, x.batch, moments.when(x.made_at, "short"), str(x.made_by or ""))
        for x in found
    ]  # fmt: skip
    new = button(request, "stock.receive", _("Receive goods"), "parts:new_receipt")
    return listed(
        request, _("Goods receipts"), head, rows, next=more, buttons=new, empty=_("Nothing was received yet")
    )


@action("stock.receive")
@require_http_methods(POSTED)
@once
def new_receipt(request: Any) -> HttpResponse:
    form = bound(request, forms.GoodsForm, sees_cost=selectors.sees_cost(request.user))
    return fill(
        request,
        form,
        services.receive_goods,
        title=_("Receive goods"),
        label=_("Take into the store"),
        back=reverse("parts:receipts"),
        template="parts/lines.html",
    )


@action("parts.page")
@require_GET
def receipt(request: Any, number: str) -> HttpResponse:
    """What came; costs only for whom they may be shown (C32)."""
    found = get_object_or_404(
        GoodsReceipt.objects.select_related("made_by"), number=number.replace("\x00", "")
    )
    sees = selectors.sees_cost(request.user)
    head = [(_("Part"), ""), (_("Quantity"), "number"), (_("Identification codes"), "")]
    head += [(_("Cost per piece"), "money")] if sees else []
    rows = [
        (
            part_link(x.part, request.user),
            x.quantity,
            codes_of(x.codes, request.user),
            *(["–" if x.cost is None else f"¥{x.cost:,.2f}"] if sees else []),
        )
        for x in found.lines.select_related("part")
    ]
    context = {"receipt": found, "table": table(head, rows), "may_cost": may(request.user, "goods.cost")}
    return render(request, "parts/receipt.html", context)


@action("goods.cost")
@require_http_methods(POSTED)
@once
def receipt_cost(request: Any, number: str) -> HttpResponse:
    """Purchasing or finance enters what the pieces cost (D13)."""
    found = get_object_or_404(GoodsReceipt, number=number.replace("\x00", ""))
    form = bound(request, forms.CostForm, receipt=found)

    def act(**entries: Any) -> Any:
        return services.write_costs(found, **entries)

    return fill(
        request, form, act, title=_("Cost of {number}").format(number=found), back=found.get_absolute_url()
    )


# --- stocktakes
@action("parts.page")
@require_GET
def stocktakes(request: Any) -> HttpResponse:
    rows, tabs = staged(request, Stocktake.objects.select_related("made_by", "decided_by"), TwoStage)
    found, more = by_key(request, rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Zone"), ""), (_("Reason"), ""), (_("Proposed by"), ""),
            (_("Decided by"), "")]  # fmt: skip
    cells = [
        (opening(x.get_absolute_url(), x.number), mark(x), x.get_zone_display(), x.reason, str(x.made_by or ""),
         str(x.decided_by or ""))
        for x in found
    ]  # fmt: skip
    new = button(request, "stock.adjust_propose", _("Count"), "parts:new_stocktake")
    return listed(
        request,
        _("Stocktakes"),
        head,
        cells,
        next=more,
        buttons=new,
        tabs=tabs,
        empty=_("Nothing was counted yet"),
    )


@action("stock.adjust_propose")
@require_http_methods(POSTED)
@once
def new_stocktake(request: Any) -> HttpResponse:
    """The count sheet of a zone: fifty parts at a time, those that lie there or that the search finds."""
    zone = word_of(request, "zone", 10)
    zone = zone if zone in (Zone.GOOD, Zone.OLD) else Zone.GOOD
    parts = _to_count(request, zone)
    books = dict(Stock.objects.filter(part__in=parts, zone=zone).values_list("part_id", "quantity"))

    def act(**entries: Any) -> Any:
        return services.propose_count(zone, **entries)

    form = bound(request, forms.CountForm, parts=parts, books=books)
    after = f"?zone={zone}&after={parts[-1].code}" if len(parts) == PAGE else ""
    zones = [(z.value, z.label) for z in (Zone.GOOD, Zone.OLD)]
    return fill(
        request, form, act, title=_("Count"), back=reverse("parts:stocktakes"), template="parts/count.html", zone=zone,
        zones=zones, word=word_of(request, "q"), next=after,
    )  # fmt: skip


def _to_count(request: Any, zone: str) -> list[Part]:
    sent = request.POST.get("parts", "") if request.method == "POST" else ""
    keys = [int(key) for key in sent.split(",") if key.isascii() and key.isdecimal() and len(key) < 16][:PAGE]
    if keys:
        return list(Part.objects.filter(pk__in=keys).order_by("code"))
    word, after = word_of(request, "q"), word_of(request, "after", 40)
    lying = Stock.objects.filter(zone=zone, quantity__gt=0).values("part")
    rows = Part.objects.found_by(word) if word else Part.objects.filter(pk__in=lying)
    return list(rows.filter(code__gt=after).order_by("code")[:PAGE])


# --- disposals
@action("parts.page")
@require_GET
def disposals(request: Any) -> HttpResponse:
    rows, tabs = staged(request, Disposal.objects.select_related("part", "made_by", "decided_by"), TwoStage)
    found, more = by_key(request, rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Part"), ""), (_("Quantity"), "number"),
            (_("What becomes of it"), ""), (_("Proposed by"), ""), (_("Decided by"), "")]  # fmt: skip
    cells = [
        (opening(x.get_absolute_url(), x.number), mark(x), str(x.part), x.quantity, x.get_how_display(),
         str(x.made_by or ""), str(x.decided_by or ""))
        for x in found
    ]  # fmt: skip
    new = button(request, "stock.adjust_propose", _("Propose a disposal"), "parts:new_disposal")
    return listed(
        request, _("Disposal of old parts"), head, cells, next=more, buttons=new, tabs=tabs,
        empty=_("No old part was disposed of yet"),
    )  # fmt: skip


@action("stock.adjust_propose")
@require_http_methods(POSTED)
@once
def new_disposal(request: Any) -> HttpResponse:
    demand(request.user, "old_part.dispose")
    form = bound(request, forms.DisposalForm, initial={"part": word_of(request, "part", 40)})
    return fill(
        request, form, services.propose_disposal, title=_("Propose a disposal"), back=reverse("parts:disposals"),
        label=_("Propose to finance"), note=_("Nothing leaves the old-part zone until finance has approved it (5.3)."),
    )  # fmt: skip


# --- enquiries
@action("enquiry.view")
@require_GET
def enquiries(request: Any) -> HttpResponse:
    """Purchasing's page: open questions, answered in place."""
    rows = Enquiry.objects.visible_to(request.user).select_related("part", "made_by", "release")
    rows, tabs = staged(request, rows, EnquiryStage)
    found, more = by_key(request, rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Part"), ""), (_("Quantity"), "number"),
            (_p("enquiry", "Asked of"), ""),
            (_("Asked at"), "tight"), (_("Answer"), "")]  # fmt: skip
    cells = [
        (opening(x.get_absolute_url(), x.number), mark(x), str(x.part), x.quantity, x.get_department_display(),
         moments.when(x.made_at, "short"), _answer(request, x))
        for x in found
    ]  # fmt: skip
    new = button(request, "purchasable.ask", _("Ask for a part"), "parts:new_enquiry")
    return listed(
        request,
        _("Enquiries"),
        head,
        cells,
        next=more,
        buttons=new,
        tabs=tabs,
        empty=_("Nobody asked for a part"),
        steps=True,
    )


def _answer(request: Any, paper: Enquiry) -> Any:
    from ..steps.store import ENQUIRIES

    if paper.stage == EnquiryStage.ANSWERED:
        return moments.when(paper.arrives_on) if paper.can_have else _("cannot be had")
    step = ENQUIRIES.step_of(paper)
    if not may(request.user, step.action, paper):
        return ""
    return in_place(paper, reverse("parts:enquiry_step", args=[paper.number, step.name]), step)


def in_place(paper: Any, url: str, step: Any) -> Any:
    """A button that opens a step's form above the list, and without JavaScript on the paper's own page."""
    from django.utils.html import format_html

    return format_html(
        '<a class="button" href="{}?step={}" hx-get="{}" hx-target="#step">{}</a>', paper.get_absolute_url(), step.name, url,
        step.label,
    )  # fmt: skip


@action("purchasable.ask")
@require_http_methods(POSTED)
@once
def new_enquiry(request: Any) -> HttpResponse:
    form = bound(request, forms.AskForm, initial={"part": word_of(request, "part", 40)})
    note = _(
        "Purchasing is asked; for an assembly technical and production (5.2). You are told of the answer."
    )
    return fill(
        request, form, services.ask, title=_("Ask for a part"), back=reverse("parts:enquiries"),
        label=_("Send the question"), note=note,
    )  # fmt: skip


# --- parcels
COMING = "coming"  # the tab of parcels that are on their way to us


@action("shipment.view")
@require_GET
def shipments(request: Any) -> HttpResponse:
    """Administration's page: parcels that wait, are on the way, have arrived."""
    rows: Any = Shipment.objects.visible_to(request.user).select_related("release", "ticket")
    rows, tabs = staged(request, rows, ShipmentStage)
    coming = word_of(request, "stage", 12) == COMING
    rows = selectors.to_receive(rows) if coming else rows
    tabs = [*tabs, {"label": _("Coming to us"), "url": f"?stage={COMING}", "current": coming}]
    tabs[0]["current"] = tabs[0]["current"] and not coming
    found, more = by_key(request, rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Direction"), ""), (_("Release"), "tight"), (_("Ticket"), "tight"),
            (_("What is inside"), ""), (_("Carrier"), ""), (_("Waybill number"), "tight"), ("", "tight")]  # fmt: skip
    cells = [
        (opening(x.get_absolute_url(), x.number), mark(x), x.get_way_display(),
         x.release.number if x.release else "", x.ticket.number if x.ticket else "", x.content, x.carrier, x.waybill,
         _moves(request, x))
        for x in found
    ]  # fmt: skip
    return listed(
        request,
        _("Shipments"),
        head,
        cells,
        next=more,
        tabs=tabs,
        empty=_("No parcel yet"),
        steps=True,
        icon="truck",
    )


def _moves(request: Any, paper: Shipment) -> Any:
    """What a row may do in its place: it is sent; what comes to us has arrived (6.3)."""
    from ..steps.store import SHIPMENTS

    step = SHIPMENTS.rows["deliver" if paper.way == Shipment.Way.BACK else "send"]
    if paper.stage not in step.stages or not may(request.user, step.action):
        return ""
    return in_place(paper, reverse("parts:shipment_step", args=[paper.number, step.name]), step)


@action("parcel.pack")
@require_http_methods(POSTED)
@once
def pack(request: Any, number: str) -> HttpResponse:
    """The parcel of a release is packed and handed to administration (6.3)."""
    rows = Release.objects.visible_to(request.user)
    release = get_object_or_404(rows, number=number.replace("\x00", ""))

    def act(**entries: Any) -> Any:
        return services.pack(release, **entries)

    return fill(
        request, bound(request, shipping.PackForm), act, title=_("Pack the parcel of {number}").format(number=release),
        label=_("Hand it to administration"),
        back=reverse("parts:shipments"),
    )  # fmt: skip


@action("shipment.view")
@require_GET
def waybill_photo(request: Any, number: str, key: str) -> HttpResponseBase:
    """The waybill as somebody photographed it, without metadata: for who may read the address on it, which is written down
    (A18); one that names no customer, for whoever sees the parcel."""
    rows = Shipment.objects.visible_to(request.user).exclude(key="")
    parcel = get_object_or_404(rows, number=number.replace("\x00", ""), key=key)
    if not shows_photo(parcel, request.user):
        raise Http404
    if parcel.person_id is not None:
        note_seen(request.user, parcel, request.arrived_at)
    return files.serve(request, files.Picture(parcel.sha256), parcel.number, original=False)


@action("return.cod_shipment")
@require_http_methods(POSTED)
@once
def send_back(request: Any, number: str) -> HttpResponse:
    """Parts go home, as a rule freight collect (4.6)."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number.replace("\x00", ""))
    demand(request.user, "return.cod_shipment", ticket)

    def act(**entries: Any) -> Any:
        return services.send_back(ticket, **entries)

    return fill(
        request, bound(request, shipping.BackForm), act, title=_("Send parts back"),
        back=ticket.get_absolute_url(),
    )  # fmt: skip
