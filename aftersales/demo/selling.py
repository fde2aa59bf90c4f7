"""Purchase leads of the demonstration (4.2): a dozen over the months in every stage, two sales, one fee that was paid."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aftersales.limits import DAY, local_day
from finance.models import Fee
from finance.services import fees
from sales import lead_services as services
from sales.lead_services import Consent, Wish
from sales.models import How, Lead, Source, Wanted

from .moments import by_day, hours
from .paying import CLERK
from .story import Cast, Story

#: days ago, who registers, source, wish, what becomes of it
LEADS: tuple[tuple[float, str, str, str, str], ...] = (
    (170, "engineer2", Source.TICKET, "想再要两台带雨棚的", "sold and paid"),
    (160, "engineer3", Source.TICKET, "同一家也问过新车", "given up"),
    (120, "service", Source.CALLBACK, "回访时说年底想换车", "given up"),
    (95, "engineer", Source.TICKET, "厂里扩建，要三台", "followed"),
    (80, "sales2", Source.OWN, "老客户介绍的朋友", "followed"),
    (60, "service2", Source.CALLBACK, "园区游览车明年更新", "followed"),
    (45, "engineer4", Source.TICKET, "问过八座的价格", "sold"),
    (30, "engineer5", Source.OTHER, "在服务区遇到，想看样车", "followed"),
    (16, "", Source.WEBSITE, "网站上问送货车", "followed"),
    (9, "engineer2", Source.TICKET, "要一台短途运输", "taken"),
    (3, "engineer", Source.TICKET, "说先问问价", "open"),
    (1, "", Source.WEBSITE, "想了解观光车", "open"),
)
SELLERS = ("sales", "sales2")
HEAD = "sales"


def stories(cast: Cast) -> list[Story]:
    """Each lead is told by itself, the customers from the end of the list, so that they are hardly in the way of repairs."""
    owners = cast.customers[::-1]
    return [_lead(cast, owners[number], number, *row) for number, row in enumerate(LEADS)]


def _lead(
    cast: Cast, customer: Any, number: int, ago: float, who: str, source: str, words: str, end: str
) -> Story:
    at = yield by_day(cast.now - ago * DAY - hours(3))
    by = cast.people[who] if who else None
    vehicle = customer.vehicles.select_related("model").first()
    wish = Wish(vehicle.model if vehicle else None, 1 + number % 3, Wanted.values[number % 4], words)
    consent = Consent(How.WEBSITE if by is None else How.PHONE, at, "2026-11-26" if by is None else "")
    lead = services.register(customer, source=source, consent=consent, wish=wish, by=by, at=at)
    if end != "open":
        yield from _goes_on(cast, lead, number, end, at)


def _goes_on(cast: Cast, lead: Lead, number: int, end: str, at: dt.datetime) -> Story:
    """Somebody of sales takes it, calls, and sells or gives up."""
    seller = cast.people[SELLERS[number % 2]] if lead.seller is None else lead.seller
    if lead.seller is None:
        at = yield by_day(at + hours(5))
        lead = services.take(lead, by=seller, at=at)
    if end == "taken":
        return
    at = yield by_day(at + 2 * DAY)
    lead = services.follow(
        lead, how=How.PHONE, talked_at=at, said="讲了车型和交期，客户要内部商量", next_step="带报价上门", by=seller, at=at,
        next_on=local_day(at + 9 * DAY),
    )  # fmt: skip
    at = yield by_day(at + 8 * DAY)
    if end == "given up":
        services.lose(lead, why="price", note="嫌贵，先不买了", by=seller, at=at)
    elif end == "followed":
        services.follow(
            lead, how=How.VISIT, talked_at=at, said="看过样车，满意，等预算批下来", next_step="月底再联系", by=seller, at=at,
            next_on=max(local_day(at), local_day(cast.now) + dt.timedelta(days=number - 5)),
        )  # fmt: skip
    else:
        yield from _sold(cast, lead, seller, end, at)


def _sold(cast: Cast, lead: Lead, seller: Any, end: str, at: dt.datetime) -> Story:
    """Two days later the contract; another confirms the commission, finance puts the fee on the list."""
    at = yield by_day(at + 2 * DAY)
    sale = services.record(
        lead.customer, sold_on=local_day(at), commission=Decimal("1860.00"), price=Decimal("62800.00"), quantity=2,
        model=lead.model, by=seller, at=at,
    )  # fmt: skip
    at = yield by_day(at + DAY)
    confirmer = cast.people[HEAD if seller.username != HEAD else "finance3"]
    services.confirm(sale, by=confirmer, at=at)
    if end == "sold and paid":
        at = yield by_day(at + DAY)
        payer = cast.people[CLERK if confirmer.username != CLERK else "finance2"]
        fees.pay(Fee.objects.get(sale=sale), by=payer, at=at)
