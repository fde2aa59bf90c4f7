"""Plan c with a loan of two pieces, one used and one brought back (4.7, 5.1, 5.5), in real browsers."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from parts.models import ConsumptionReport, Return, Slip, Stock
from tests import build

from .conftest import PHONE, now
from .parting import asks, issues, signs, under_way
from .test_plan_c import plans_a_visit

pytestmark = pytest.mark.django_db(transaction=True)
UNDECLARED = "A part taken along has not been declared used or unused (4.7)."


def holdings(part):
    return dict(Stock.objects.filter(part=part).values_list("zone", "quantity"))


@pytest.mark.clause("4.7")
@pytest.mark.clause("5.5")
def test_a_loan_of_two_one_used_one_back(comes, people):
    at = dt.datetime.now(dt.UTC)
    part = build.stocked("36.00", at=at, code="FY-ZC-6204", name="轴承", spec="6204", recyclable=False)
    vehicle = build.vehicle(at=at)
    _customer, cs, number = under_way(comes, people, "后桥异响")
    cs.take("match_vehicle", vehicle=vehicle.vin)
    eng = comes(people.eng, PHONE)
    eng.visit(number)
    eng.take("contact", confirmed_symptom="轴承响", damage_type="not_human")
    plans_a_visit(eng)
    release = asks(eng, number, part, basis="warranty", quantity="2", kind="loan")
    signs(comes(people.fins), release)
    wh = comes(people.wh)
    issues(wh, release)
    assert [slip.number[:2] for slip in Slip.objects.all()] == ["JC"]
    assert holdings(part) == {"good": 8, "engineer": 2}

    eng.visit(number)
    eng.take("begin")
    eng.page.locator("[data-rail]").click()
    eng.page.locator(".not-now summary").click()
    eng.sees(UNDECLARED, within=".not-now")
    eng.look("undeclared")
    assert now(number).stage == "in_service"

    eng.page.goto(release.get_absolute_url())
    line = release.lines.get()
    eng.take("declare", **{f"used_{line.pk}": "1", f"unused_{line.pk}": "1"})
    eng.visit(number)
    eng.take("complete", work_done="已更换轴承一只", signer="王小明")
    eng.stage_is("Completed")

    pur = comes(people.pur)
    pur.page.goto("/parts/consumption/")
    pur.page.get_by_role("link", name=number).click()
    pur.sees(part.name, release.number)
    pur.look("consumption")
    wh.page.goto(f"/parts/consumption/{ConsumptionReport.objects.get().pk}/")
    wh.page.get_by_role("button", name="Confirm the quantities").click()
    wh.sees("Confirmed.", within="#messages")
    assert [row.confirmed for row in ConsumptionReport.objects.get().lines.all()] == [1]

    eng.page.goto(release.get_absolute_url())
    eng.take("hand_in_unused")
    wh.page.goto("/parts/")
    wh.look("home")
    wh.page.get_by_role("link", name=Return.objects.get().number).click()
    wh.take("confirm")
    release.refresh_from_db()
    assert (release.stage, holdings(part)["good"], holdings(part)["engineer"]) == ("settled", 9, 0)
    wh.page.goto(release.get_absolute_url())
    expect(wh.page.locator(".sheet .stamp")).to_have_text("Settled")
    wh.look("settled")
