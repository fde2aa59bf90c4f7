"""Parts sold on credit (8.7): the order, the parcel, and the chasing until the fortieth day is over (4.11)."""

import datetime as dt
from collections.abc import Generator
from decimal import Decimal
from typing import NamedTuple

from aftersales.limits import DAY, day_end, moment_of
from aftersales.problems import OutOfTurn
from finance.models import Receivable
from finance.services import deducting
from parts.models import Release
from parts.services import releases
from repairs.models import PartsOrder
from repairs.services import orders, quotations

from . import supply
from .moments import hours
from .paying import chase
from .story import Cast

BY_BANK = "要求见到出库单后银行转账"
Selling = Generator[dt.datetime, dt.datetime, tuple[Receivable, dt.datetime]]


class Sale(NamedTuple):
    """Whose customer, which part, how many, and when it is to be paid; it is opened `agreed` days before."""

    engineer: str
    part: str
    pieces: int
    due: dt.date
    agreed: int = 15
    remark: str = "老客户，当天发货"


def sold(cast: Cast, sale: Sale) -> Selling:
    """From the order to the parcel: quoted, agreed by the engineer who answers for it, signed, issued."""
    engineer, part = cast.people[sale.engineer], cast.parts[sale.part]
    customer = cast.rng.choice([one for one in cast.customers if one.kind == "company"])
    at = yield moment_of(sale.due - sale.agreed * DAY, dt.time(9, cast.rng.randint(0, 50)))
    order = orders.open_order(
        by=cast.agent(), at=at, engineer=engineer, customer=customer, remark=sale.remark
    )
    at = yield at + hours(0.6)
    at = yield from _quoted(cast, order, sale, at)
    line = {
        "part": part,
        "quantity": sale.pieces,
        "kind": "outbound",
        "damage": "human",
        "damage_evidence": "单独购买配件",
    }
    sheet = releases.draft(order, by=engineer, at=at, basis="unpaid", lines=[line])
    sheet = releases.consent(sheet, by=engineer, at=at, agreed_day=sale.due, reason="长期客户，信誉良好")
    releases.submit(sheet, by=engineer, at=at)
    at = yield at + hours(1.2)
    supply.signed(cast, Release.objects.get(pk=sheet.pk), at)
    at = yield from supply.issued(cast, sheet, at)
    debt = Receivable.objects.filter(release=sheet).first()
    if debt is None:
        raise OutOfTurn(f"{sale.part} is short in stock")
    return debt, at


def _quoted(
    cast: Cast, order: PartsOrder, sale: Sale, at: dt.datetime
) -> Generator[dt.datetime, dt.datetime, dt.datetime]:
    engineer = cast.people[sale.engineer]
    lines = [{"kind": "part", "part": cast.parts[sale.part], "quantity": Decimal(sale.pieces)}]
    quote = quotations.draft(order, by=engineer, at=at, lines=lines)
    quotations.send(quote, by=engineer, at=at)
    at = yield at + hours(0.7)
    quote.refresh_from_db()
    quotations.accept(quote, at=at, by=engineer, how="客户在电话中同意")
    return at


def bearing(cast: Cast, sale: Sale) -> Selling:
    """Sold, asked for twice, and not paid: on the morning after the fortieth day the draft is there."""
    debt, _at = yield from sold(cast, sale)
    for after in (9, 31):
        at = yield moment_of(sale.due + after * DAY, dt.time(10, 20))
        chase(cast, debt, at, 7 if after == 9 else 0)
    at = yield day_end(sale.due + deducting.days() * DAY) + hours(9)
    return debt, at
