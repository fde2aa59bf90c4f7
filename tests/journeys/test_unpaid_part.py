"""Plan a with a part that goes out before the money (4.5c): the engineer agrees and answers for it."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from aftersales.limits import local_day
from finance.models import Receivable
from parts.models import Release
from tests import build

from .conftest import PHONE, now
from .parting import PLAN_A, accepts, asks, consents, issues, packs, quotes, ships, signs, under_way

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("4.5c")
@pytest.mark.clause("8.8")
def test_an_unpaid_part_goes_out_on_the_engineers_word(comes, people):
    part = build.stocked("260.00", at=dt.datetime.now(dt.UTC), code="FY-CDQ-60", name="充电器", spec="60V")
    customer, _cs, number = under_way(comes, people, "充电器烧毁")
    eng = comes(people.eng, PHONE)
    eng.visit(number)
    eng.take("contact", confirmed_symptom="充电器进水", damage_type="human", damage_evidence="照片：水渍")
    eng.take("plan", **PLAN_A, needs_parts=True)
    quotes(eng, number, part)
    accepts(customer, "260.00")
    consents(customer)

    asks(eng, number, part, basis="unpaid", submit=False)
    agreed = local_day(dt.datetime.now(dt.UTC)) + dt.timedelta(days=10)
    eng.take("consent", agreed_day=f"{agreed:%Y-%m-%d}", reason="老客户，车辆停运")
    eng.sees(f"agreed on {local_day(dt.datetime.now(dt.UTC)):%Y}")
    eng.take("submit")
    release = Release.objects.get()
    assert (release.consent_by, release.agreed_day, release.engineer) == (people.eng, agreed, people.eng)

    fins = comes(people.fins)
    fins.page.goto("/finance/")
    fins.page.get_by_role("link", name=release.number).click()
    expect(fins.open_step("sign").locator("[name=opinion]")).to_have_value("未付款")
    signs(fins, release)
    fins.sees("未付款", "Not yet paid")
    wh = comes(people.wh)
    issues(wh, release)
    ships(comes(people.ga), packs(wh, release))
    assert now(number).stage == "in_service"

    owed = Receivable.objects.get()
    assert (owed.amount, owed.engineer, owed.due_on) == (Decimal(260), people.eng, agreed)
    eng.page.goto("/finance/receivables/")
    eng.sees(number, "¥260.00")
    eng.look("receivables")
