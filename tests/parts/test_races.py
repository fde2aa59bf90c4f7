"""Thirty-two people and one last piece: one gets it, the stock stays at nothing; without the lock or the check it does not."""

import os
import threading

import pytest
from django.db import connection, transaction

from parts.models import GoodsReceipt, PartCode, Stock
from parts.services import drift, receive_goods
from tests import build

from .racer import AT, honest, race, unguarded, unlocked

ROUNDS = 50 if os.environ.get("FAULT_FULL") else 3
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("5.1")]
CHECK = "parts_stock_quantity_check"


@pytest.fixture
def keeper():
    return build.person("WH")


def test_of_thirty_two_who_take_the_last_piece_one_gets_it(keeper):
    for _round in range(ROUNDS):
        part = build.spare(good=1, by=keeper, at=AT)
        assert race(honest, part, keeper) == {"won": 1, "stock": 0, "drift": []}


def test_without_the_lock_the_last_piece_leaves_many_times(keeper):
    """Negative control: the same race, read before written."""
    found = race(unlocked, build.spare(good=1, by=keeper, at=AT), keeper, atomic=False)
    assert found["won"] > 1
    assert found["drift"]


def test_the_database_refuses_what_a_careless_service_would_do(keeper):
    found = race(unguarded, build.spare(good=1, by=keeper, at=AT), keeper, atomic=True)
    assert (found["won"], found["stock"], found["drift"]) == (1, 0, [])


def test_without_the_databases_check_the_stock_goes_below_zero(keeper):
    """Negative control: the check taken away and put back."""
    part = build.spare(good=1, by=keeper, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE parts_stock DROP CONSTRAINT {CHECK}")
    try:
        assert race(unguarded, part, keeper, atomic=True)["stock"] < 0
    finally:
        Stock.objects.filter(part=part).update(quantity=0)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE parts_stock ADD CONSTRAINT {CHECK} CHECK (quantity >= 0)")


def test_two_receipts_that_name_the_same_code_make_one_piece(keeper):
    part = build.spare("MOTOR", valuable=True)
    gate = threading.Barrier(8)

    def receive() -> None:
        gate.wait()
        try:
            with transaction.atomic():
                receive_goods(
                    supplier="厂",
                    batch="1",
                    lines=[{"part": part, "quantity": 1, "codes": ["X1"]}],
                    by=keeper,
                    at=AT,
                )
        except Exception:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=receive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (PartCode.objects.count(), GoodsReceipt.objects.count(), drift()) == (1, 1, [])


def test_crossing_moves_of_two_parts_do_not_wait_for_each_other_for_ever(keeper):
    """Both acts take the parts in one order, whatever order their sheets have."""
    from parts.services import move

    parts = [build.spare(good=20, by=keeper, at=AT) for _ in range(2)]
    wrong: list[Exception] = []

    def act(order: int) -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    for part in sorted(parts[::order], key=lambda x: x.pk):
                        ends = ("good", "customer") if order == 1 else ("customer", "good")
                        move(part, 1, *ends, paper="CK", by=keeper, at=AT)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(order,)) for order in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, drift(), [s.quantity for s in Stock.objects.order_by("part")]) == ([], [], [20, 20])
