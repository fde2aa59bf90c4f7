"""A lead's last day passes by itself (4.2); a nightly job only says so, and ends its clock."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.limits import DAY, local_day

from ..lead_flow import LIVE
from ..models import Lead
from .core import ENDED, keep_lead, locked, tell_of

WARNED = 30  # days before the last one


def lapse(now: dt.datetime) -> int:
    """Tell who has it, or registered it, that it lapses in a month or has lapsed. Safe to run late, twice, or never: whether
    a lead counts is asked of its last day. Answers how many lapsed."""
    today = local_day(now)
    rows = Lead.objects.filter(stage__in=LIVE, follow_up_at__isnull=False)
    for lead in rows.filter(last_day__gte=today, last_day__lte=today + WARNED * DAY):
        tell_of(lead, {lead.seller_id, lead.registered_by_id}, "lapses", _("Lead {number} lapses on {day} (4.2)."), at=now,
                day=lead.last_day.isoformat())  # fmt: skip
    over = list(rows.filter(last_day__lt=today).order_by("pk"))
    for lead in over:
        _end(lead, now)
    return len(over)


@transaction.atomic
def _end(lead: Lead, now: dt.datetime) -> None:
    held = locked(lead)
    if held.stage not in LIVE or held.follow_up_at is None:
        return
    held.follow_up_at = None
    tell_of(
        held, {held.seller_id, held.registered_by_id}, "lapsed", _("Lead {number} has lapsed (4.2)."), at=now
    )
    keep_lead(held, "lapse", by=None, at=now, fact=ENDED)
