"""Stocktakes, disposals, enquiries and parcels as pages and endpoints."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent
from accounts.services import audit
from aftersales.models import SHANGHAI, within_rate
from deadlines.papers import PaperDesk

from ..models import Disposal, Enquiry, Shipment, Stocktake
from ..sheets import store as sheets
from ..steps.store import ACTS, DISPOSALS, ENQUIRIES, SHIPMENTS, STOCKTAKES

SEEN = "shipment.address_seen"
FOR_EVER = dt.timedelta(days=36_500)


class ParcelDesk(PaperDesk):
    """The page of a parcel; who is shown name, phone and street is written down (A18)."""

    def composed(self, request: Any, paper: Any, at: dt.datetime) -> dict[str, Any]:
        if sheets.shows_address(paper, request.user):
            note_seen(request.user, paper, at)
        return super().composed(request, paper, at)


def note_seen(user: Any, paper: Shipment, at: dt.datetime) -> None:
    """One log row per person, parcel and Shanghai day, however often the page is opened."""
    day = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    subject = f"shipment:{paper.number}"
    if AuditEvent.objects.filter(by=user, verb=SEEN, subject=subject, at__gte=day).exists():
        return
    if within_rate(f"{SEEN}:{user.pk}:{paper.pk}:{day:%Y%m%d}", 1, FOR_EVER, at):
        audit(SEEN, by=user, at=at, subject=subject)


def person(user: Any) -> dict[str, Any] | None:
    return {"username": user.username, "name": user.name} if user else None


def stocktake(paper: Stocktake, user: Any) -> dict[str, Any]:
    return {
        "zone": paper.zone, "reason": paper.reason, "proposed_by": person(paper.made_by), "decided_by": person(paper.decided_by),
        "lines": [
            {"part": x.part.code, "book": x.book, "counted": x.counted, "codes": x.codes} for x in paper.lines.all()
        ],
    }  # fmt: skip


def disposal(paper: Disposal, user: Any) -> dict[str, Any]:
    return {
        "part": paper.part.code, "quantity": paper.quantity, "how": paper.how, "codes": paper.codes, "reason": paper.reason,
        "proposed_by": person(paper.made_by), "decided_by": person(paper.decided_by),
    }  # fmt: skip


def enquiry(paper: Enquiry, user: Any) -> dict[str, Any]:
    return {
        "part": paper.part.code, "quantity": paper.quantity, "department": paper.department, "note": paper.note,
        "release": paper.release.number if paper.release else None, "can_have": paper.can_have,
        "arrives_on": paper.arrives_on, "answer": paper.answer_text, "answered_by": person(paper.answered_by),
        "answered_at": paper.answered_at,
    }  # fmt: skip


def shipment(paper: Shipment, user: Any) -> dict[str, Any]:
    """Without name and street (J41)."""
    return {
        "way": paper.way, "release": paper.release.number if paper.release else None,
        "ticket": paper.ticket.number if paper.ticket else None, "content": paper.content, "carrier": paper.carrier,
        "waybill": paper.waybill, "terms": paper.terms, "cost": None if paper.cost is None else f"{paper.cost:.2f}",
        "sent_at": paper.sent_at,
        "delivered_at": paper.delivered_at,
    }  # fmt: skip


STOCKTAKE = PaperDesk(
    app="parts", name="stocktake", plural="stocktakes", steps=STOCKTAKES, view="parts.page", step_action="stock.adjust_approve",
    rows=lambda user: Stocktake.objects.select_related("made_by", "decided_by").prefetch_related("lines__part"),
    sheet=sheets.stocktake, payload=stocktake, home=("parts:stocktakes", _("Stocktakes")), acts=ACTS,
)  # fmt: skip
DISPOSAL = PaperDesk(
    app="parts", name="disposal", plural="disposals", steps=DISPOSALS, view="parts.page", step_action="old_part.dispose",
    rows=lambda user: Disposal.objects.select_related("made_by", "decided_by", "part"),
    sheet=sheets.disposal, payload=disposal, home=("parts:disposals", _("Disposal of old parts")), acts=ACTS,
)  # fmt: skip
ENQUIRY = PaperDesk(
    app="parts", name="enquiry", plural="enquiries", steps=ENQUIRIES, view="enquiry.view", step_action="enquiry.step",
    rows=lambda user: Enquiry.objects.visible_to(user).select_related("made_by", "answered_by", "part", "release"),
    sheet=sheets.enquiry, payload=enquiry, home=("parts:enquiries", _("Enquiries")), acts=ACTS,
)  # fmt: skip
SHIPMENT = ParcelDesk(
    app="parts", name="shipment", plural="shipments", steps=SHIPMENTS, view="shipment.view", step_action="shipment.step",
    rows=lambda user: Shipment.objects.visible_to(user).select_related(
        "made_by", "sent_by", "person", "release__ticket", "release__order__customer", "ticket"
    ),
    sheet=sheets.shipment, payload=shipment, home=("parts:shipments", _("Shipments")), acts=ACTS,
)  # fmt: skip
DESKS = [STOCKTAKE, DISPOSAL, ENQUIRY, SHIPMENT]
