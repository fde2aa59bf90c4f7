"""What leads say of a customer goes when his personal data is erased (A17)."""

import datetime as dt
from typing import Any

from ..models import FollowUp, Lead


def forget(customers: list[int], *, by: Any, at: dt.datetime) -> None:
    """His own words and what was written down of talks with him are blanked."""
    for lead in Lead.objects.filter(customer__in=customers).exclude(words=""):
        lead.words = ""
        lead.sign(by=by, at=at)
        lead.save()
    FollowUp.objects.filter(lead__customer__in=customers).exclude(said="").update(said="", next_step="")
