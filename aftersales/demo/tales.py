"""What becomes of the money for parts sold on credit, one tale an order: up to the fortieth day and behind it (8.7, 8.8)."""

import datetime as dt

from aftersales.limits import DAY, first_of, local_day, moment_of
from aftersales.problems import OutOfTurn
from finance.flow import DeductionStage
from finance.models import Deduction, Receivable
from finance.services import deducting, giving_up
from finance.services.booking import before

from .credit import BY_BANK, Sale, bearing, sold
from .moments import by_day, hours
from .paying import chase, days, declare, invoice, pay, transfer_number
from .story import Cast, Story


def tales(cast: Cast) -> list[Story]:
    """Anchored in months before now, so that each has come as far as its name says whatever the day."""
    today, month = local_day(cast.now), first_of(local_day(cast.now))
    start = [month]
    for _ in range(10):
        start.append(before(start[-1]))
    return [
        carried(cast, Sale("engineer4", "FY-DJ-001", 1, start[9] + 7 * DAY)),
        refunded(cast, Sale("engineer2", "FY-DC-001", 1, start[6] + 2 * DAY)),
        overruled(cast, Sale("engineer3", "FY-ZX-002", 1, start[5] + DAY)),
        upheld(cast, Sale("engineer5", "FY-KZ-003", 1, start[4] + DAY)),
        dropped(cast, Sale("engineer", "FY-DQ-002", 1, start[3] + 4 * DAY)),
        to_refund(cast, Sale("engineer2", "FY-KZ-001", 1, start[2] - 30 * DAY)),
        objected(cast, Sale("engineer", "FY-CD-001", 1, today - 44 * DAY)),
        drafted(cast, Sale("engineer3", "FY-CS-003", 1, today - 50 * DAY)),
        promised(cast, Sale("engineer4", "FY-CS-002", 3, today - 34 * DAY)),
        in_two(cast, Sale("engineer5", "FY-DQ-002", 2, today - 38 * DAY)),
        overpaid(cast, Sale("engineer4", "FY-KZ-002", 2, today - 12 * DAY)),
        by_bank(cast, Sale("engineer2", "FY-LT-001", 2, today + 6 * DAY, remark=BY_BANK)),
        in_transit(cast, Sale("engineer", "FY-YY-001", 1, today + 8 * DAY, 10)),
    ]


def draft_of(debt: Receivable) -> Deduction:
    live = [DeductionStage.DRAFT, DeductionStage.OBJECTED]
    found: Deduction | None = Deduction.objects.filter(receivable=debt, stage__in=live).first()
    if found is None:
        raise OutOfTurn(f"{debt} has no draft")
    return found


# --- the fortieth day is over
def carried(cast: Cast, sale: Sale) -> Story:
    """More than a month can bear: the rest moves on. Much later the customer pays half, and so much comes back."""
    debt, at = yield from bearing(cast, sale)
    at = yield by_day(at + days(85))
    pay(cast, debt, at, part="0.5", method="bank", reference=transfer_number(cast, at))


def refunded(cast: Cast, sale: Sale) -> Story:
    """Deducted; then the customer pays after all and finance repays the engineer in time."""
    debt, at = yield from bearing(cast, sale)
    at = yield by_day(at + days(60))
    pay(cast, debt, at, method="bank", reference=transfer_number(cast, at))


def overruled(cast: Cast, sale: Sale) -> Story:
    debt, at = yield from bearing(cast, sale)
    deducting.object_to(draft_of(debt), by=debt.engineer, at=at, objection="客户答应月底付款，请再宽限一个月")
    at = yield by_day(at + hours(26))
    deducting.overrule(
        draft_of(debt), by=cast.people["leader"], at=at, decision="已逾期四十天，按章程 8.8 扣款，到账后返还"
    )


def upheld(cast: Cast, sale: Sale) -> Story:
    """The leader agrees with the engineer; the small debt is given up by two (SD12)."""
    debt, at = yield from bearing(cast, sale)
    deducting.object_to(
        draft_of(debt), by=debt.engineer, at=at, objection="客户单位已注销，发货前信用核查由销售部负责"
    )
    at = yield by_day(at + hours(21))
    deducting.uphold(
        draft_of(debt), by=cast.people["leader2"], at=at, decision="情况属实，不应由售后人员承担"
    )
    at = yield by_day(at + days(2))
    row = giving_up.propose(
        debt, amount=debt.amount, reason="客户单位已注销，无法追回", by=cast.people["finance"], at=at
    )
    at = yield by_day(at + hours(5))
    giving_up.second(row, by=cast.people["finance2"], at=at)


def dropped(cast: Cast, sale: Sale) -> Story:
    """The draft is enough: the customer pays before it is confirmed."""
    debt, at = yield from bearing(cast, sale)
    at = yield by_day(at + days(3))
    pay(cast, debt, at)


def to_refund(cast: Cast, sale: Sale) -> Story:
    """Deducted last month; yesterday the money came, and the refund waits for finance."""
    debt, _at = yield from bearing(cast, sale)
    at = yield by_day(cast.now - hours(20))
    pay(cast, debt, at, method="bank", reference=transfer_number(cast, at), repaid_after=hours(40))


def objected(cast: Cast, sale: Sale) -> Story:
    """A leader has not decided yet."""
    debt, _at = yield from bearing(cast, sale)
    at = yield by_day(cast.now - hours(30))
    deducting.object_to(
        draft_of(debt), by=debt.engineer, at=at, objection="客户反映充电器是坏的，正在退换，不应算欠款"
    )


def drafted(cast: Cast, sale: Sale) -> Story:
    yield from bearing(cast, sale)


# --- paid in time, more or less
def promised(cast: Cast, sale: Sale) -> Story:
    """Soon to be over its fortieth day: asked for three times, promised for next week."""
    debt, _at = yield from sold(cast, sale)
    for after in (6, 20, 33):
        at = yield moment_of(sale.due + after * DAY, dt.time(16, 10))
        chase(cast, debt, at, 6 if after == 33 else 0)


def in_two(cast: Cast, sale: Sale) -> Story:
    """A company pays by transfer against its invoice, in two parts."""
    debt, at = yield from sold(cast, sale)
    at = yield by_day(at + days(1))
    invoice(cast, debt, at)
    for gap in (5, 14):
        at = yield by_day(at + days(gap))
        pay(
            cast,
            debt,
            at,
            part="0.5" if gap == 5 else "1",
            method="bank",
            reference=transfer_number(cast, at),
        )


def overpaid(cast: Cast, sale: Sale) -> Story:
    """Rounded up: what is too much stays the customer's credit."""
    debt, at = yield from sold(cast, sale)
    at = yield by_day(at + days(4))
    pay(cast, debt, at, more="44", method="wechat")


def by_bank(cast: Cast, sale: Sale) -> Story:
    """The bank's list brings the money (`banking.py`)."""
    debt, at = yield from sold(cast, sale)
    at = yield by_day(at + days(1))
    invoice(cast, debt, at)


def in_transit(cast: Cast, sale: Sale) -> Story:
    """The engineer was given the money and said so; finance has not got it yet."""
    debt, _at = yield from sold(cast, sale)
    at = yield cast.now - hours(5)
    declare(cast, debt, at)
