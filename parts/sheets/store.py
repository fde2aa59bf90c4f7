"""How the papers of the store look: stocktake, disposal, enquiry, parcel."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.sheet import Part, Sheet, Table

from ..flow import ShipmentStage, TwoStage
from ..models import Disposal, Enquiry, Shipment, Stocktake
from ..models.stock import where
from ..selectors import openable

OPEN = TwoStage.OPEN
NEXT = {
    ShipmentStage.PACKED: _l("Administration sends it and enters carrier and waybill number (6.3)."),
    ShipmentStage.SENT: _l("Once it has arrived, write down when, and who said so."),
}


def decided(paper: Any) -> Part:
    rows: list[Any] = [(_("Proposed by"), str(paper.made_by or ""))]
    if paper.decided_at:
        rows += [
            (_("Decided by"), str(paper.decided_by or "")),
            (_("Decided at"), moments.when(paper.decided_at)),
        ]
    rows += [(_("Reason of the refusal"), paper.refusal, "wide")] if paper.refusal else []
    return Part("decided", _("Two people"), rows, tone="danger" if paper.refusal else "")


def stocktake(paper: Stocktake, user: Any) -> Sheet:
    head = [
        (_("Part"), ""), (_("By the books"), "number"), (_("Counted"), "number"), (_("Difference"), "number"),
        (_("Codes found"), ""),
    ]  # fmt: skip
    rows: list[Any] = [
        (
            part_link(x.part, user),
            x.book,
            x.counted,
            f"{x.counted - x.book:+d}" if x.counted != x.book else "0",
            codes_of(x.codes, user),
        )
        for x in paper.lines.select_related("part")
    ]
    facts = Part(
        "facts", _("Count"), [(_("Zone"), paper.get_zone_display()), (_("Reason"), paper.reason, "wide")]
    )
    lines = Part("lines", _("Counted"), table=Table(head, rows))
    next = _("Finance approves the differences, and the books follow; or it refuses them.")
    return Sheet(
        _("Stocktake"), parts=[facts, lines, decided(paper)], next=next if paper.stage == OPEN else ""
    )


def disposal(paper: Disposal, user: Any) -> Sheet:
    rows = [
        (_("Part"), part_link(paper.part, user)), (_("Quantity"), paper.quantity),
        (_("What becomes of it"), paper.get_how_display()), (_("Identification codes"), codes_of(paper.codes, user), "wide"),
        (_("Reason"), paper.reason, "wide"),
    ]  # fmt: skip
    next = _("Finance approves it, and the parts leave the old-part zone; or it refuses (5.3).")
    return Sheet(
        _("Disposal of old parts"),
        parts=[Part("facts", _("Old parts"), rows), decided(paper)],
        next=next if paper.stage == OPEN else "",
    )


def enquiry(paper: Enquiry, user: Any) -> Sheet:
    asked = [
        (_("Part"), part_link(paper.part, user)), (_("Quantity"), paper.quantity),
        (_p("enquiry", "Asked of"), paper.get_department_display()),
        (_("Asked by"), str(paper.made_by or "")), (_("Release"), link(paper.release, user)), (_("Note"), paper.note, "wide"),
    ]  # fmt: skip
    said: list[Any] = []
    if paper.answered_at is not None:
        said = [
            (_("Can be had"), _("Yes") if paper.can_have else _("No")), (_("Arrives on"), moments.when(paper.arrives_on)
             if paper.arrives_on else ""), (_("Answer"), paper.answer_text, "wide"),
            (_("Answered by"), str(paper.answered_by or "")), (_("Answered at"), moments.when(paper.answered_at)),
        ]  # fmt: skip
    parts = [
        Part("asked", _p("enquiry", "What is asked"), asked),
        *([Part("answer", _("Answer"), said)] if said else []),
    ]
    next = _("{department} answers whether and when the part can be had (5.2).")
    next = "" if said else next.format(department=paper.get_department_display())
    return Sheet(_("Enquiry"), parts=parts, next=next)


def shipment(paper: Shipment, user: Any) -> Sheet:
    facts = [
        (_("Direction"), paper.get_way_display()), (_("Release"), link(paper.release, user)),
        (_("Ticket"), link(paper.ticket, user)),
        (_("What is inside"), paper.content, "wide"),
    ]  # fmt: skip
    sent: list[Any] = []
    if paper.sent_at is not None:
        sent = [
            (_("Carrier"), paper.carrier), (_("Waybill number"), _waybill(paper)), (_("Freight"), paper.get_terms_display()),
            (_("Freight cost"), "–" if paper.cost is None else f"¥{paper.cost:,.2f}"),
            (_("Sent at"), moments.when(paper.sent_at)),
            (_("Sent by"), str(paper.sent_by or "")),
        ]  # fmt: skip
    if paper.delivered_at is not None:
        sent += [
            (_("Delivered at"), moments.when(paper.delivered_at)),
            (_("Received by, told by"), paper.delivered_how),
        ]
    sent += [(_("Photo of the waybill"), _photo(paper), "wide")] if shows_photo(paper, user) else []
    parts = [Part("facts", _("Parcel"), facts), *address(paper, user)]
    parts += [Part("sent", _("On the way"), sent)] if sent else []
    story = " · ".join(str(word) for word in (paper.get_way_display(), paper.carrier, paper.waybill) if word)
    return Sheet(_("Parcel"), story=story, parts=parts, next=NEXT.get(paper.stage, ""))


def _waybill(paper: Shipment) -> Any:
    """Its number, and the way to look it up."""
    found = format_html('<span class="number">{}</span>', paper.waybill)
    if paper.tracking:
        words = _("Track it")
        found += format_html(
            ' <a href="{}" rel="noreferrer noopener" target="_blank">{}</a>', paper.tracking, words
        )
    return found


def _photo(paper: Shipment) -> Any:
    return format_html(
        '<a class="receipt-thumb" href="{0}" target="_blank" rel="noopener"><img src="{0}?size=thumb" alt="{1}" '
        'loading="lazy" width="64" height="64"></a>', reverse("parts:waybill_photo", args=[paper.number, paper.key]),
        _("Photo of the waybill"),
    )  # fmt: skip


def shows_address(paper: Shipment, user: Any) -> bool:
    """A18: name, phone and street of a parcel in hand; customer service and leaders always."""
    if paper.person_id is None or not may(user, "shipment.address", paper):
        return False
    in_hand = paper.stage != ShipmentStage.DELIVERED
    return in_hand or user.cell("shipment.address") == "Y"


def shows_photo(paper: Shipment, user: Any) -> bool:
    """The waybill to a customer bears his name, phone and street: its photo follows the same right (A18)."""
    return bool(paper.key) and (paper.person_id is None or shows_address(paper, user))


def address(paper: Shipment, user: Any) -> list[Part]:
    if not shows_address(paper, user) or paper.person is None:
        return []
    person = paper.person
    rows = [
        (_("Contact"), person.shown_name), (_("Phone"), person.shown_phone), (_("Customer or company"), person.organisation),
        (_("Province, city, district"), region_of(paper), "wide"), (_("Street and number"), person.street, "wide"),
    ]  # fmt: skip
    return [Part("address", _("Goes to"), rows, note=_("That you looked is written down."))]


def region_of(paper: Shipment) -> str:
    """Where the street lies: the ticket's region, for a parts-only order its customer's."""
    if paper.ticket is not None:
        return paper.ticket.region
    return paper.release.order.customer.region if paper.release and paper.release.order else ""


def link(paper: Any, user: Any) -> Any:
    """A way to the paper, its number alone for whom it does not open."""
    if not paper:
        return "–"
    if paper not in openable(user, [paper]):
        return paper.number
    return format_html('<a href="{}" class="number">{}</a>', paper.get_absolute_url(), paper.number)


def part_link(part: Any, user: Any) -> Any:
    if not may(user, "stock.view"):
        return str(part)
    return format_html('<a href="{}">{}</a>', reverse("parts:part", args=[part.code]), part)


MANY = 6  # codes; more are folded


def codes_of(codes: list[str], user: Any) -> Any:
    """Each code as a way to its life, for whom it opens; many are folded behind their number."""
    if not may(user, "stock.view"):
        return " ".join(codes) or "–"
    rows = ((reverse("parts:code", args=[code]), code) for code in codes)
    ways = format_html_join(" ", '<a href="{}" class="number">{}</a>', rows)
    if len(codes) <= MANY:
        return ways or "–"
    words = ngettext("{n} code", "{n} codes", len(codes)).format(n=len(codes))
    return format_html(
        '<details class="fold"><summary>{}</summary><span class="codes">{}</span></details>', words, ways
    )


def place(zone: str, holder: Any) -> str:
    return where(zone, holder)
