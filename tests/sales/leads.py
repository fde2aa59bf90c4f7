"""Leads and sales for tests, driven through the real services."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from sales import lead_services as services
from sales.lead_selectors import buyers_of
from sales.lead_services import Consent, Wish
from sales.models import Customer, How, Lead, Sale, Source
from sales.selectors import who_is_now
from sales.services import open_customer, write_down

_count = count(1)


def customer(at: dt.datetime, **words: str) -> Customer:
    given = {"name": "李建国", "phone": f"+86139{next(_count):08d}", "organisation": "兴化物流"} | words
    return open_customer(write_down(**given), at=at)


def his(seller: Any, *customers: Customer) -> None:
    """The customers are his: he may name them."""
    Customer.objects.filter(pk__in=[row.pk for row in customers]).update(seller=seller)


def lead(of: Customer, by: Any, at: dt.datetime, source: str = Source.TICKET, **wish: Any) -> Lead:
    return services.register(
        of, source=source, consent=Consent(How.PHONE, at), wish=Wish(**wish), by=by, at=at
    )


def sale(of: Customer, by: Any, at: dt.datetime, commission: str = "1000.00", **facts: Any) -> Sale:
    """To a customer of his: one who had nobody becomes so first."""
    now = who_is_now(of)
    if now.seller_id is None and not buyers_of(by).filter(pk=now.pk).exists():
        his(by, now)
    day = facts.pop("sold_on", at.date())
    return services.record(of, sold_on=day, commission=Decimal(commission), by=by, at=at, **facts)
