"""`/api/v1/`: receipts, receivables and the ledger, as the pages show them."""

import pytest
from django.utils import timezone

from finance.models import Receipt
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(people):
    return Shop(people, timezone.now() - build.HOUR * 3)


def body(shop, **other):
    return {
        "for": shop.ticket.number,
        "amount": "12.30",
        "arrived_at": (timezone.now() - build.MINUTE).isoformat(),
        "method": "wechat",
    } | other


@pytest.mark.clause("8.6")
def test_money_is_recorded_once_however_often_it_is_sent(shop):
    program, sent = Program(shop.who.fin), body(shop)
    first = program.post("receipts", sent, key="r-1")
    assert program.answer.status_code == 201 and program.post("receipts", sent, key="r-1") == first
    assert (Receipt.objects.count(), first["amount"], first["free"], first["ticket"]) == (
        1,
        "12.30",
        "12.30",
        shop.ticket.number,
    )
    assert program.get("receipts")["results"] == [program.get(f"receipts/{first['number']}")]


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "0.00"}, {"amount": "1.005"}, {"amount": True}, {"arrived_at": "2031-01-01T00:00:00Z"}],
)
def test_a_bad_entry_is_a_problem_of_its_field(shop, wrong):
    program = Program(shop.who.fin)
    program.post("receipts", body(shop, **wrong))
    assert (program.answer.status_code, Receipt.objects.count()) == (422, 0)


@pytest.mark.parametrize(("role", "status"), [("mgr", 403), ("eng", 403), ("aud", 403)])
def test_c03_nobody_else_records_money(shop, role, status):
    program = Program(getattr(shop.who, role))
    program.post("receipts", body(shop))
    assert (program.answer.status_code, Receipt.objects.count()) == (status, 0)


@pytest.mark.clause("8.8")
def test_receivables_and_accounts_are_read(shop):
    shop.issue(shop.sign(shop.charged("unpaid", (shop.part("60.00"), 1)), opinion="未付款"), 1)
    row = Program(shop.who.eng).get("receivables")["results"][0]
    assert (row["amount"], row["open"], row["engineer"]) == ("60.00", "60.00", shop.who.eng.username)
    assert Program(build.person("ENG")).get("receivables")["results"] == []
    auditor = Program(shop.who.aud)
    accounts = auditor.get("ledger-accounts", kind="receivable")["results"]
    assert [account["balance"] for account in accounts] == ["60.00"]
    assert [r["amount"] for r in auditor.get(f"ledger-accounts/{accounts[0]['id']}")["results"]] == ["60.00"]


@pytest.mark.clause("4.5")
def test_a_program_signs_what_it_was_shown(shop):
    from finance.shown import digest_of

    release, program = shop.release("warranty", (shop.part("30.00"), 1)), Program(shop.who.fins)
    path, secret = f"releases/{release.number}/steps/sign", {"secret": build.PASSWORD}
    program.post(path, secret | {"shown": "0" * 64})
    assert program.answer.status_code == 409
    program.post(path, secret)
    assert program.answer.status_code == 422
    assert program.post(path, secret | {"shown": digest_of(release)})["stage"] == "signed"
