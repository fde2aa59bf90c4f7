"""The books: once a key, reversed by two persons, never edited; a balance is a sum."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.access import Denied
from aftersales.problems import OutOfTurn
from finance.models import Account, Kind, Receipt, ReceiptUse, Transfer
from finance.services import ledger
from tests import build

pytestmark = pytest.mark.django_db


def account(kind: str = Kind.BANK, of: str = "") -> Account:
    return Account.objects.of_kind(kind, of)


@pytest.fixture
def row(monday):
    return ledger.post(
        "k", source=account(Kind.OTHER), target=account(), amount=Decimal("10.50"), day=monday.date(), paper="SK1", why="receipt",
        by=None, at=monday,
    )  # fmt: skip


def again(monday, **other):
    facts = {
        "source": account(Kind.OTHER),
        "target": account(),
        "amount": Decimal("10.50"),
        "day": monday.date(),
        "paper": "SK1",
    }
    return ledger.post("k", **(facts | other), why="receipt", by=None, at=monday)


def test_the_same_key_moves_the_money_once(row, monday):
    assert again(monday) == row
    assert (Transfer.objects.count(), ledger.balance(account())) == (1, Decimal("10.50"))


@pytest.mark.parametrize("other", [{"amount": Decimal("10.51")}, {"paper": "SK2"}, {"target": None}])
def test_the_same_key_with_other_facts_is_an_error(row, monday, other):
    facts = {name: value or account(Kind.PARTS) for name, value in other.items()}
    with pytest.raises(ledger.OtherFacts):
        again(monday, **facts)
    assert Transfer.objects.count() == 1


def test_the_balance_is_what_came_in_less_what_went_out_and_all_balances_sum_to_nothing(row, monday):
    ledger.post("b", source=account(), target=account(Kind.PARTS), amount=Decimal("0.01"), day=monday.date(), paper="X", why="",
                by=None, at=monday)  # fmt: skip
    found = [ledger.balance(one) for one in Account.objects.order_by("pk")]
    assert sorted(found) == [Decimal("-10.50"), Decimal("0.01"), Decimal("10.49")]
    assert sum(found) == 0


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_and_less_than_nothing_are_not_moved(monday, amount):
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.post("n", source=account(Kind.OTHER), target=account(), amount=Decimal(amount), day=monday.date(), paper="X", why="",
                    by=None, at=monday)  # fmt: skip


def test_a_fraction_of_a_fen_is_not_moved(monday):
    with pytest.raises(ValueError, match="finer than a fen"):
        ledger.post("n", source=account(Kind.OTHER), target=account(), amount=Decimal("1.005"), day=monday.date(), paper="X", why="",
                    by=None, at=monday)  # fmt: skip


# --- reversals
def test_sd12_two_persons_take_a_row_back_and_only_once(row, monday):
    one, two = build.person("FINS"), build.person("FINS")
    back = ledger.reverse(row, by=one, second=two, at=monday, why="重复入账")
    assert (back.source, back.target, back.amount, back.reverses) == (row.target, row.source, row.amount, row)
    assert ledger.balance(account()) == 0
    for what in (row, back):
        with pytest.raises(OutOfTurn):
            ledger.reverse(what, by=one, second=two, at=monday, why="再次")
    assert Transfer.objects.count() == 2


def test_sd12_one_person_is_not_two(row, monday):
    one = build.person("FINS")
    with pytest.raises(Denied, match="SD12"):
        ledger.reverse(row, by=one, second=one, at=monday, why="x")


@pytest.mark.parametrize("roles", [("FIN",), ("MGR",), ("ENG",)])
def test_c16_nobody_without_the_right_is_the_second(row, monday, roles):
    with pytest.raises(Denied):
        ledger.reverse(row, by=build.person("FINS"), second=build.person(*roles), at=monday, why="x")
    assert Transfer.objects.count() == 1


def test_a_reversal_is_proposed_by_one_and_carried_out_by_another(row, monday):
    one, two = build.person("FINS"), build.person("FINS")
    proposal = ledger.propose_reversal(row, by=one, at=monday, reason="重复")
    with pytest.raises(OutOfTurn):
        ledger.propose_reversal(row, by=two, at=monday, reason="重复")
    with pytest.raises(Denied, match="SD12"):
        ledger.second_reversal(proposal, by=one, at=monday)
    ledger.second_reversal(proposal, by=two, at=monday)
    with pytest.raises(OutOfTurn):
        ledger.second_reversal(proposal, by=two, at=monday)
    assert Transfer.objects.filter(reverses=row).count() == 1


# --- append-only
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = amount", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [Transfer, ReceiptUse])
def test_a_row_of_the_books_is_neither_changed_nor_deleted(db, row, shop, model, statement):
    assert connection.vendor == "postgresql"
    if model is ReceiptUse:
        release = shop.release("warranty", (shop.part("80.00"), 1), submit=False)
        ReceiptUse.objects.create(
            receipt=shop.receipt("9.00"), release=release, amount=Decimal(1), at=shop.at, by=shop.who.fin
        )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))


def test_a_receipt_is_no_row_of_the_books(shop):
    """Its `reversed_at` is written once; money itself never changes."""
    assert shop.receipt("1.00").reversed_at is None and Receipt.objects.count() == 1
