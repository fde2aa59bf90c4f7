"""A sale that counts no more gives its leads back as they were, as far as nobody has touched them since (4.2, A23)."""

import datetime as dt
from typing import Any

from ..lead_flow import LIVE, LeadStage
from ..models import Lead, LostWhy, Sale
from .core import REGISTERED, keep_lead, next_due

L = LeadStage


def note(sale: Sale) -> None:
    """Before a sale with a lead is kept it notes how that one and the customer's others that are alive stand; it is about to
    use them up. Who has one in hand stands on it all along."""
    if sale.lead is not None:
        alive = Lead.objects.filter(customer=sale.customer, stage__in=LIVE, registered_at__lt=sale.made_at)
        leads = [sale.lead, *alive.exclude(pk=sale.lead.pk)]
        sale.touched = {str(lead.pk): [lead.stage, lead.lost_why] for lead in leads}


def give_back(sale: Sale, *, name: str, by: Any, at: dt.datetime, sold: bool) -> None:
    """Every lead that still is as `sale` left it stands as before, the name of the act in its history; of a customer who was
    erased since none lives on (PIPL 47). `sold`: the customer did buy then, so whoever sold goes on with a lead that nobody had
    in hand."""
    rows = Lead.objects.select_for_update(of=("self",)).filter(pk__in=[sale.lead_id, *sale.touched])
    for lead in rows.select_related("customer").order_by("pk"):
        stage, why = sale.touched.get(str(lead.pk)) or (L.TAKEN if lead.seller_id else L.OPEN, "")
        if lead.customer.erased_at is not None:
            _leave_dead(lead, sale, why, name, by, at)
            continue
        if lead.pk == sale.lead_id:
            _set(lead, L.TAKEN if sold and stage == L.OPEN else stage, why, sale)
        elif (lead.stage, lead.lost_why) == (L.LOST, LostWhy.EARLIER):
            _set(lead, stage, why, sale)
        else:
            continue
        _keep(lead, name, by, at)


def _leave_dead(lead: Lead, sale: Sale, why: str, name: str, by: Any, at: dt.datetime) -> None:
    if lead.pk == sale.lead_id:
        lead.move("lose_again", why=why or LostWhy.CONSENT)
        _keep(lead, name, by, at)


def _set(lead: Lead, stage: str, why: str, sale: Sale) -> None:
    if stage == L.TAKEN:
        lead.move("free", seller=lead.seller or sale.seller)
    elif stage == L.OPEN:
        lead.move("reopen")
    else:
        lead.move("lose_again", why=why)


def _keep(lead: Lead, name: str, by: Any, at: dt.datetime) -> None:
    """Its clock begins anew, if it has one."""
    runs = lead.stage in LIVE and not lead.is_lapsed
    lead.follow_up_at = next_due(at) if runs else None
    keep_lead(lead, name, by=by, at=at, fact=REGISTERED if runs else "")
