"""Leads follow their customer: two rows become one, or his personal data is erased (A17, A23)."""

from typing import Any

from ...models import Customer
from ..models import FollowUp, Lead, Sale


def give(moved: dict[str, list[int]], to: Customer) -> None:
    """Leads and sales of a merged customer go to the one who is kept, or back."""
    Lead.objects.filter(pk__in=moved.get("leads", [])).update(customer=to)
    Sale.objects.filter(pk__in=moved.get("sales", [])).update(customer=to)


def of(customer: Customer) -> dict[str, Any]:
    return {
        "leads": list(Lead.objects.filter(customer=customer).values_list("pk", flat=True)),
        "sales": list(Sale.objects.filter(customer=customer).values_list("pk", flat=True)),
    }


def forget(customer: Customer) -> None:
    """His own words and what was written down of talks with him are blanked."""
    Lead.objects.filter(customer=customer).update(words="")
    FollowUp.objects.filter(lead__customer=customer).exclude(said="").update(said="", next_step="")
