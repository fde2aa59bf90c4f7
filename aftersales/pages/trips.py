"""The trip as one desk: administration's paper, and from it the way to finance's claim (8.2)."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display.sheet import Sheet
from dispatch.desk import trips
from dispatch.models import Trip
from finance.models import Claim
from finance.services.claims import may_claim


def sheet(paper: Trip, user: Any) -> Sheet:
    """What administration shows, the claims for it that this person may see, and the way to write one."""
    found = trips.DESK.sheet(paper, user)
    claims = Claim.objects.visible_to(user).filter(trip=paper).order_by("pk") if paper.is_over else []
    found.links = [*found.links, *((row.number, row.get_absolute_url()) for row in claims)]
    if paper.is_over and may(user, "expense.claim") and may_claim(paper, user):
        found.ways = [
            *found.ways,
            (str(_("Claim the costs")), f"{reverse('finance:new_claim')}?trip={paper.number}"),
        ]
    return found


DESK = replace(trips.DESK, sheet=sheet)
