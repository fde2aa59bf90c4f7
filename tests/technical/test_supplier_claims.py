"""Claims on suppliers (7.1): purchasing asks the supplier for his share of a final case, sends it, writes down what he bore."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Denied
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn
from technical.models import Share, SupplierClaim
from technical.services import suppliers
from tests import build
from tests.api.conftest import Program
from tests.technical import quality

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "one_factor"),
    pytest.mark.clause("7.1"),
]
LIST = "/quality/supplier-claims/"


def shares(person=None, supplier="泰州配件厂"):
    """All of it the supplier's, or half of it a person's."""
    his = {
        "party": "supplier",
        "supplier": supplier,
        "percent": Decimal(100),
        "clause": quality.clause("5.2"),
    }
    if person is None:
        return [his]
    return [his | {"percent": Decimal(50)}, quality.whole(person)[0] | {"percent": Decimal(50)}]


def case(who, person=None):
    at = timezone.now()
    ticket = build.ticket("completed", at=at, company=who)
    return quality.judged(ticket, at, who.tech, shares(person))


def share_of(report):
    return Share.objects.get(report=report, party="supplier")


def claimed(who, report=None, amount="120.00", by=None):
    facts = {"loss": Decimal("240.00"), "amount": Decimal(amount), "basis": "50 %"}
    return suppliers.claim(share_of(report or case(who)), **facts, by=by or who.pur, at=timezone.now())


def hand(person):
    return {"by": person, "at": timezone.now()}


@pytest.fixture(autouse=True)
def _standard(who):
    quality.standard()


def test_two_suppliers_of_half_a_case_are_asked_no_fen_more_than_the_loss(who):
    at = timezone.now()
    ticket = build.ticket("completed", at=at, company=who)
    halves = [shares(supplier=name)[0] | {"percent": Decimal(50)} for name in ("甲厂", "乙厂")]
    first, second = quality.judged(ticket, at, who.tech, halves).in_force
    facts = {"loss": Decimal("100.01"), "amount": Decimal("50.01"), "basis": "50 %"}
    assert suppliers.claim(first, **facts, **hand(who.pur)).amount == Decimal("50.01")
    with pytest.raises(BadEntry, match="50.00 yuan at most"):
        suppliers.claim(second, **facts, **hand(who.pur))


def test_written_sent_and_settled(who):
    today = local_day(timezone.now())
    paper = claimed(who)
    assert (paper.number[:2], paper.supplier, paper.stage) == ("SP", "泰州配件厂", "draft")
    paper = suppliers.send(paper, sent_on=today, **hand(who.pur))
    with pytest.raises(BadEntry) as refusal:
        suppliers.settle(paper, settled_on=today - dt.timedelta(days=1), settled_amount=Decimal(1), settled_how="x",
                         **hand(who.pur))  # fmt: skip
    assert refusal.value.field == "settled_on"
    paper = suppliers.settle(
        paper, settled_on=today, settled_amount=Decimal("100.00"), settled_how="补货", **hand(who.pur)
    )
    assert (paper.stage, str(paper.settled_amount)) == ("settled", "100.00")


def test_only_for_a_suppliers_share_of_a_final_judgement_and_once(who):
    open_ = case(who, who.wh)
    with pytest.raises(OutOfTurn, match="final"):
        claimed(who, open_)
    report = case(who)
    claimed(who, report)
    with pytest.raises(OutOfTurn, match="already"):
        claimed(who, report)
    Share.objects.filter(report=open_).update(replaced=False)
    of_person = Share.objects.get(report=open_, party="person")
    of_person.report = report
    with pytest.raises(BadEntry) as refusal:
        suppliers.claim(of_person, loss=Decimal(1), amount=Decimal(1), basis="x", **hand(who.pur))
    assert refusal.value.field == "share"


def test_one_that_was_dropped_may_be_written_again_and_only_one_counts(who):
    report = case(who)
    suppliers.drop(claimed(who, report), dropped_why="金额写错", **hand(who.pur))
    again = claimed(who, report, amount="150.00")
    assert (again.stage, SupplierClaim.objects.count()) == ("draft", 2)
    with pytest.raises(OutOfTurn, match=again.number):
        claimed(who, report)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierClaim.objects.create(
            share=again.share, supplier="x", loss=1, amount=1, basis="x", number="SP20260101-9999", revision=1,
            made_by=who.pur, made_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN"])
def test_an_amount_that_is_none_is_refused(who, amount):
    with pytest.raises(BadEntry) as refusal:
        claimed(who, amount=amount)
    assert refusal.value.field == "amount"


def test_technical_and_purchasing_claim_and_nobody_else(who):
    assert claimed(who, by=who.tech).made_by == who.tech
    report = case(who)
    for role in ("mgr", "fin", "wh", "aud"):
        with pytest.raises(Denied):
            claimed(who, report, by=getattr(who, role))


def test_a_day_to_come_is_refused(who):
    tomorrow = local_day(timezone.now()) + dt.timedelta(days=1)
    with pytest.raises(BadEntry) as refusal:
        suppliers.send(claimed(who), sent_on=tomorrow, **hand(who.pur))
    assert refusal.value.field == "sent_on"


def test_dropped_with_a_reason_it_has_ended(who):
    paper = suppliers.drop(claimed(who), dropped_why="供应商已停业", **hand(who.pur))
    with pytest.raises(OutOfTurn):
        suppliers.send(paper, sent_on=local_day(timezone.now()), **hand(who.pur))


def test_the_amount_proposed_is_his_percent_of_the_loss_at_most_the_cap():
    clause = type("C", (), {"cap": None})
    share = type("S", (), {"pk": 1, "party": "supplier", "percent": Decimal("33.33"), "clause": clause})
    share.report = type("R", (), {"in_force": [share]})
    assert suppliers.proposed(share, Decimal("100.00")) == Decimal("33.33")
    clause.cap = Decimal("20.00")
    assert suppliers.proposed(share, Decimal("100.00")) == Decimal("20.00")


# --- pages
def test_purchasing_comes_from_the_report_and_finds_it_filled_in(who, as_user):
    report = case(who)
    client, here = as_user(who.pur), f"/quality/reports/{report.number}/claim/"
    for page in (f"{LIST}?stage=waiting", "/desk/"):
        assert here in client.get(page).content.decode()
    assert here not in as_user(who.fin).get(f"{LIST}?stage=waiting").content.decode()
    assert here not in as_user(who.mgr).get(report.get_absolute_url()).content.decode()
    assert "100 % of the loss of" in client.get(here).content.decode()
    typed = {"share": "泰州配件厂", "loss": "240", "amount": "120", "basis": "50 %"}
    assert client.post(here, typed | {"amount": "0"}).status_code == 422
    assert client.post(here, typed).status_code == 302
    paper = SupplierClaim.objects.get()
    assert here not in client.get(f"{LIST}?stage=waiting").content.decode()
    assert paper.number in as_user(who.tech).get(report.get_absolute_url()).content.decode()


def test_a_buyer_who_sees_the_case_finds_the_way_there(who, as_user):
    both = build.person("PUR", "CS")
    report = case(who)
    assert (
        f"/quality/reports/{report.number}/claim/"
        in as_user(both).get(report.get_absolute_url()).content.decode()
    )


def test_a_case_without_a_final_share_of_a_supplier_is_closed_to_purchasing(who, as_user):
    for report in (case(who, who.wh), quality.judged(build.ticket("completed", at=timezone.now(), company=who),
                                                    timezone.now(), who.tech, quality.whole(who.wh))):  # fmt: skip
        assert as_user(who.pur).get(f"/quality/reports/{report.number}/claim/").status_code == 404


def test_three_that_wait_ask_no_more_than_one(who, as_user):
    client, asked = as_user(who.pur), list[int]()
    for count in (1, 3):
        for _more in range(count - len(asked)):
            case(who)
        client.get(f"{LIST}?stage=waiting")
        with CaptureQueriesContext(connection) as found:
            client.get(f"{LIST}?stage=waiting")
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_it_is_sent_on_its_page_and_printed(who, as_user):
    paper, client = claimed(who), as_user(who.pur)
    here = paper.get_absolute_url()
    day = local_day(timezone.now()).isoformat()
    assert client.post(f"{here}steps/send/", {"sent_on": day}).status_code == 302
    assert "Sent to the supplier" in as_user(who.mgr).get(here).content.decode()
    text = client.get(f"{here}print/?lang=en").content.decode()
    assert paper.number in text and "泰州配件厂" in text and "壹佰贰拾元整" in text
    assert client.get(f"{here}pdf/").content.startswith(b"%PDF")


def test_who_may_not_see_it_does_not_come_in(who, as_user):
    paper = claimed(who)
    assert as_user(who.eng).get(paper.get_absolute_url()).status_code == 403
    assert as_user(who.wh).get(LIST).status_code == 403
    assert paper.number in as_user(who.fin).get(LIST).content.decode()


def test_three_rows_ask_no_more_than_one(who, as_user):
    client, asked = as_user(who.pur), []
    for count in (1, 3):
        while SupplierClaim.objects.count() < count:
            claimed(who)
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).content.decode().count("data-item") == count
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_programs_claim_and_settle(who):
    report, api = case(who), Program(who.pur)
    typed = {"share": "泰州配件厂", "loss": "240.00", "amount": "120.00", "basis": "50 %"}
    made = api.post(f"quality-reports/{report.number}/supplier-claim", typed)
    here = f"supplier-claims/{made['number']}"
    day = local_day(timezone.now()).isoformat()
    assert api.post(f"{here}/steps/send", {"sent_on": day})["stage"] == "sent"
    sent = {"settled_on": day, "settled_amount": "100.00", "settled_how": "补货"}
    assert api.post(f"{here}/steps/settle", sent)["stage"] == "settled"
    assert api.get(here)["settled_amount"] == "100.00"


def test_a_supplier_bears_his_share_of_the_loss_and_no_more(who):
    share = share_of(case(who))
    facts = {"basis": "合同", "by": who.pur, "at": timezone.now()}
    with pytest.raises(BadEntry, match="100.00 yuan at most") as refused:
        suppliers.claim(share, loss=Decimal(100), amount=Decimal("100.01"), **facts)
    assert refused.value.field == "amount"
    paper = suppliers.claim(share, loss=Decimal(100), amount=Decimal(100), **facts)
    today = local_day(timezone.now())
    paper = suppliers.send(paper, sent_on=today, by=who.pur, at=timezone.now())
    with pytest.raises(BadEntry, match="100.00 yuan were asked") as refused:
        suppliers.settle(paper, settled_on=today, settled_amount=Decimal("100.01"), settled_how="现金", by=who.pur,
                         at=timezone.now())  # fmt: skip
    assert refused.value.field == "settled_amount"
