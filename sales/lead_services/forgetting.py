"""What leads say of a customer goes when his personal data is erased (A17)."""

import datetime as dt
from typing import Any

from ..models import Customer, FollowUp, Lead


def forget(customer: Customer, *, by: Any, at: dt.datetime) -> None:
    """His own words and what was written down of talks with him are blanked."""
    for lead in Lead.objects.filter(customer=customer).exclude(words=""):
        lead.words = ""
        lead.sign(by=by, at=at)
        lead.save()
    FollowUp.objects.filter(lead__customer=customer).exclude(said="").update(said="", next_step="")
