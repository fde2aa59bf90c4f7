"""A sale looks for its lead once more: its customer was merged with the one whom the lead names, or parted again (4.2, A23)."""

import datetime as dt
from typing import Any

from aftersales.paperwork import keep

from ..lead_flow import SaleStage
from ..models import Customer, Sale
from .giving_back import give_back, note
from .selling import first_lead, use_up


def match_again(customer: Customer, *, by: Any, at: dt.datetime) -> list[int]:
    """Sales without a lead whose commission nobody confirmed yet take the earliest that was alive then, as they would have
    found it; under the customer's lock. Answers which sales."""
    rows = Sale.objects.filter(customer=customer, lead=None, confirmed_at=None)
    found = []
    for sale in (
        rows.exclude(stage=SaleStage.CANCELLED).select_for_update(of=("self",)).order_by("made_at", "pk")
    ):
        sale.lead = first_lead(customer, sale.sold_on, sale.made_at)
        if sale.lead is not None:
            note(sale)
            keep(sale, "match", by=by, at=at)
            use_up(sale, by, at)
            found.append(sale.pk)
    return found


def unmatch(sales: list[int], *, by: Any, at: dt.datetime) -> None:
    """The merge was a mistake: what nobody has confirmed meanwhile has no lead again, and the leads stand as before."""
    rows = Sale.objects.filter(pk__in=sales, confirmed_at=None, lead__isnull=False)
    for sale in rows.exclude(stage=SaleStage.CANCELLED).select_for_update(of=("self",)).order_by("pk"):
        give_back(sale, name="part", by=by, at=at, sold=False)
        sale.lead, sale.touched = None, {}
        keep(sale, "unmatch", by=by, at=at)
