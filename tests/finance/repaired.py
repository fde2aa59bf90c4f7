"""Tickets repaired and paid in a month, as the sheets and accounts need them; built on the shop."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aftersales.limits import local_day
from catalogue.services import draft_prices, publish_prices
from finance.models import Account, ClosedMonth, Kind, Receivable, Transfer
from finance.selectors import account_of
from finance.services import accounts, ledger
from finance.services.reasons import Why
from parts.models import Shipment
from parts.services import returning
from tests import build
from tests.conftest import SHANGHAI
from tests.finance.conftest import Shop
from tests.technical import quality

MARCH, APRIL, MAY = dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 5, 1)


def on(month: int, day: int, hour: int = 10, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=SHANGHAI)


def priced(shop: Shop, price: str, cost: str | None, **facts: Any) -> Any:
    """A part in the store, its price and cost on the list."""
    part = build.spare(good=10, by=shop.who.wh, at=shop.now(), **facts)
    row = (part, Decimal(price), None if cost is None else Decimal(cost))
    paper = draft_prices("价格表", local_day(shop.at), prices=[row], rates=[], by=shop.who.fin, at=shop.now())
    publish_prices(paper, by=shop.who.fins, at=shop.now())
    return part


def done(shop: Shop, ticket: Any = None, plan: str = "b", engineer: Any = None) -> Any:
    """The shop's ticket (or another one, driven there first) is completed."""
    ticket = ticket or shop.ticket
    who = type("Crew", (), {"eng": engineer or ticket.engineer or shop.who.eng, "cs": shop.who.cs})
    for step in build.road(ticket, who, plan)[3:6]:
        step(shop.now())
    return reported(type(ticket).objects.get(pk=ticket.pk), shop.now())


def another(shop: Shop, at: dt.datetime, engineer: Any = None, **facts: Any) -> Any:
    """One more ticket, completed within an hour of that moment."""
    who = type("Crew", (), {"eng": engineer or shop.who.eng, "cs": shop.who.cs})
    return reported(build.ticket(at_stage="completed", at=at, company=who, **facts), at + build.HOUR)


def reported(ticket: Any, at: dt.datetime) -> Any:
    """Its quality report has come (4.10), so that it counts in sheets and accounts."""
    quality.submitted(ticket, at)
    return type(ticket).objects.get(pk=ticket.pk)


def sold(shop: Shop, price: str = "60.00", cost: str | None = "35.00", pieces: int = 1) -> Receivable:
    """Parts issued on credit: an open receivable."""
    release = shop.sign(shop.charged("unpaid", (priced(shop, price, cost), pieces)), opinion="未付款")
    shop.issue(release, pieces)
    return Receivable.objects.latest("pk")


def pay(row: Receivable, amount: str, at: dt.datetime) -> Transfer:
    """The customer's money settles a debt on that day."""
    customer = Account.objects.of_kind(Kind.CUSTOMER, row.customer.number if row.customer else "nobody")
    return ledger.post(
        f"paid:test:{row.pk}:{at.isoformat()}", source=account_of(row), target=customer, amount=Decimal(amount),
        day=local_day(at), paper="SK", why=Why.PAID, by=None, at=at,
    )  # fmt: skip


def under_warranty(shop: Shop, pieces: int, price: str = "100.00", cost: str = "40.00") -> Any:
    """A release of parts that are free once their old parts are back, issued."""
    release = shop.sign(shop.release("warranty", (priced(shop, price, cost, recyclable=True), pieces)))
    shop.issue(release, pieces)
    return release


def used(shop: Shop, release: Any) -> None:
    """Every piece was used and every old part taken along: what completion asks (4.7)."""
    line = release.lines.get()
    counts = {"used": line.issued, "unused": 0, "old_taken": line.issued}
    returning.declare(release, by=shop.who.eng, at=shop.now(), said={line.pk: counts})


def labour(ticket: Any, amount: str, at: dt.datetime) -> Receivable:
    """A receivable for work."""
    row = Receivable.objects.create(
        key=f"labour:{ticket.number}:{amount}", kind="labour", ticket=ticket, customer=ticket.customer, amount=Decimal(amount),
        engineer=ticket.engineer, arose_on=local_day(at), due_on=local_day(at), made_at=at,
    )  # fmt: skip
    ledger.post(
        f"labour:{ticket.number}:{amount}", source=Account.objects.of_kind(Kind.LABOUR), target=account_of(row),
        amount=row.amount, day=local_day(at), paper=ticket.number, why=Why.ISSUED, by=None, at=at,
    )  # fmt: skip
    return row


def parcel(ticket: Any, cost: str, at: dt.datetime) -> Shipment:
    """A parcel that was sent, with its freight."""
    from aftersales.models import next_number

    row = Shipment(
        number=next_number("WL", at), ticket=ticket, cost=Decimal(cost), sent_at=at, carrier="顺丰"
    )
    row.sign(by=None, at=at)
    row.save()
    return row


def close(month: dt.date, by: Any, at: dt.datetime) -> ClosedMonth:
    """The month is closed, its accounts rolled up."""
    row = ClosedMonth.objects.create(month=month, closed_at=at, closed_by=by)
    accounts.roll_up(row)
    return row
