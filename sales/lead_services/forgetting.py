"""Leads follow their customer: two rows become one, or his personal data is erased (A17, A23)."""

import datetime as dt
from typing import Any

from ..models import Customer, FollowUp, Lead, Sale


def give(moved: dict[str, list[int]], to: Customer, *, by: Any, at: dt.datetime) -> None:
    """Leads and sales of a merged customer go to the one who is kept, or back."""
    rows: Any = [
        *Lead.objects.filter(pk__in=moved.get("leads", [])),
        *Sale.objects.filter(pk__in=moved.get("sales", [])),
    ]
    for row in rows:
        row.customer = to
        row.sign(by=by, at=at)
        row.save()


def of(customer: Customer) -> dict[str, Any]:
    return {
        "leads": list(Lead.objects.filter(customer=customer).values_list("pk", flat=True)),
        "sales": list(Sale.objects.filter(customer=customer).values_list("pk", flat=True)),
    }


def forget(customer: Customer, *, by: Any, at: dt.datetime) -> None:
    """His own words and what was written down of talks with him are blanked."""
    for lead in Lead.objects.filter(customer=customer).exclude(words=""):
        lead.words = ""
        lead.sign(by=by, at=at)
        lead.save()
    FollowUp.objects.filter(lead__customer=customer).exclude(said="").update(said="", next_step="")
