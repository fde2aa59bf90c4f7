"""A trip by car, from the engineer's phone to the manager's week and back (6.1, 6.2, 8.4); everybody reads Chinese."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dispatch.models import Fine, Trip
from tests import build
from tests.dispatch.conftest import Yard

from .conftest import DESK, PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("6.1", "6.1c", "6.2", "8.4")]
CHINESE, HOUR = "zh-hans", dt.timedelta(hours=1)


def typed(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def yard(people):
    """With cars, drivers, and a week in which others are on the road."""
    found = Yard(people, timezone.now().replace(second=0, microsecond=0) - 60 * HOUR)
    for person, name in ((found.eng, "李建国"), (found.manager, "郑平"), (people.ga, "孙丽")):
        type(person).objects.filter(pk=person.pk).update(name=name)
    driver, mate = (
        build.person("GA", grants=("driver",), name="王师傅"),
        build.person("GA", grants=("driver",), name="周师傅"),
    )
    bus = found.car(
        plate="苏M·88A01", name="依维柯 工程车", insured_until=timezone.localdate() + dt.timedelta(days=9)
    )
    van = found.car(
        plate="苏M·17K52", name="江铃 全顺", service_on=timezone.localdate() - dt.timedelta(days=1)
    )
    found.car(plate="苏M·30C66", name="上汽大通", active=False)
    found.returned(bus, driver, hours=2, takes=30, place="盐城大丰港")
    found.departed(van, mate, hours=20, takes=20, place="南通如东县掘港镇洋口工业园", people=[found.eng])
    found.driver_name, found.bus = "王师傅", bus
    found.visit = found.ticket(region="江苏省泰州市海陵区", at=timezone.now() - 2 * HOUR)
    return found


def test_a_bulky_part_goes_by_car(yard, comes, people):
    eng = comes(yard.eng, PHONE, CHINESE)
    eng.page.goto(yard.visit.get_absolute_url())
    eng.page.locator(f"a[href$='?for={yard.visit.number}'][href*='trips']").click()
    eng.look("trip-form")
    form = eng.page.locator("form.trip-form")
    start = timezone.now() + HOUR
    eng.fill(
        form,
        returns_at=typed(start + 3 * HOUR),
        leaves_at=typed(start),
        easy_access="true",
        severe_weather="false",
        bulky="true",
    )
    expect(eng.page.locator(".advice")).to_contain_text("6.1c")
    eng.look("trip-advised")
    eng.send(form)
    eng.page.wait_for_url(re.compile(r"/dispatch/trips/CX"))
    eng.look("trip-asked")
    paper = Trip.objects.latest("pk")

    boss = comes(yard.manager, DESK, CHINESE)
    boss.look("home")
    boss.page.goto("/dispatch/")
    boss.look("week")
    boss.page.locator(".week-waiting a").click()
    boss.look("trip-to-decide")
    boss.take("approve", car=yard.bus.plate, driver=boss_driver())
    boss.look("trip-approved")
    boss.page.goto(f"{paper.get_absolute_url()}print/")
    boss.look("trip-print")

    eng.page.goto(paper.get_absolute_url())
    eng.take("depart", odometer="12137")
    eng.take("come_back", odometer="12240")
    eng.look("trip-back")
    eng.page.goto("/dispatch/")
    eng.look("week-phone")
    eng.page.goto(yard.visit.get_absolute_url())
    eng.look("ticket-with-trip")

    _register(boss, yard)
    ga = comes(people.ga, PHONE, CHINESE)
    for path in ("/dispatch/trips/", "/dispatch/cars/", yard.bus.get_absolute_url(), "/dispatch/fines/"):
        ga.page.goto(path)
        ga.look(f"phone{path.replace('/', '-')}"[:30])
    assert Trip.objects.get(pk=paper.pk).driven == 103


def boss_driver():
    from accounts.models import User

    return User.objects.get(name="王师傅").username


def _register(boss, yard):
    """Lists, a car's page, a refuelling, a fine whose driver the trip tells."""
    for path in ("/dispatch/trips/", "/dispatch/cars/", f"{yard.bus.get_absolute_url()}edit/"):
        boss.page.goto(path)
        boss.look(f"desk{path.replace('/', '-')}"[:24])
    boss.page.goto(f"{yard.bus.get_absolute_url()}fuel/")
    form = boss.page.locator("form.panel")
    boss.fill(form, litres="40", amount="312.50", odometer="12400", place="中石化海陵站")
    boss.look("fuel")
    boss.send(form)
    expect(boss.page.locator("main")).to_contain_text("312.50")
    boss.look("car")
    boss.page.goto("/dispatch/fines/new/")
    form = boss.page.locator("form.panel")
    boss.fill(form, car=yard.bus.plate, happened_at=typed(yard.at + 5 * HOUR))
    form.locator("[name=happened_at]").blur()
    expect(boss.page.locator(".wheel")).to_contain_text("王师傅")
    boss.fill(form, notice="321200-7788", offence="超速 20% 以下", amount="200.01")
    boss.look("fine-form")
    boss.send(form)
    boss.page.wait_for_url(re.compile(r"/dispatch/fines/WZ"))
    boss.look("fine")
    assert Fine.objects.get().trip is not None
