"""Two visits by one car, on an engineer's phone (4.1, 4.4c, 6.1, 8.2–8.5, 9.3): appointments, trip, site, signature, claim with a
receipt above the standard and one that is lost, yes of a leader, payment, cost on both tickets and in the statistics sheet.

The portal lives in simulated time; the line breaks once under way, and what was typed is sent once when it is back.
"""

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from aftersales import clock
from deadlines.models import Deadline
from dispatch.models import Trip
from finance.models import Claim, Statement, TravelCost
from repairs.models import Signature, Ticket
from tests import build
from tests.dispatch.conftest import Yard
from tests.finance.travelling import receipt
from tests.technical import quality

from .conftest import PHONE, Someone, now
from .simulated import simulated
from .test_plan_c import draws

__all__ = ["simulated"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
CHINESE, HOUR = "zh-hans", dt.timedelta(hours=1)


def photo(shade: int) -> dict[str, Any]:
    return {"name": "票据.png", "mimeType": "image/png", "buffer": receipt(shade).read()}


@pytest.fixture
def tale(simulated: Any, people: Any) -> SimpleNamespace:
    """Two tickets that the engineer has called about, a car with its driver, who decides and who pays."""
    yard = Yard(people, clock.now())
    driver = build.person("GA", grants=("driver",), name="王师傅")
    leader = build.person("MGR", grants=("leader_approve",), name="赵总")
    payer = build.person("FIN", name="冯晓")
    for person, name in (
        (people.eng, "李建国"),
        (yard.manager, "郑平"),
        (people.fin, "陈敏"),
        (people.fins, "吴芳"),
    ):
        type(person).objects.filter(pk=person.pk).update(name=name)
    calls = {"at": clock.now() - 5 * HOUR, "company": people, "contact": "王小明", "symptom": "电机异响"}
    visits = [
        build.ticket("contacted", region=region, street="幸福路 8 号", **calls)
        for region in ("江苏省盐城市亭湖区", "江苏省盐城市大丰区")
    ]
    return SimpleNamespace(
        time=simulated, people=people, yard=yard, car=yard.car(plate="苏M·88A01"), driver=driver, leader=leader, payer=payer,
        numbers=[visit.number for visit in visits],
    )  # fmt: skip


@pytest.mark.clause("4.1", "4.4c", "6.1", "6.1c", "8.2", "8.3", "8.4", "8.5")
def test_two_visits_by_one_car(comes, tale):
    eng = comes(tale.people.eng, PHONE, CHINESE)
    appoints(eng, tale)
    trip = asks(eng, tale)
    decides(comes(tale.yard.manager, language=CHINESE), trip, tale)
    goes(eng, trip, tale)
    claims(eng, trip)
    paid(comes, tale)
    costs(comes, trip, tale)


def appoints(eng: Someone, tale: Any) -> None:
    for number, when in zip(tale.numbers, ("2026-10-13T10:00", "2026-10-14T09:30"), strict=True):
        eng.visit(number)
        eng.take("plan", plan_type="c", explanation="上门更换轴承", told_how="phone", appointment_at=when)


def asks(eng: Someone, tale: Any) -> Trip:
    """One trip for both, there and back in two days, with a bulky part."""
    page = eng.page
    page.goto("/desk/day/")
    eng.look("day-before")
    page.locator(f"a[href$='?for={tale.numbers[0]}']").click()
    form = page.locator("form.trip-form")
    second = Ticket.objects.get(number=tale.numbers[1])
    form.locator(f"label:has(input[name=tickets][value='{second.number}'])").click()
    eng.fill(form, leaves_at="2026-10-13T07:00", returns_at="2026-10-14T18:00", easy_access="true", severe_weather="false",
             bulky="true", kilometres="160")  # fmt: skip
    expect(page.locator(".advice")).to_contain_text("6.1c")
    eng.look("trip-for-two")
    eng.send(form)
    page.wait_for_url(re.compile(r"/dispatch/trips/CX"))
    return Trip.objects.get()


def decides(boss: Someone, trip: Trip, tale: Any) -> None:
    boss.page.goto(trip.get_absolute_url())
    boss.take("approve", means="car", car=tale.car.plate, driver=tale.driver.username)


def goes(eng: Someone, trip: Trip, tale: Any) -> None:
    tale.time.go_to(2026, 10, 13, 7)
    eng.page.goto(trip.get_absolute_url())
    eng.take("depart", odometer="12000")
    tale.time.go_to(2026, 10, 13, 10)
    eng.page.goto("/desk/day/")
    expect(eng.page.locator(".visit")).to_have_count(2)
    eng.look("day")
    eng.page.locator(f".visit:has-text('{tale.numbers[0]}') a[href$='?step=begin']").click()
    eng.send(eng.form("begin"))
    eng.done()
    signs(eng, tale.numbers[0], lost=True)
    tale.time.go_to(2026, 10, 14, 9, 30)
    eng.visit(tale.numbers[1])
    eng.take("begin")
    signs(eng, tale.numbers[1])
    tale.time.go_to(2026, 10, 14, 17)
    eng.page.goto(trip.get_absolute_url())
    eng.take("come_back", odometer="12345")
    assert Trip.objects.get().driven == 345
    for number in tale.numbers:  # without its report a ticket counts in no sheet (4.10)
        quality.submitted(now(number), tale.time.now())


def signs(eng: Someone, number: str, lost: bool = False) -> None:
    """The customer signs with his finger; once the line breaks as the form is sent, and it goes by itself when it is back."""
    form = eng.open_step("complete")
    eng.fill(form, work_done="已更换轴承", signer="王小明")
    draws(eng, form)
    if lost:
        eng.page.context.set_offline(True)
        eng.send(form)
        expect(form.locator(".line-lost")).to_be_visible()
        eng.look("line-lost")
        assert now(number).stage == "in_service"
        eng.page.context.set_offline(False)
    else:
        eng.send(form)
    eng.done()
    assert (now(number).stage, Signature.objects.filter(ticket__number=number).count()) == ("completed", 1)


def claims(eng: Someone, trip: Trip) -> None:
    """A night of 350 for two (a room of 150), and a ferry without a receipt."""
    page = eng.page
    page.get_by_role("link", name=eng.words("Claim the costs")).click()
    page.locator("[name='amount_2026-10-13']").fill("350")
    page.locator("[name='photo_2026-10-13']").set_input_files(photo(3))
    page.locator("[name=kind_1]").select_option("no_receipt")
    page.locator("[name=amount_1]").fill("15")
    page.locator("[name=note_1]").fill("过渡费，票据遗失")
    eng.look("claim")
    page.get_by_role("button", name=eng.words("Submit to finance")).click()
    page.wait_for_url(re.compile(r"/finance/claims/FY"))
    assert Claim.objects.get().stage == "submitted"


def paid(comes: Any, tale: Any) -> None:
    paper = Claim.objects.get()
    fin = comes(tale.people.fin, language=CHINESE)
    fin.page.goto(paper.get_absolute_url())
    fin.take("check")
    leader = comes(tale.leader, PHONE, CHINESE)
    leader.page.goto(paper.get_absolute_url())
    leader.look("above-the-standard")
    leader.take("decide", **{f"yes_{line.pk}": "true" for line in paper.lines.all() if line.needs_leader})
    payer = comes(tale.payer, language=CHINESE)
    payer.page.goto(paper.get_absolute_url())
    payer.take("pay", secret=build.PASSWORD)
    paper = Claim.objects.get()
    # 30 × 2 persons × 2 days + 350 + 15: driver and engineer were away
    assert (str(paper.amount), Trip.objects.get().stage) == ("485.00", "settled")


def costs(comes: Any, trip: Trip, tale: Any) -> None:
    """Half of it, and half of 345 kilometres, on each ticket; the month's sheet says so."""
    for number in tale.numbers:
        rows = TravelCost.objects.filter(ticket__number=number).values_list("column", "amount")
        assert dict(rows) == {
            "meals": Decimal("60.00"), "lodging": Decimal("175.00"), "no_receipt": Decimal("7.50"), "kilometres": Decimal("172.50"),
        }  # fmt: skip
    tale.time.go_to(2026, 11, 1, 9)
    sheet = Statement.objects.get(engineer=tale.people.eng, month=dt.date(2026, 10, 1))
    fin = comes(tale.people.fins, language=CHINESE)
    fin.page.goto(sheet.get_absolute_url())
    fin.look("sheet")
    for text in ("350.00", "120.00", "15.00", "345.00", *tale.numbers):
        expect(fin.page.locator("main")).to_contain_text(text)
    assert not Deadline.objects.filter(rule="unused_return").exists()
