"""Three months of money at the pages (4.9, 4.11, 8.8, 8.10): a part leaves unpaid, day 40 comes, the wage bears it, the customer
pays after all, the engineer has it back in two working days; each month is signed by both and closed, then the year.

The portal lives in simulated time, its jobs run at their moments; every workbook is taken in the browser and calculated
again. What the company does beside it goes through the services: a colleague with debts of his own makes the lists longer.
"""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from deadlines.models import Deadline
from finance.models import Deduction, Payroll, Receivable, Reconciliation, Refund, YearEnd
from finance.services import months as books
from finance.services import payroll, receipts, reconciling, statements
from tests import build, workbooks
from tests.finance import repaired
from tests.finance.conftest import Shop
from tests.technical import quality

from . import money
from .conftest import PHONE, Someone, now
from .parting import (
    PLAN_A,
    accepts,
    asks,
    called_back,
    consents,
    issues,
    packs,
    quotes,
    ships,
    signs,
    under_way,
)
from .simulated import Simulated, at, simulated

__all__ = ["simulated"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]
OCTOBER, NOVEMBER, DECEMBER = (dt.date(2026, month, 1) for month in (10, 11, 12))
CHINESE, HOUR, DAY = "zh-hans", dt.timedelta(hours=1), dt.timedelta(days=1)
NAMES = {
    "eng": "李建国",
    "other": "周海",
    "fin": "陈敏",
    "fins": "吴芳",
    "mgr": "赵总",
    "cs": "孙丽",
    "wh": "钱仓",
    "ga": "郑平",
}


class Tale:
    """Who is there, what the tale is about, and what everybody sits in front of."""

    cs: Someone
    eng: Someone
    fin: Someone
    fins: Someone
    mgr: Someone
    shops: list[Shop]  # the colleague's business

    def __init__(self, comes: Any, people: Any, time: Simulated) -> None:
        self.comes, self.people, self.time = comes, people, time
        people.other = build.person("ENG")
        for role, name in NAMES.items():
            person = getattr(people, role)
            person.name = name
            person.save(update_fields=["name"])
        self.number = ""

    @property
    def debt(self) -> Receivable:
        return Receivable.objects.get(ticket__number=self.number)

    def drafts(self, person: Any) -> list[Deduction]:
        return list(Deduction.objects.filter(engineer=person, stage="draft").order_by("pk"))


@pytest.fixture
def tale(simulated: Simulated, comes: Any, people: Any, settings: Any) -> Tale:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many prove who they are
    return Tale(comes, people, simulated)


@pytest.mark.clause("4.5c")
@pytest.mark.clause("4.9")
@pytest.mark.clause("4.11")
@pytest.mark.clause("8.8")
@pytest.mark.clause("8.10")
@pytest.mark.clause("9.3")
def test_three_months_and_the_year(tale: Tale) -> None:
    october(tale)
    november_begins(tale)
    before_the_fortieth_day(tale)
    the_day_itself(tale)
    december_begins(tale)
    the_customer_pays(tale)
    december_ends(tale)
    the_year(tale)
    assert books.prove(tale.time.now()) == []


# --- October: the part leaves on the engineer's word
def october(tale: Tale) -> None:
    people, time = tale.people, tale.time
    colleague(tale)
    part = build.spare(good=10, at=time.now() - HOUR, code="FY-KZQ-72", name="控制器", spec="72V")
    build.price(part, "1888.88", at=time.now() - HOUR, cost="1200.10")
    customer, tale.cs, number = under_way(tale.comes, people, "控制器烧毁")
    tale.number, tale.eng = number, tale.comes(people.eng, PHONE)
    tale.eng.visit(number)
    tale.eng.take(
        "contact", confirmed_symptom="控制器进水", damage_type="human", damage_evidence="照片：水渍"
    )
    tale.eng.take("plan", **PLAN_A, needs_parts=True)
    quotes(tale.eng, number, part)
    accepts(customer, "1,888.88")
    consents(customer)
    asks(tale.eng, number, part, basis="unpaid", submit=False)
    tale.eng.take("consent", agreed_day="2026-10-20", reason="老客户，车辆停运")
    tale.eng.take("submit")
    release = people.eng.releases.get()
    tale.fins = tale.comes(people.fins)
    signs(tale.fins, release)
    tale.fins.sees("未付款")
    wh, ga = tale.comes(people.wh), tale.comes(people.ga)
    issues(wh, release)
    parcel = packs(wh, release)
    ships(ga, parcel)
    assert (tale.debt.amount, tale.debt.engineer, tale.debt.due_on) == (
        Decimal("1888.88"),
        people.eng,
        dt.date(2026, 10, 20),
    )

    time.go_to(2026, 10, 15, 10)
    ga.page.goto(parcel.get_absolute_url())
    ga.take("deliver", how="客户电话确认")
    tale.eng.visit(number)
    tale.eng.take("complete", work_done="客户已自行更换", customer_word="电话：正常了")
    quality.submitted(now(number), time.now())
    called_back(tale.cs, number)
    assert now(number).stage == "closed"


def colleague(tale: Tale) -> None:
    """Two debts of another engineer, the older one due so that its 40th day is the last of November."""
    crew = SimpleNamespace(**{role: getattr(tale.people, role) for role in ("cs", "fin", "fins", "wh", "ga")})
    crew.eng = tale.people.other
    tale.shops = []
    for price, cost, pieces in (("111.11", "40.01", 3), ("57.55", "20.02", 2)):
        shop = Shop(crew, tale.time.now() - DAY)
        repaired.sold(shop, price, cost, pieces=pieces)
        repaired.done(shop)
        tale.shops.append(shop)


def colleague_is_paid(tale: Tale, shop: Shop, amount: str) -> None:
    moment = tale.time.now()
    receipts.record(
        customer=shop.customer, ticket=shop.ticket, amount=Decimal(amount), arrived_at=moment - HOUR, method="bank",
        by=tale.people.fin, at=moment,
    )  # fmt: skip


def colleague_signs(tale: Tale, month: dt.date) -> None:
    """His sheet 9.3 and his reconciliation, by both sides."""
    other, moment = tale.people.other, tale.time.now()
    statements.approve(
        statements.confirm(other.statements.get(month=month), by=other, at=moment),
        by=tale.people.fin,
        at=moment,
    )
    paper = reconciling.sign_engineer(other.reconciliations.get(month=month), by=other, at=moment)
    reconciling.sign_finance(paper, by=tale.people.fins, at=moment)


# --- the sheet and the reconciliation of a month, at the pages
def month_is_signed(tale: Tale, month: dt.date, **figures: str) -> Reconciliation:
    """The engineer confirms his sheet 9.3 and signs on his phone; finance checks the one and signs the other."""
    people = tale.people
    sheet = people.eng.statements.get(month=month)
    tale.eng.page.goto("/finance/statements/")
    tale.eng.page.get_by_role("link", name=sheet.number).click()
    tale.eng.look("sheet")
    tale.eng.take("confirm")
    tale.fin.page.goto(sheet.get_absolute_url())
    tale.fin.take("approve")
    paper = people.eng.reconciliations.get(month=month)
    shown = [f"¥{amount}" for amount in figures.values()]
    tale.eng.page.goto("/desk/")
    tale.eng.sees(paper.number)
    tale.eng.look("desk")
    money.signs_month(tale.eng, paper, "engineer", *shown)
    tale.fin.page.goto(paper.get_absolute_url())
    tale.fin.sees("The engineer has signed, finance has not")
    money.signs_month(tale.fin, paper, "finance", *shown)
    tale.fin.sees("Both have signed: the month is locked")
    paper.refresh_from_db()
    assert paper.stage == "locked"
    assert {name: f"{getattr(paper, name):,.2f}" for name in figures} == figures
    return paper


def month_book(tale: Tale, month: str) -> dict[tuple[str, str], Decimal]:
    tale.fins.page.goto(f"/finance/statements/?month={month}")
    tale.fins.look("sheets")
    name = tale.fins.words("Excel of {month}", month=month)
    return workbooks.checked(money.fetches(tale.fins, f"/finance/statements/?month={month}", name))


# --- November
def november_begins(tale: Tale) -> None:
    people, time = tale.people, tale.time
    time.go_to(2026, 10, 28)
    colleague_is_paid(tale, tale.shops[0], "100.00")
    time.go_to(2026, 11, 2)
    for someone in (tale.eng, tale.fins):
        someone.speak(CHINESE)
    tale.fin = tale.comes(people.fin, language=CHINESE)
    month_is_signed(tale, OCTOBER, opening="0.00", new="1,888.88", closing="1,888.88")
    time.go_to(2026, 11, 5)
    tale.fins.page.goto("/desk/inbox/")
    tale.fins.sees(tale.fins.words("Not reconciled for {month}: {names}", month="2026-10", names="周海"))
    colleague_signs(tale, OCTOBER)
    found = month_book(tale, "2026-10")
    assert (found["总表 2026-10", "应收"], found["总表 2026-10", "已收"]) == (
        Decimal("2337.31"),
        Decimal(100),
    )
    assert found["李建国", "收费配件成本"] == Decimal("1200.10")
    assert found["周海", "收费配件成本"] == Decimal("160.07")  # 3 × 40.01 + 2 × 20.02
    money.closes(tale.fins, "2026-10")
    time.go_to(2026, 11, 12)
    colleague_is_paid(tale, tale.shops[1], "115.10")


def before_the_fortieth_day(tale: Tale) -> None:
    """Warned ten days and three days before it is over, and not earlier."""
    eng = tale.eng
    duty = eng.words("Collect the money that the customer owes")
    early, soon = (
        eng.words(text, duty=duty, title=tale.number)
        for text in ("Due in some days: {duty}, {title}", "Soon due: {duty}, {title}")
    )
    for day, told, untold in ((19, [], [early, soon]), (20, [early], [soon]), (27, [early, soon], [])):
        tale.time.go_to(2026, 11, day, 8)
        eng.page.goto("/desk/inbox/")
        eng.sees(*told)
        for sentence in untold:
            eng.sees_not(sentence)
    eng.look("inbox")


def the_day_itself(tale: Tale) -> None:
    """On the 40th day nothing yet, the night after it the draft for the month after; the engineer objects at once."""
    people, time, eng = tale.people, tale.time, tale.eng
    time.go_to(2026, 11, 29, 23, 50)
    eng.page.goto("/finance/deductions/?month=2026-12")
    eng.sees("No deduction in this month")
    assert not Deduction.objects.exists()
    time.go_to(2026, 11, 30, 9)
    row = Deduction.objects.get()
    assert (row.engineer, row.month, row.amount) == (people.eng, DECEMBER, Decimal("1888.88"))
    eng.page.goto("/finance/deductions/?month=2026-12")
    eng.look("drafted")
    eng.page.get_by_role("link", name=row.number).click()
    eng.sees("A draft: nothing is deducted yet", "¥1,888.88")
    eng.take("object", objection="客户说下周付")
    eng.sees("An objection is open")
    eng.look("objected")


# --- December
def december_begins(tale: Tale) -> None:
    """A leader decides, November is signed, finance confirms within the cap, the list goes to payroll."""
    people, time = tale.people, tale.time
    time.go_to(2026, 12, 1, 10)
    mine, his = Deduction.objects.order_by("pk")
    assert (his.engineer, his.month, his.amount) == (people.other, DECEMBER, Decimal("233.33"))
    tale.mgr = tale.comes(people.mgr, language=CHINESE)
    tale.mgr.sees(mine.number)
    tale.mgr.look("desk")
    tale.mgr.page.goto(mine.get_absolute_url())
    tale.mgr.sees("客户说下周付")
    tale.mgr.take("overrule", decision="已逾期 40 天，客户无回复")
    tale.mgr.look("overruled")
    month_is_signed(tale, NOVEMBER, opening="1,888.88", new="0.00", closing="1,888.88")
    colleague_signs(tale, NOVEMBER)

    time.go_to(2026, 12, 3)
    money.wages(tale.fin, "2026-12", "2490", 李建国="8017.33", 周海="6000")
    tale.fins.page.goto("/finance/deductions/?month=2026-12")
    # 20 % of 8,017.33 rounded down to the fen, and what does not fit
    tale.fins.sees("¥1,603.46", "转入下月", "¥285.42")
    tale.fins.look("deductions")
    money.confirms(tale.fins, "2026-12", people.eng, "1,603.46")
    money.confirms(tale.fins, "2026-12", people.other, "233.33")
    roll = Payroll.objects.get(person=people.eng)
    assert (roll.cap, roll.total) == (Decimal("1603.46"), Decimal("1603.46"))
    carried = Deduction.objects.get(engineer=people.eng, stage="draft")
    assert (carried.month, carried.amount, carried.carried) == (dt.date(2027, 1, 1), Decimal("285.42"), True)
    found = payroll_list(tale)
    assert found["扣款", "扣款（元）"] == found["工资扣款 2026-12", "应扣合计（元）"] == Decimal("1836.79")

    time.go_to(2026, 12, 4)
    assert set(month_book(tale, "2026-11").values()) == {Decimal(0)}  # nothing was completed
    money.closes(tale.fins, "2026-11")


def payroll_list(tale: Tale) -> dict[tuple[str, str], Decimal]:
    name = tale.fins.words("List for payroll (Excel)")
    return workbooks.checked(money.fetches(tale.fins, "/finance/deductions/?month=2026-12", name))


def the_customer_pays(tale: Tale) -> None:
    """In two parts: each gives back to the engineer what he bears of it, within two working days."""
    people, time = tale.people, tale.time
    row = Deduction.objects.get(engineer=people.eng, stage="confirmed")
    time.go_to(2026, 12, 10, 15)  # a Thursday
    money.paid(tale.fin, tale.number, "1000.00", at(2026, 12, 10, 14))
    tale.eng.page.goto(row.get_absolute_url())
    tale.eng.sees("¥1,000.00", "12-14 24:00")
    tale.eng.look("refund")
    tale.eng.page.goto("/desk/inbox/")
    told = "{amount} yuan were paid for debts that you answer for ({paper}) (8.6)."
    tale.eng.sees(tale.eng.words(told, amount="1000.00", paper=tale.number))
    tale.eng.sees(
        tale.eng.words(
            "The customer has paid: {amount} yuan that were deducted come back to you (8.8).",
            amount="1000.00",
        )
    )
    tale.eng.look("inbox")
    time.go_to(2026, 12, 11)
    tale.fins.page.goto("/desk/")
    tale.fins.sees("Repay what was deducted from the engineer")
    tale.fins.look("desk")
    money.repays(tale.fins, row, "bank")
    in_time(Refund.objects.get(), "1000.00", at(2026, 12, 15, 0))

    time.go_to(2026, 12, 14)  # a Monday
    money.paid(tale.fin, tale.number, "888.88", at(2026, 12, 14, 8))
    assert tale.drafts(people.eng) == []  # the carried remainder is gone with the debt
    time.go_to(2026, 12, 16, 16)
    money.repays(tale.fins, row, "payroll")
    in_time(Refund.objects.latest("pk"), "603.46", at(2026, 12, 17, 0))


def in_time(refund: Refund, amount: str, due: dt.datetime) -> None:
    clock = Deadline.objects.get(rule="refund", subject_id=refund.pk)
    assert (refund.amount, clock.due_at) == (Decimal(amount), due)
    assert refund.settled_at and clock.met_at == refund.settled_at < due


def december_ends(tale: Tale) -> None:
    people, time = tale.people, tale.time
    time.go_to(2026, 12, 21)
    colleague_is_paid(tale, tale.shops[0], "50.55")
    time.go_to(2026, 12, 22)
    payroll.repay(
        Refund.objects.latest("pk"),
        paid_on=dt.date(2026, 12, 22),
        paid_how="payroll",
        by=people.fins,
        at=time.now(),
    )
    found = payroll_list(tale)
    assert found["返还", "返还（元）"] == Decimal("654.01")  # 603.46 + 50.55
    assert found["工资扣款 2026-12", "应扣合计（元）"] == Decimal("1182.78")

    time.go_to(2027, 1, 4, 10)
    month_is_signed(
        tale, DECEMBER, opening="1,888.88", collected="1,888.88", deducted="1,603.46", refunded="1,603.46", closing="0.00"
    )  # fmt: skip
    colleague_signs(tale, DECEMBER)
    time.go_to(2027, 1, 5)
    found = month_book(tale, "2026-12")
    assert (found["扣款", "金额"], found["扣款", "已确认"]) == (Decimal("2122.21"), Decimal("1836.79"))
    money.closes(tale.fins, "2026-12")


# --- the year
def the_year(tale: Tale) -> None:
    """40 % of each engineer's own profit: prepared, approved, locked; he sees his own and no other."""
    time, eng, fins = tale.time, tale.eng, tale.fins
    chained(tale)
    time.go_to(2027, 1, 8)
    fins.page.goto("/finance/accounts/2026/")
    fins.look("year")
    fins.page.get_by_role("button", name=fins.words("Prepare the year end")).click()
    fins.said("The year end of {year} waits for a leader.", year="2026")
    paper = YearEnd.objects.get()
    eng.page.goto("/finance/year-ends/")
    eng.sees("No year end yet")
    tale.mgr.page.goto("/desk/")
    tale.mgr.sees("Year ends to approve")
    tale.mgr.page.goto(paper.get_absolute_url())
    expect(tale.mgr.page.get_by_text("336.87")).to_be_in_viewport()  # what he approves: 268.31 + 68.56
    tale.mgr.take("approve", secret=build.PASSWORD)
    tale.mgr.sees("已批准")
    tale.mgr.look("approved")
    paper.refresh_from_db()
    assert paper.stage == "locked"
    # 1,888.88 − 1,200.10 − 18.00 of freight, and 40 % of it
    eng.page.goto("/finance/year-ends/")
    eng.page.get_by_role("link", name="2026").click()
    eng.sees("1,200.10", "670.78", "268.31")
    eng.sees_not("周海")
    eng.look("share")
    of_the_year(tale)


def chained(tale: Tale) -> None:
    """Of both engineers every month is locked and begins with the closing before it."""
    for person in (tale.people.eng, tale.people.other):
        rows = list(Reconciliation.objects.filter(engineer=person).order_by("month"))
        assert [(row.month, row.stage) for row in rows] == [
            (month, "locked") for month in (OCTOBER, NOVEMBER, DECEMBER)
        ]
        assert [row.opening for row in rows] == [0, *(row.closing for row in rows[:-1])]


def of_the_year(tale: Tale) -> None:
    fins, fin = tale.fins, tale.fin
    found = workbooks.checked(money.fetches(fins, "/finance/accounts/2026/", fins.words("Excel")))
    for sheet in ("按售后人员 2026", "按月份 2026", "按车型 2026", "按地区 2026"):
        assert found[sheet, "收费配件款"] == Decimal("2154.53")
        assert found[sheet, "利润"] == Decimal("842.18")
    assert found["按售后人员 2026", "分成"] == Decimal("336.87")
    assert found["李建国 2026", "利润"] == Decimal("670.78")
    found = workbooks.checked(money.fetches(fin, "/finance/receivables/", "Excel"))
    assert found == {("应收", "金额"): Decimal("2337.31"), ("应收", "未收"): Decimal(0)}
    fin.look("receivables")
    found = workbooks.checked(money.fetches(fin, "/finance/receipts/", "Excel"))
    assert found["收款", "金额"] == Decimal("2154.53")
    fin.look("receipts")
