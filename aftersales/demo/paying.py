"""How customers pay what they owe (8.6): at once, in parts, by transfer with an invoice, on site, late, or hardly ever."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.models import User
from aftersales.limits import local_day
from aftersales.money import round_fen
from finance.models import Receipt, Receivable, Refund, SiteMoney
from finance.selectors import open_amounts
from finance.services import chasing, invoicing, on_site, owing, payroll, receipts

from . import words
from .moments import by_day, hours
from .story import Cast, Story

CLERK = "finance3"  # records all money, so that the signers may decide about deductions (SD07)
NOTHING = Decimal("0.00")


def days(value: float) -> dt.timedelta:
    return hours(24 * value)


def person(cast: Cast, pk: int | None) -> User:
    return next(user for user in cast.people.values() if user.pk == pk)


def bill(debt: Receivable) -> Decimal:
    """What the customer still owes for the same ticket or order and nobody has taken on site: he pays a bill, not a row."""
    about = {"ticket": debt.ticket_id, "order": debt.order_id, "customer": debt.customer_id}
    rows = list(Receivable.objects.filter(**about))
    owed = sum((max(amount, NOTHING) for amount in open_amounts(rows).values()), NOTHING)
    for row in Receivable.objects.filter(**about, deductions__confirmed__isnull=False).distinct():
        owed += owing.borne(row)
    taken = SiteMoney.objects.filter(**about, state=SiteMoney.State.DECLARED).aggregate(total=Sum("amount"))
    return max(owed - (taken["total"] or NOTHING), NOTHING)


def pay(
    cast: Cast, debt: Receivable, at: dt.datetime, *, part: str = "1", more: str = "0", method: str = "", reference: str = "",
    repaid_after: dt.timedelta | None = None,
) -> Receipt | None:  # fmt: skip
    """The money arrives and is written down; what an engineer bore of the debt goes back to him within two working days."""
    amount = round_fen(bill(debt) * Decimal(part))
    if amount <= 0:
        return None
    made = receipts.record(
        customer=debt.customer, ticket=debt.ticket, order=debt.order, amount=amount + Decimal(more),
        arrived_at=at - hours(cast.rng.uniform(0.2, 6)), method=method or cast.rng.choice(["wechat", "bank", "alipay"]),
        reference=reference, by=cast.people[CLERK], at=at,
    )  # fmt: skip
    cast.after += [repaid(cast, row, at + (repaid_after or hours(20))) for row in made.refunds.all()]
    return made


def repaid(cast: Cast, refund: Refund, when: dt.datetime) -> Story:
    at = yield by_day(when)
    how = cast.rng.choice(["bank", "payroll"])
    payroll.repay(refund, paid_on=local_day(at), paid_how=how, by=cast.people["finance"], at=at)


def chase(cast: Cast, debt: Receivable, at: dt.datetime, promise: int = 0) -> None:
    """The liable engineer asks for the money and writes down what he heard (4.11)."""
    if owing.owed(debt) > 0:
        day = local_day(at) + dt.timedelta(days=promise) if promise else None
        chasing.chase(
            debt, how=cast.rng.choice(["phone", "phone", "wechat", "visit"]), asked_at=at - hours(0.3),
            said=cast.rng.choice(words.EXCUSES), promised_on=day, by=person(cast, debt.engineer_id), at=at,
        )  # fmt: skip


def declare(cast: Cast, debt: Receivable, at: dt.datetime) -> SiteMoney | None:
    """The engineer was given the money on site and says so; it is in transit until finance has it."""
    about: Any = debt.about
    amount = bill(debt)
    if amount <= 0:
        return None
    return on_site.declare(
        about, amount=amount, method=cast.rng.choice(["cash", "wechat"]), taken_at=at - hours(0.5),
        by=person(cast, about.engineer_id), at=at, note="客户当场付清",
    )  # fmt: skip


def invoice(cast: Cast, debt: Receivable, at: dt.datetime) -> None:
    """发票 before the transfer: companies pay against it."""
    assert debt.customer is not None
    title = debt.customer.person.organisation or debt.customer.person.name
    invoicing.write_invoice(
        debt, title=title, tax_number=f"9132{cast.rng.randint(10**13, 10**14 - 1)}",
        number=f"2632{cast.rng.randint(10**15, 10**16 - 1)}", issued_on=local_day(at), by=cast.people[CLERK], at=at,
    )  # fmt: skip


def transfer_number(cast: Cast, at: dt.datetime) -> str:
    return f"CMB{local_day(at):%Y%m%d}{cast.rng.randint(10**6, 10**7)}"


# --- how one debt ends
def at_once(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    at = yield by_day(at + days(cast.rng.uniform(0.3, 5)))
    pay(cast, debt, at)


def in_parts(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    at = yield by_day(at + days(cast.rng.uniform(2, 8)))
    pay(cast, debt, at, part="0.5")
    at = yield by_day(at + days(cast.rng.uniform(9, 18)))
    pay(cast, debt, at)


def by_transfer(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    at = yield by_day(at + days(cast.rng.uniform(0.5, 2)))
    invoice(cast, debt, at)
    at = yield by_day(at + days(cast.rng.uniform(3, 9)))
    pay(cast, debt, at, method="bank", reference=transfer_number(cast, at))


def on_the_spot(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    at = yield by_day(at + hours(cast.rng.uniform(1, 20)))
    money = declare(cast, debt, at)
    at = yield by_day(at + hours(cast.rng.uniform(4, 30)))
    if money is not None:
        on_site.confirm(money, by=cast.people[CLERK], at=at)


def late(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    for promise in (0, 7):
        at = yield by_day(at + days(cast.rng.uniform(9, 13)))
        chase(cast, debt, at, promise)
    at = yield by_day(at + days(cast.rng.uniform(4, 11)))
    pay(cast, debt, at)


def hardly(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    """After the fortieth day, or never: the engineer bears it meanwhile."""
    for gap in (14, 16):
        at = yield by_day(at + days(gap))
        chase(cast, debt, at)
    at = yield by_day(at + days(cast.rng.uniform(12, 90)))
    if cast.rng.random() < 0.6:
        pay(cast, debt, at)


FATES = (at_once, in_parts, by_transfer, on_the_spot, late, hardly)
WEIGHTS = (50, 10, 12, 9, 12, 7)


def ended(cast: Cast, debt: Receivable, at: dt.datetime) -> Story:
    """One of these."""
    return cast.rng.choices(FATES, WEIGHTS)[0](cast, debt, at)
