"""Plan a with a part that the customer pays first (4.5b), from the public report to the closed ticket, in real browsers."""

import datetime as dt
from decimal import Decimal

import pytest

from finance.models import Receivable
from finance.selectors import open_amounts
from parts.models import Slip
from repairs.rules import SHANGHAI
from tests import build

from .conftest import PHONE, now
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

pytestmark = pytest.mark.django_db(transaction=True)


def records(fin, number, amount):
    """A clerk of finance writes down money that has arrived for this ticket."""
    fin.page.goto("/finance/receipts/")
    fin.page.get_by_role("link", name="Record a receipt").click()
    fin.page.locator("main [name=q]").fill(number)
    fin.page.get_by_role("button", name="Find").click()
    fin.look("for-whom")
    fin.page.get_by_role("link", name=number).click()
    fin.page.locator("[name=amount]").fill(amount)
    just_now = dt.datetime.now(SHANGHAI) - build.MINUTE
    fin.page.locator("[name=arrived_at]").fill(f"{just_now:%Y-%m-%dT%H:%M}")
    fin.page.locator("label.card-choice:has([value=bank])").click()
    fin.look("receipt")
    fin.page.get_by_role("button", name="Record").click()
    fin.sees("is recorded", within="body")
    return fin.page.locator("h1 .number").inner_text()


@pytest.mark.clause("4.4a")
@pytest.mark.clause("4.5b")
@pytest.mark.clause("9.4")
def test_a_paid_part_travels_from_the_quotation_to_the_closed_ticket(comes, people):
    part = build.stocked("320.00", at=dt.datetime.now(dt.UTC), code="FY-KZQ-48", name="控制器", spec="48V")
    customer, cs, number = under_way(comes, people)
    eng = comes(people.eng, PHONE)
    eng.visit(number)
    eng.take("contact", confirmed_symptom="控制器进水烧毁", damage_type="human", damage_evidence="照片：进水")
    eng.take("plan", **PLAN_A, needs_parts=True)
    quotes(eng, number, part)
    accepts(customer, "320.00")
    consents(customer)
    receipt = records(comes(people.fin), number, "320.00")
    release = asks(eng, number, part, basis="paid")
    eng.sees("charged", "¥320.00")

    signs(comes(people.fins), release, receipt=receipt)
    wh = comes(people.wh)
    issues(wh, release)
    assert [slip.number[:2] for slip in Slip.objects.all()] == ["CK"]
    ga = comes(people.ga)
    ships(ga, parcel := packs(wh, release))
    assert now(number).stage == "in_service"
    customer.page.reload()
    customer.sees("SF1390001112223", within="body")
    customer.look("parcel")

    ga.page.goto(parcel.get_absolute_url())
    ga.take("deliver", how="客户电话确认")
    eng.visit(number)
    eng.take("complete", work_done="客户已自行更换", customer_word="电话：正常了")
    eng.look("completed")
    called_back(cs, number)
    release.refresh_from_db()
    owed = list(Receivable.objects.all())
    assert (now(number).stage, release.stage, [row.amount for row in owed]) == (
        "closed",
        "settled",
        [Decimal(320)],
    )
    assert set(open_amounts(owed).values()) == {Decimal(0)}
    customer.page.reload()
    customer.look("end")
