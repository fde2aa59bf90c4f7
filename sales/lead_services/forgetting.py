"""What leads say of a customer goes when his personal data is erased (A17), and nobody follows them up any more (PIPL 47)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..lead_flow import LIVE
from ..models import FollowUp, Lead, LostWhy
from .core import ENDED, keep_lead, tell_of


def forget(customers: list[int], *, by: Any, at: dt.datetime) -> None:
    """His own words and what was written down of talks with him are blanked; a lead that is alive ends."""
    rows = Lead.objects.select_for_update(of=("self",)).filter(customer__in=customers).order_by("pk")
    for lead in rows:
        if lead.stage in LIVE:
            _end(lead, by, at)
        elif lead.words:
            _blank(lead, by, at)
    FollowUp.objects.filter(lead__customer__in=customers).exclude(said="").update(said="", next_step="")


def _end(lead: Lead, by: Any, at: dt.datetime) -> None:
    lead.move("lose", why=LostWhy.CONSENT)
    lead.words, lead.follow_up_at = "", None
    said = _("Lead {number} has ended: the customer's personal data was erased (4.2).")
    tell_of(lead, {lead.seller_id, lead.registered_by_id}, "erased", said, at=at)
    keep_lead(lead, "lose", by=by, at=at, fact=ENDED)


def _blank(lead: Lead, by: Any, at: dt.datetime) -> None:
    lead.words = ""
    lead.sign(by=by, at=at)
    lead.save()
