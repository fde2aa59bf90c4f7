"""A debt is given up by two persons with a reason, as far as the engineer does not bear it (8.8, C28, SD12)."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from finance.models import Account, Kind, WriteOff
from finance.services import giving_up, owing
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import borne, debt, fins, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]


def propose(shop, row, amount="60.00", by=None):
    return giving_up.propose(row, amount=Decimal(amount), reason="破产", by=by or fins(), at=shop.now())


def test_sd12_one_proposes_and_another_carries_it_out(shop):
    row, one = debt(shop), fins()
    proposal = propose(shop, row, by=one)
    with pytest.raises(Denied, match="SD12"):
        giving_up.second(proposal, by=one, at=shop.now())
    assert owing.left(row) == Decimal("60.00")
    giving_up.second(proposal, by=fins(), at=shop.now())
    assert (owing.left(row), Account.objects.of_kind(Kind.LOSS).balance()) == (0, Decimal("60.00"))
    clock = Deadline.objects.get(rule="receivable", subject_id=row.pk)
    assert clock.met_at == shop.at


def test_it_covers_only_what_the_engineer_has_not_borne(shop, deductions_have_pages):
    row = old_debt(shop, "100.00", due=60)
    borne(shop, row, "30.00")
    with pytest.raises(BadEntry, match=r"Only 70\.00") as refused:
        propose(shop, row, "70.01")
    assert refused.value.field == "amount"
    giving_up.second(propose(shop, row, "70.00"), by=fins(), at=shop.now())
    assert (owing.left(row), owing.borne(row)) == (0, Decimal("30.00"))


def test_money_that_arrived_meanwhile_leaves_less_to_give_up(shop):
    row = debt(shop)
    proposal = propose(shop, row)
    shop.receipt("10.00")
    with pytest.raises(BadEntry, match=r"Only 50\.00"):
        giving_up.second(proposal, by=fins(), at=shop.now())
    giving_up.drop(proposal, by=fins(), at=shop.now())
    giving_up.second(propose(shop, row, "50.00"), by=fins(), at=shop.now())
    assert owing.left(row) == 0


def test_one_proposal_waits_and_is_settled_once(shop):
    row = debt(shop)
    proposal = propose(shop, row, "20.00")
    with pytest.raises(OutOfTurn, match="already been proposed"):
        propose(shop, row, "10.00")
    giving_up.drop(proposal, by=fins(), at=shop.now())
    with pytest.raises(OutOfTurn, match="settled"):
        giving_up.second(proposal, by=fins(), at=shop.now())


@pytest.mark.parametrize("amount", ["0.00", "-1", "1.005", "NaN", "60.01"])
def test_an_amount_that_cannot_be_is_refused_at_its_field(shop, amount):
    with pytest.raises(BadEntry) as refused:
        propose(shop, debt(shop), amount)
    assert (refused.value.field, WriteOff.objects.count()) == ("amount", 0)


@pytest.mark.parametrize(
    "role", ["ENG", "FIN", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"]
)
def test_c28_nobody_but_who_signs_for_finance(shop, role):
    row = debt(shop)
    proposal = propose(shop, row)
    for act in (
        lambda by: propose(shop, row, by=by),
        lambda by: giving_up.second(proposal, by=by, at=shop.now()),
        lambda by: giving_up.drop(proposal, by=by, at=shop.now()),
    ):
        with pytest.raises(Denied):
            act(build.person(role))


def test_sd04_who_answers_for_the_debt_does_not_give_it_up(shop):
    both = fins()  # he was an engineer once and still answers for it
    row = old_debt(shop, engineer=both)
    with pytest.raises(Denied, match="SD04"):
        propose(shop, row, by=both)
    with pytest.raises(Denied, match="SD04"):
        giving_up.second(propose(shop, row), by=both, at=shop.now())


@pytest.mark.usefixtures("one_factor")
def test_on_the_page_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    row, other, one, two = old_debt(shop), old_debt(shop), fins(), fins()
    path = f"/finance/receivables/{row.pk}/"
    assert "Propose to write it off" in as_user(one).get(path).content.decode()
    as_user(one).post(f"{path}write-off/", {"amount": "100.00", "reason": ""})
    assert WriteOff.objects.count() == 0
    as_user(one).post(f"{path}write-off/", {"amount": "100.00", "reason": "破产"})
    assert "破产" in as_user(two).get(path).content.decode()
    as_user(two).post(f"{path}write-off/", {"secret": "wrong"})
    assert owing.left(row) == Decimal("100.00")
    as_user(two).post(f"{path}write-off/", {"secret": build.PASSWORD})
    assert owing.left(row) == 0
    assert as_user(people.fin).post(f"{path}write-off/", {"amount": "1", "reason": "x"}).status_code == 403
    api = Program(one)
    made = api.post(f"receivables/{other.pk}/write-off", {"amount": "40.00", "reason": "和解"})
    assert (
        api.status == 201
        and api.post(f"write-offs/{made['id']}/second", {"secret": build.PASSWORD})["status"] == 403
    )
    second = Program(two)
    assert second.post(f"write-offs/{made['id']}/second", {})["status"] == 422
    assert (
        second.post(f"write-offs/{made['id']}/second", {"secret": build.PASSWORD})["seconded_by"]
        == two.username
    )
    assert second.post(f"write-offs/{made['id']}/drop")["status"] == 409
    assert [each["amount"] for each in Program(people.eng).get("write-offs")["results"]] == [
        "40.00",
        "100.00",
    ]
    assert Program(build.person("ENG")).get("write-offs")["results"] == []
