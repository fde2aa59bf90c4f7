"""Quotations and parts-only orders over the API: what the pages do, with the same forms, rights and refusals."""

import pytest

from repairs.flow import Stage
from repairs.models import PartsOrder, Quotation
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4")]


@pytest.fixture
def ticket(people, monday):
    return build.ticket(Stage.CONTACTED, at=monday, company=people)


def test_a_quotation_from_draft_to_answer(program, people, ticket):
    part = build.part("FY-1", "100.10")
    build.publish({}, (build.LABOUR,))
    eng, cs = program(people.eng), program(people.cs)
    body = {
        "delivery": "3 天",
        "lines": [
            {"part": "fy-1", "quantity": 3, "discount": 0},
            {"kind": "labour", "code": "GS-01", "quantity": "1.5"},
        ],
    }
    drafted = eng.post(f"tickets/{ticket.number}/quotations", body, key="k-1")
    assert (eng.status, drafted["stage"], drafted["total"]) == (201, "draft", "420.30")
    assert eng.post(f"tickets/{ticket.number}/quotations", body, key="k-1") == drafted
    number = drafted["number"]
    found = eng.get(f"quotations/{number}")
    assert (found["total_in_words"], found["ticket"], found["order"], found["delivery"]) == (
        "肆佰贰拾元叁角整",
        ticket.number,
        None,
        "3 天",
    )
    assert [(x["position"], x["code"], x["unit_price"], x["amount"]) for x in found["lines"]] == [
        (1, "FY-1", "100.10", "300.30"), (2, "GS-01", "80.00", "120.00"),
    ]  # fmt: skip
    assert {s["name"] for s in found["steps"]} >= {"add_part", "change_line", "send", "withdraw"}
    assert eng.post(f"quotations/{number}/steps/change_line", {"line": 1, "quantity": 1})["stage"] == "draft"
    assert (
        eng.post(f"quotations/{number}/steps/send", {"seen": eng.get(f"quotations/{number}")["state"]})[
            "stage"
        ]
        == "sent"
    )
    assert cs.post(f"quotations/{number}/steps/accept", {}) and cs.status == 422
    assert cs.post(f"quotations/{number}/steps/accept", {"how": "电话"})["stage"] == "accepted"
    assert [q["number"] for q in cs.get("quotations", stage="accepted")["results"]] == [number]
    assert cs.get("quotations", stage="draft")["results"] == [] and part.pk


@pytest.mark.clause("8.1")
@pytest.mark.parametrize("line", [
    {"price": "1"}, {"unit_price": 1}, {"amount": 1}, {"quantity": 0}, {"quantity": "x"}, {"quantity": [1]}, {"quantity": 1e30},
    {"part": {"a": 1}}, {"part": "NO"}, {"part": "\x00"}, {"kind": "gold"}, {"discount": 100}, {"discount": -1}, {"quantity": None},
])  # fmt: skip
def test_no_line_brings_a_price_or_nonsense(program, people, ticket, line):
    build.part("FY-1")
    api = program(people.eng)
    api.post(f"tickets/{ticket.number}/quotations", {"lines": [{"part": "FY-1", "quantity": 1} | line]})
    assert api.status == 422 and not Quotation.objects.exists()


@pytest.mark.parametrize(
    "body", [{"lines": "x"}, {"lines": [1]}, {"lines": {"a": 1}}, {"total": "1"}, {"price": 1}]
)
def test_a_body_that_is_none_is_refused(program, people, ticket, body):
    api = program(people.eng)
    api.post(f"tickets/{ticket.number}/quotations", body)
    assert api.status in (400, 422) and not Quotation.objects.exists()


def test_who_may_not_is_refused(program, people, ticket, monday):
    order = build.order(people, monday)
    for address in (f"tickets/{ticket.number}/quotations", f"orders/{order.number}/quotations"):
        api = program(build.person("ENG"))
        api.post(address, {})
        assert api.status == 404
        api = program(people.cs)
        api.post(address, {})
        assert api.status == 403
    cancelled = build.ticket(Stage.CANCELLED, at=monday, company=people)
    api = program(people.eng)
    api.post(f"tickets/{cancelled.number}/quotations", {})
    assert api.status in (403, 404, 409)


@pytest.mark.clause("8.7")
def test_an_order_is_opened_read_and_quoted(program, people):
    cs, eng = program(people.cs), program(people.eng)
    opened = cs.post("orders/open", {"name": "刘海", "phone": "13911112222", "engineer": people.eng.username})
    assert (cs.status, opened["stage"]) == (201, "open")
    found = cs.get(f"orders/{opened['number']}")
    assert (found["contact"], found["phone"], found["engineer"]["username"]) == (
        "刘海",
        "139****2222",
        people.eng.username,
    )
    build.part("FY-2", "9.99")
    drafted = eng.post(f"orders/{opened['number']}/quotations", {"lines": [{"part": "FY-2", "quantity": 2}]})
    assert drafted["total"] == "19.98"
    assert eng.post(f"orders/{opened['number']}/steps/end", {})["stage"] == "ended"
    assert cs.get("orders", stage="ended")["results"][0]["number"] == opened["number"]
    bad = program(people.cs)
    bad.post("orders/open", {"name": "刘海", "engineer": people.eng.username})
    assert bad.status == 422 and PartsOrder.objects.count() == 1


def test_lists_cost_the_same_with_one_row_and_with_three(
    program, people, monday, django_assert_max_num_queries
):
    api = program(people.cs)
    for count in (1, 2):
        for _ in range(count):
            build.quotation(build.order(people, monday), monday)
        for address in ("quotations", "orders"):
            api.get(address)
            with django_assert_max_num_queries(8):
                assert api.get(address)["results"]
