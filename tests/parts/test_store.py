"""The one door of the stock: movements, codes, goods receipt; never below zero."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.problems import BadEntry
from parts.models import CodeEvent, GoodsReceipt, Movement, PartCode, Stock, Zone
from parts.services import Short, drift, move, note_code, on_hand, receive_goods, take_code
from tests import build

pytestmark = pytest.mark.django_db
PAPER = "CK20260302-0001"


def out(part, quantity, people, monday, **more):
    return move(part, quantity, Zone.GOOD, Zone.CUSTOMER, paper=PAPER, by=people.wh, at=monday, **more)


@pytest.mark.clause("5.1")
def test_what_is_received_lies_in_the_store_and_leaves_it_by_a_movement(people, monday):
    part = build.spare(good=5, by=people.wh, at=monday)
    out(part, 2, people, monday)
    move(part, 1, Zone.GOOD, Zone.ENGINEER, target_holder=people.eng, paper=PAPER, by=people.wh, at=monday)
    assert (on_hand(part, Zone.GOOD), on_hand(part, Zone.ENGINEER, people.eng)) == (2, 1)
    assert list(Movement.objects.order_by("pk").values_list("quantity", "source", "target")) == [
        (5, "supplier", "good"), (2, "good", "customer"), (1, "good", "engineer"),
    ]  # fmt: skip
    assert drift() == []


@pytest.mark.clause("5.1")
def test_more_than_there_is_is_refused_and_says_how_many_there_are(people, monday):
    part = build.spare(good=2, by=people.wh, at=monday)
    with pytest.raises(Short, match="2") as refused:
        out(part, 3, people, monday)
    assert refused.value.there == 2
    assert (on_hand(part, Zone.GOOD), Movement.objects.count()) == (2, 1)


def test_a_part_that_never_came_is_short_too(people, monday):
    with pytest.raises(Short, match="0"):
        out(build.spare(), 1, people, monday)


def test_no_piece_at_all_is_no_movement(people, monday):
    with pytest.raises(BadEntry):
        out(build.spare(good=1), 0, people, monday)


def test_the_database_itself_refuses_less_than_nothing(people, monday):
    part = build.spare(good=1, by=people.wh, at=monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(part=part).update(quantity=-1)


def test_a_movement_is_never_changed_or_deleted(people, monday):
    build.spare(good=1, by=people.wh, at=monday)
    for act in (lambda: Movement.objects.update(quantity=9), lambda: Movement.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def test_a_stock_changed_behind_the_door_is_found(people, monday):
    part = build.spare(good=3, by=people.wh, at=monday)
    Stock.objects.filter(part=part).update(quantity=7)
    assert drift() == [(part.pk, "good", None, 7, 3)]


# --- codes
@pytest.fixture
def motor(people, monday):
    return build.spare("MOTOR", valuable=True, good=2, by=people.wh, at=monday)


@pytest.mark.clause("5.1")
def test_a_valuable_part_leaves_with_its_code_alone(people, monday, motor):
    with pytest.raises(BadEntry, match="identification codes"):
        out(motor, 1, people, monday)
    moved = out(motor, 1, people, monday, codes=["motor-1"])
    assert [(m.quantity, m.code.code) for m in moved] == [(1, "MOTOR-1")]
    assert list(PartCode.objects.values_list("code", "zone")) == [
        ("MOTOR-1", "customer"),
        ("MOTOR-2", "good"),
    ]


@pytest.mark.clause("5.1")
@pytest.mark.parametrize(
    "codes", [["MOTOR-1", "MOTOR-1"], ["MOTOR-1"], ["", "MOTOR-1"], ["MOTOR-1", "X" * 61]]
)
def test_codes_that_do_not_fit_the_pieces_are_refused(people, monday, motor, codes):
    with pytest.raises(BadEntry):
        out(motor, 2, people, monday, codes=codes)
    assert on_hand(motor, Zone.GOOD) == 2


@pytest.mark.clause("5.1")
def test_a_code_that_is_out_says_where_it_is(people, monday, motor):
    ticket = build.ticket(at=monday, company=people)
    (moved,) = move(
        motor, 1, Zone.GOOD, Zone.ENGINEER, target_holder=people.eng, codes=["MOTOR-1"], paper=PAPER, by=people.wh, at=monday
    )  # fmt: skip
    note_code(moved.code, CodeEvent.What.LENT, paper=PAPER, ticket=ticket, by=people.wh, at=monday)
    with pytest.raises(BadEntry) as refused:
        out(motor, 1, people, monday, codes=["MOTOR-1"])
    assert str(people.eng) in str(refused.value)
    assert ticket.number in str(refused.value)


@pytest.mark.clause("5.1")
def test_a_code_of_another_part_says_of_which_and_where(people, monday, motor):
    other = build.spare("PUMP", valuable=True, good=1, by=people.wh, at=monday)
    with pytest.raises(BadEntry, match="PUMP"):
        take_code("PUMP-1", motor, expect_zone=Zone.GOOD)
    with pytest.raises(BadEntry, match="No part"):
        take_code("NOBODY", motor, expect_zone=Zone.GOOD)
    assert take_code(" pump-1 ", other, expect_zone=Zone.GOOD).code == "PUMP-1"


@pytest.mark.clause("5.1")
def test_a_code_with_another_engineer_is_not_this_ones(people, monday, motor):
    move(
        motor,
        1,
        Zone.GOOD,
        Zone.ENGINEER,
        target_holder=people.eng,
        codes=["MOTOR-1"],
        paper=PAPER,
        by=people.wh,
        at=monday,
    )
    with pytest.raises(BadEntry, match=str(people.eng)):
        take_code("MOTOR-1", motor, expect_zone=Zone.ENGINEER, expect_holder=people.eng_head)


@pytest.mark.clause("5.1")
def test_a_code_remembers_its_whole_life(people, monday, motor):
    car = build.vehicle(at=monday)
    code = take_code("MOTOR-1", motor, expect_zone=Zone.GOOD)
    note_code(code, CodeEvent.What.FITTED, paper=PAPER, vehicle=car, by=people.wh, at=monday)
    assert code.vehicle == car
    note_code(code, CodeEvent.What.TAKEN_OUT, paper=PAPER, vehicle=car, by=people.wh, at=monday)
    assert code.vehicle is None
    assert list(code.events.values_list("what", "vehicle")) == [
        ("received", None), ("fitted", car.pk), ("taken_out", car.pk),
    ]  # fmt: skip


# --- goods receipt
def receive(people, monday, *lines, by=None, **more):
    return receive_goods(supplier="泰州配件厂", batch="7", lines=lines, by=by or people.wh, at=monday, **more)


@pytest.mark.clause("5.1")
def test_a_goods_receipt_is_numbered_and_brings_all_its_lines(people, monday):
    plain, motor = build.spare("A"), build.spare("M", valuable=True)
    receipt = receive(
        people, monday, {"part": motor, "quantity": 1, "codes": ["m-1"]}, {"part": plain, "quantity": 30}
    )
    assert receipt.number == "RK20260302-0001"
    assert [(line.part.code, line.quantity, line.codes) for line in receipt.lines.all()] == [
        ("A", 30, []), ("M", 1, ["M-1"]),
    ]  # fmt: skip
    assert (on_hand(plain, Zone.GOOD), on_hand(motor, Zone.GOOD), drift()) == (30, 1, [])


@pytest.mark.clause("5.1")
def test_a_code_is_never_given_to_a_second_piece_and_nothing_of_that_receipt_stays(people, monday, motor):
    plain = build.spare("A")
    lines = [{"part": plain, "quantity": 3}, {"part": motor, "quantity": 1, "codes": ["Motor-2"]}]
    with pytest.raises(BadEntry, match="MOTOR-2"), transaction.atomic():
        receive(people, monday, *lines)
    assert (on_hand(plain, Zone.GOOD), GoodsReceipt.objects.count(), on_hand(motor, Zone.GOOD)) == (0, 1, 2)


@pytest.mark.clause("5.1")
def test_a_valuable_part_is_not_received_without_codes(people, monday):
    with pytest.raises(BadEntry, match="identification codes"):
        receive(people, monday, {"part": build.spare("M", valuable=True), "quantity": 2, "codes": ["m-1"]})


@pytest.mark.clause("8.1")
def test_who_may_not_see_costs_does_not_type_them(people, monday):
    line = {"part": build.spare("A"), "quantity": 1, "cost": Decimal("12.50")}
    with pytest.raises(BadEntry, match="cost"):
        receive(people, monday, line)
    both = build.person("WH", "PUR")
    assert receive(people, monday, line, by=both).lines.get().cost == Decimal("12.50")


def test_nothing_is_no_receipt(people, monday):
    with pytest.raises(BadEntry):
        receive(people, monday)
