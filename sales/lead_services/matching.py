"""A sale looks for its lead once more: its customer was merged with the one whom the lead names, or parted again (4.2, A23), or
the sale that had the lead was cancelled (SD12)."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet

from aftersales.paperwork import keep

from ..around import is_ahead
from ..lead_flow import SaleStage
from ..models import Customer, Lead, Sale
from .finding import first_lead, use_up
from .giving_back import give_back, note


def match_again(customer: Customer, *, by: Any, at: dt.datetime, name: str = "match") -> list[int]:
    """Sales whose commission nobody confirmed yet take the earliest lead that was alive then, as they would have found it, also
    in place of a later one, with `name` in their history; under the customer's lock. Answers which sales."""
    found = []
    for sale in _unconfirmed(customer):
        first = first_lead(customer, sale.sold_on, sale.made_at)
        if first is not None and is_ahead(first, sale.lead):
            _follow(sale, first, name, by, at)
            found.append(sale.pk)
    return found


def unmatch(*customers: Customer, by: Any, at: dt.datetime) -> None:
    """They are two again: a sale that nobody confirmed leaves a lead of the other one, as it stood before, and takes the earliest
    of its own customer, if there is one."""
    for customer in customers:
        for sale in _unconfirmed(customer).exclude(lead=None).exclude(lead__customer=F("customer")):
            _leave(sale, by, at)
            keep(sale, "unmatch", by=by, at=at)
    for customer in customers:
        match_again(customer, by=by, at=at)


def _unconfirmed(customer: Customer) -> QuerySet[Sale]:
    rows = Sale.objects.filter(customer=customer, confirmed_at=None).exclude(stage=SaleStage.CANCELLED)
    return rows.select_for_update(of=("self",)).order_by("made_at", "pk")


def _follow(sale: Sale, lead: Lead, name: str, by: Any, at: dt.datetime) -> None:
    if sale.lead is not None:
        _leave(sale, by, at)
    sale.lead = lead
    note(sale)
    keep(sale, name, by=by, at=at)
    use_up(sale, by, at)


def _leave(sale: Sale, by: Any, at: dt.datetime) -> None:
    give_back(sale, name="part", by=by, at=at, sold=False)
    sale.lead, sale.touched = None, {}
