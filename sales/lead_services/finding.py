"""The lead that a sale follows, and what becomes of the customer's leads with it (4.2)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..lead_rules import earliest
from ..models import Customer, Lead, LostWhy, Sale
from .core import ENDED, keep_lead, tell_of


def first_lead(customer: Customer, day: dt.date, at: dt.datetime) -> Lead | None:
    """The earliest of his leads that was alive on that day and registered before `at`, locked; the fee follows it."""
    rows = {
        row.pk: row
        for row in Lead.objects.select_for_update(of=("self",)).filter(customer=customer).order_by("pk")
    }
    found = earliest((row.as_rule() for row in rows.values()), day, at)
    return rows[found.id] if found else None


def use_up(sale: Sale, by: Any, at: dt.datetime) -> None:
    """The lead has led to the sale; the customer's other leads that it noted (`note`) end with it."""
    lead = sale.lead
    if lead is None:
        return
    lead.move("win")
    lead.follow_up_at = None
    keep_lead(lead, "win", by=by, at=at, fact=ENDED)
    tell_of(
        lead, [lead.registered_by_id], f"won:{sale.pk}", _("Your lead {number} led to a sale (4.2)."), at=at
    )
    for other in Lead.objects.filter(pk__in=sale.touched).exclude(pk=lead.pk):
        other.move("lose", why=LostWhy.EARLIER)
        other.follow_up_at = None
        keep_lead(other, "lose", by=by, at=at, fact=ENDED)
