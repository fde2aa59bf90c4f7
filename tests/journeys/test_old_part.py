"""Plan a with a part under warranty: its price stands charged until the old one is back (4.5a), or for good."""

import datetime as dt
from decimal import Decimal

import pytest

from aftersales.limits import local_day
from deadlines.models import Deadline
from deadlines.services import sweep
from finance.models import Account, Kind, Receivable
from finance.services import ledger, signing
from parts.models import ReleaseLine, Return
from parts.services import issuing, releases, shipping
from repairs import services as repairs
from tests import build

from .conftest import PHONE, now
from .parting import PLAN_A, asks, consents, issues, packs, ships, signs, under_way

pytestmark = pytest.mark.django_db(transaction=True)
MOTOR = {"code": "FY-DJ-12", "name": "驱动电机", "spec": "1200W", "recyclable": True}


def awaited() -> Decimal:
    """What stands charged until old parts are back, over the whole books."""
    return sum((ledger.balance(row) for row in Account.objects.filter(kind=Kind.AWAITED)), Decimal(0))


@pytest.mark.clause("4.5a")
@pytest.mark.clause("5.3")
def test_the_charge_goes_when_the_old_part_comes(comes, people):
    at = dt.datetime.now(dt.UTC)
    part, vehicle = build.stocked("880.00", at=at, **MOTOR), build.vehicle(at=at)
    customer, cs, number = under_way(comes, people, "电机无力")
    cs.take("match_vehicle", vehicle=vehicle.vin)
    eng = comes(people.eng, PHONE)
    eng.visit(number)
    eng.take("contact", confirmed_symptom="电机退磁", damage_type="not_human")
    eng.take("plan", **PLAN_A, needs_parts=True)
    release = asks(eng, number, part, basis="warranty")
    eng.sees("charged until the old part is back", within="#lines")
    customer.page.reload()
    customer.sees("What stands charged until the old part is back", "¥880.00", "15 days", within="body")
    consents(customer)

    signs(comes(people.fins), release)
    wh = comes(people.wh)
    assert awaited() == 0
    issues(wh, release)
    assert (awaited(), Receivable.objects.count()) == (Decimal(880), 0)
    ships(comes(people.ga), packs(wh, release))
    eng.visit(number)
    eng.take("complete", work_done="客户已自行更换", customer_word="电话：有力了")

    eng.page.goto(release.get_absolute_url())
    eng.take("hand_in_old")
    paper = Return.objects.get()
    wh.page.goto("/parts/returns/")
    wh.page.get_by_role("link", name=paper.number).click()
    wh.take("confirm")
    wh.look("received")
    assert awaited() == 0
    release.refresh_from_db()
    assert (release.stage, release.slips.get().lines.get().old_in) == ("settled", 1)
    wh.page.goto(release.slips.get().get_absolute_url())
    wh.sees("Old parts received")
    wh.look("slip")
    eng.visit(number)
    eng.sees(f"{people.wh} ", within="#parts")
    eng.look("ticket")


def sent_in_the_past(people, at: dt.datetime) -> ReleaseLine:
    """A part under warranty sent to a customer who fitted it long ago, and whose old one never came."""
    part = build.stocked("880.00", at=at, **MOTOR)
    ticket = build.under_warranty(at, people, plan="a", stage="planned")
    facts = {"part": part, "quantity": 1, "kind": "outbound", "damage": "not_human"}
    paper = releases.draft(ticket, by=people.eng, at=at, basis="warranty", lines=[facts])
    paper = releases.accept_awaiting(paper, by=people.eng, at=at, how="电话")
    paper = releases.submit(paper, by=people.eng, at=at)
    signing.sign(paper, by=people.fins, at=at)
    line = paper.lines.get()
    issuing.issue(paper, by=people.wh, at=at, pieces={line.pk: 1})
    parcel = shipping.pack(paper, by=people.wh, at=at)
    shipping.send(parcel, by=people.ga, at=at, carrier="顺丰", waybill="SF1", terms="collect")
    repairs.complete(now(ticket.number), by=people.eng, at=at + build.HOUR, **build.completion("a"))
    return ReleaseLine.objects.get()


@pytest.mark.clause("4.5a")
@pytest.mark.clause("4.7")
def test_an_old_part_that_never_comes_is_charged_for_good(comes, people):
    today = dt.datetime.now(dt.UTC)
    line = sent_in_the_past(people, today - dt.timedelta(days=20))
    while sweep(today):
        pass
    clock = Deadline.objects.of(line).get(rule="old_part")
    assert (clock.missed_at == clock.due_at, awaited()) == (True, Decimal(880))

    fins = comes(people.fins)
    fins.page.goto(line.get_absolute_url())
    fins.look("overdue")
    fins.take("convert", secret=build.PASSWORD)
    fins.look("charged")
    owed = Receivable.objects.get()
    assert (owed.amount, owed.due_on, owed.engineer) == (Decimal(880), local_day(today), people.eng)
    assert (awaited(), owed.kind) == (0, "old_part")
    eng = comes(people.eng, PHONE)
    eng.page.goto("/finance/receivables/")
    eng.sees(line.release.ticket.number, "¥880.00")
    eng.look("owed")
