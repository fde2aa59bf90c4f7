"""Debts as the tests of this folder need them: of the shop's ticket, of an order, from before the portal; borne in part."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aftersales.limits import local_day
from finance.models import Account, Deduction, Kind, Receivable
from finance.selectors import account_of
from finance.services import deducting, ledger, opening, owing
from finance.services.reasons import Why
from sales.services import open_customer, write_down
from tests import build

DAY = dt.timedelta(days=1)


def debt(shop: Any, price: str = "60.00", pieces: int = 1) -> Receivable:
    """Parts that went out unpaid on the shop's ticket: due in ten days, the shop's engineer answers for it."""
    paper = shop.charged("unpaid", (shop.part(price), pieces))
    shop.issue(shop.sign(paper, opinion="未付款"), pieces)
    return Receivable.objects.get(release=paper)


def old_debt(
    shop: Any,
    amount: str = "100.00",
    *,
    due: int = 0,
    customer: Any = None,
    engineer: Any = None,
    key: str = "",
) -> Receivable:
    """A debt from before the portal that fell due so many days ago."""
    day = local_day(shop.at) - due * DAY
    row = {
        "key": key or f"A-{Receivable.objects.count() + 1}", "customer": customer or shop.customer,
        "engineer": engineer or shop.who.eng, "amount": Decimal(amount), "arose_on": day - 5 * DAY, "due_on": day, "note": "",
    }  # fmt: skip
    row["note"] = f"旧账 {row['key']}"
    return opening.take_over([row], source="test", by=shop.who.fin, at=shop.now())[0]


def borne(shop: Any, row: Receivable, amount: str) -> Deduction:
    """So much of it was deducted from the engineer's wage and confirmed, as the books have it."""
    month = local_day(shop.at).replace(day=1)
    paper = Deduction(
        kind=Deduction.Kind.DEBT,
        engineer=row.engineer,
        receivable=row,
        due_on=row.due_on,
        amount=Decimal(amount),
    )
    deducting.write(paper, month, shop.now())
    paper.move("confirm", confirmed=Decimal(amount), confirmed_by=shop.who.fins, confirmed_at=shop.at)
    paper.sign(by=shop.who.fins, at=shop.at)
    paper.save()
    ledger.post(
        paper.key, source=account_of(row), target=Account.objects.of_kind(Kind.WAGE, row.engineer.username),
        amount=Decimal(amount), day=local_day(shop.at), paper=paper.number, why=Why.DEDUCTED, by=shop.who.fins, at=shop.at,
    )  # fmt: skip
    owing.follow(row, by=shop.who.fins, at=shop.at)
    return paper


def customer(
    at: dt.datetime, name: str = "李四", phone: str = "+8613912340001", organisation: str = ""
) -> Any:
    return open_customer(write_down(name=name, phone=phone, organisation=organisation), at=at)


def fins() -> Any:
    return build.person("FINS")


def balanced() -> None:
    """Every customer's credit is what his receipts still hold and what covers releases that are not issued yet."""
    from finance.models import Receipt
    from finance.selectors import credit_of, free_of
    from finance.services.covering import unspent
    from parts.models import Release
    from sales.models import Customer

    for row in Customer.objects.all():
        free = sum(free_of(Receipt.objects.filter(customer=row)).values(), Decimal(0))
        reserved = sum((unspent(paper) for paper in Release.objects.filter(debtor=row)), Decimal(0))
        assert credit_of(row.number) == free + reserved, (row.number, credit_of(row.number), free, reserved)
