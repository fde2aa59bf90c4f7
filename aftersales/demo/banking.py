"""The bank's list (C38): taken in, what is matched posted, what nobody knows left standing. And two of the company's figures."""

import datetime as dt
import io

from django.db.models import Q

from aftersales.limits import following, local_day
from finance.imports import bank as reading
from finance.models import Receivable
from finance.selectors import open_amounts
from finance.services import bank
from policy import services as policy

from .credit import BY_BANK
from .moments import by_day, hours
from .paying import CLERK, days, transfer_number
from .story import Cast, Story

AGO = (47, 1)  # days before now on which a list was taken in
STRANGERS = [
    ("兴化市顺达物流有限公司", "货款"),
    ("个人网银转账", "维修费"),
    ("泰州市天和贸易有限公司", "往来款"),
]


def lists(cast: Cast) -> list[Story]:
    return [one(cast, cast.now - days(ago), known) for ago, known in zip(AGO, (4, 3), strict=True)]


def one(cast: Cast, when: dt.datetime, known: int) -> Story:
    """A few of the open debts are paid by transfer on the day before; two rows are nobody's."""
    at = yield by_day(when)
    file = io.BytesIO(_written(cast, at, known).encode("gb18030"))
    sheet = reading.read(file)
    name = f"招商银行交易明细_{local_day(at):%Y%m%d}.csv"
    clerk = cast.people[CLERK]
    batch = bank.take(name, reading.digest(file), sheet.rows, sheet.numbers, by=clerk, at=at)
    at = yield at + hours(0.3)
    if bank.to_post(batch):
        bank.post(batch, by=clerk, at=at)


def _written(cast: Cast, at: dt.datetime, known: int) -> str:
    rows, moment = [[str(column.label) for column in reading.columns()]], at - hours(20)
    for debt, amount in _open(at)[:known]:
        customer = debt.customer
        payer = customer.person.organisation or customer.person.name if customer else ""
        text = f"配件及维修费 {debt.clock_title()}" if debt.order_id or cast.rng.random() < 0.6 else "维修费"
        rows.append([_time(moment), str(amount), payer, text, transfer_number(cast, moment)])
    for payer, text in cast.rng.sample(STRANGERS, 2):
        amount = f"{cast.rng.randint(80, 2600)}.00"
        rows.append([_time(moment), amount, payer, text, transfer_number(cast, moment)])
    return "\n".join(",".join(row) for row in rows)


def _open(at: dt.datetime) -> list[tuple[Receivable, object]]:
    """Debts of the last weeks: of tickets, and of who said that he would pay by transfer; these first."""
    today = local_day(at)
    rows = Receivable.objects.filter(Q(order=None) | Q(order__remark=BY_BANK), arose_on__gte=today - days(40))
    rows = rows.filter(arose_on__lte=today - days(3)).select_related("customer__person", "ticket", "order")
    found = sorted(rows, key=lambda row: (row.order_id is None, row.pk))
    left = open_amounts(found)
    return [(row, left[row.pk]) for row in found if left[row.pk] > 0]


def _time(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def figures(cast: Cast) -> Story:
    """A leader has proposed two figures; one is seconded and counts from the next month on, one waits for another leader."""
    at = yield by_day(cast.now - days(2))
    since = following(local_day(at) + dt.timedelta(days=5))
    leader, other = cast.people["leader"], cast.people["leader2"]
    policy.propose("credit_days", "20", since=since, reason="缩短先发货后付款的账期", by=leader, at=at)
    change = policy.propose(
        "recorder_signs_below", "3000", since=since, reason="收紧收款人自签限额", by=leader, at=at
    )
    at = yield cast.now - hours(0.1)
    policy.second(change, by=other, at=at)
