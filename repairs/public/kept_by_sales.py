"""What sales keeps of a customer on one report: leads with his consent and the talks, the hand-over of his vehicle (PIPL 45)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftersales.display import moments
from sales.delivering import signature_of
from sales.models import Delivery, Lead

from ..models import Ticket

Row = tuple[str, Any]


def leads(ticket: Ticket) -> list[Row]:
    """His leads and what came of talks with him; what colleagues wrote to each other about a lead is not his."""
    rows: list[Row] = []
    for lead in _leads_of(ticket).select_related("model").order_by("registered_at", "pk"):
        rows.append((f"{lead.number} · {moments.when(lead.registered_at)}", _wish(lead)))
        rows.append((_("You agreed that sales may call you"), _agreed(lead)))
        rows += [
            (f"{moments.when(talk.talked_at)} · {talk.get_how_display()}", talk.said or _("talked with you"))
            for talk in lead.follow_ups.exclude(how="").order_by("talked_at", "pk")
        ]
    return rows


def _wish(lead: Lead) -> str:
    model = f"{lead.model} × {lead.quantity}" if lead.model else ""
    return " · ".join(str(w) for w in (model, lead.get_wanted_display(), lead.words, lead.stage_label()) if w)


def _agreed(lead: Lead) -> str:
    said = (lead.get_consent_how_display(), moments.when(lead.consent_at), lead.consent_version)
    return " · ".join(str(word) for word in said if word)


def _leads_of(ticket: Ticket) -> QuerySet[Lead]:
    """Of this report, or about the person who reported: of a company not what another of its people wants."""
    his = Q(contact=ticket.contact_id)
    if ticket.contact.phone:
        his |= Q(contact__phone=ticket.contact.phone)
    return Lead.objects.filter(Q(customer=ticket.customer_id) & his | Q(ticket=ticket.number))


def deliveries(ticket: Ticket) -> list[Row]:
    """The hand-over of the vehicle that he reported, as it was signed last."""
    if ticket.customer_id is None or ticket.vehicle_id is None:
        return []
    rows = Delivery.objects.filter(vehicle=ticket.vehicle_id, customer=ticket.customer_id, current=True)
    return [(row.number, _handed_over(row)) for row in rows.order_by("pk")]


def _handed_over(row: Delivery) -> str:
    signed = signature_of(row)
    said = [_("handed over on {day}").format(day=moments.when(row.delivered_on))]
    said.append(_("consent given") if row.consent else _("consent not given"))
    if signed is not None:
        said.append(
            _("signed by {name}, {moment}").format(
                name=signed.person.shown_name, moment=moments.when(signed.signed_at)
            )
        )
        said += [_("drawn with the finger")] if signed.strokes else []
    return " · ".join(said)
