"""`GET /tickets`, `GET /tickets/{number}`: what it says, and at what cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

pytestmark = pytest.mark.django_db


def test_the_list_is_filtered_and_newest_first(program, people, monday):
    one = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people, symptom="电池不充电")
    two = build.ticket(at_stage=Stage.REPORTED, at=monday, phone="+8613900000001")
    api = program(people.cs)

    def numbers(**query):
        return [row["number"] for row in api.get("tickets", **query)["results"]]

    assert numbers() == [two.number, one.number]
    assert numbers(stage="assigned") == [one.number]
    assert (
        numbers(q="不充电")
        == numbers(engineer=people.eng.username)
        == numbers(overdue="1", stage="assigned")
        == [one.number]
    )
    assert numbers(overdue="false") == numbers(stage="open") == [two.number, one.number]
    assert numbers(stage="nowhere") == []


def test_an_engineer_sees_his_own(program, people, monday):
    mine = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people)
    build.ticket(at_stage=Stage.ASSIGNED, at=monday)
    assert [r["number"] for r in program(people.eng).get("tickets")["results"]] == [mine.number]


def test_the_cursor_goes_on_where_the_page_ended(program, people, monday):
    for number in range(53):
        build.report(monday, phone=f"+86138000000{number:02}")
    api = program(people.cs)
    first = api.get("tickets")
    rest = api.get("tickets", cursor=first["next"])
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (50, 3, None)
    assert len({row["number"] for row in first["results"] + rest["results"]}) == 53


@pytest.mark.clause("4.3")
def test_a_ticket_is_told_whole(program, people, monday):
    ticket = build.ticket(at_stage=Stage.PLANNED, plan="c", at=monday, company=people)
    seen = program(people.eng).get(f"tickets/{ticket.number}")
    assert (seen["stage"], seen["stage_label"], seen["plan_type"], seen["part_lines"]) == (
        "planned",
        "Planned",
        "c",
        [],
    )
    assert seen["forms"]["repair_orders"][0]["confirmed_symptom"] == "后轮刹车片磨损"
    assert [c["rule"] for c in seen["clocks"]][:3] == ["collect", "handover", "contact"]
    contact = next(c for c in seen["clocks"] if c["rule"] == "contact")
    assert set(contact) == {
        "rule",
        "clause",
        "label",
        "opened_at",
        "due_at",
        "raw_due_at",
        "met_at",
        "missed_at",
        "provisional",
        "owner",
    }
    assert (contact["clause"], contact["owner"]["username"], contact["missed_at"]) == (
        "4.3",
        people.eng.username,
        None,
    )
    assert dt.datetime.fromisoformat(contact["due_at"]) - dt.datetime.fromisoformat(
        contact["opened_at"]
    ) == dt.timedelta(hours=12)
    assert [e["name"] for e in seen["timeline"]] == ["report", "accept", "hand_over", "reach", "plan"]


@pytest.mark.clause("3.2")
def test_a_missed_clock_says_when(program, people, monday):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=monday, company=people)
    seen = program(people.cs).get(f"tickets/{ticket.number}")
    handover = next(c for c in seen["clocks"] if c["rule"] == "handover")
    assert handover["missed_at"] == handover["due_at"] and handover["met_at"] is None


@pytest.mark.clause("4.5")
def test_the_steps_say_what_may_be_done_and_why_not(program, people, monday):
    ticket = build.ticket(at_stage=Stage.PLANNED, at=monday, company=people, needs_parts=True)
    steps = {s["name"]: s for s in program(people.eng).get(f"tickets/{ticket.number}")["steps"]}
    assert steps["begin"]["allowed"] is False and "4.5" in steps["begin"]["why_not"]
    assert steps["replan"] == {
        "name": "replan", "label": "Plan anew", "clause": "4.4", "allowed": True, "why_not": None,
        "schema": {
            "type": "object", "additionalProperties": False, "required": ["reason"],
            "properties": {"reason": {"type": "string", "title": "Reason", "maxLength": 4000}},
        },
    }  # fmt: skip


@pytest.mark.clause("9.5")
def test_the_survey_is_not_for_the_engineer(program, people, monday):
    ticket = build.ticket(at_stage=Stage.CLOSED, at=monday, company=people)
    path = f"tickets/{ticket.number}"
    assert program(people.eng).get(path)["forms"]["callback_surveys"] == []
    assert program(people.cs).get(path)["forms"]["callback_surveys"][0]["overall"] == "satisfied"


def statements(api, path):
    api.get(path)
    with CaptureQueriesContext(connection) as seen:
        api.get(path)
    return len(seen)


def test_the_list_costs_the_same_with_one_row_and_with_three(program, people, monday):
    build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people)
    api = program(people.cs)
    one = statements(api, "tickets")
    for number in range(2):
        build.ticket(
            at_stage=Stage.ASSIGNED, at=monday, company=build.Company(), phone=f"+861390000000{number}"
        )
    assert statements(api, "tickets") == one <= 8


@pytest.mark.parametrize("stage", [Stage.REPORTED, Stage.ASSIGNED, Stage.COMPLETED, Stage.CLOSED])
def test_a_ticket_costs_at_most_twenty_statements(program, people, monday, stage):
    ticket = build.ticket(at_stage=stage, at=monday, company=people)
    for number in range(3):
        services.note(Ticket.objects.get(pk=ticket.pk), by=people.cs, at=monday, text=f"{number}")
    assert statements(program(people.cs), f"tickets/{ticket.number}") <= 24
    if stage != Stage.REPORTED:
        assert statements(program(people.eng), f"tickets/{ticket.number}") <= 24
