"""Plans b and c from the public report to the closed ticket, and a second round, by programs only."""

import datetime as dt

import pytest

from deadlines.models import Deadline
from repairs.models import Signature, Ticket, WriteOff

pytestmark = pytest.mark.django_db
REPORT = {
    "contact": "王小明",
    "phone": "138 1234 5678",
    "symptom": "刹车异响",
    "location": "江苏省泰州市海陵区迎春路 1 号",
}
PLAN_B = {"plan_type": "b", "explanation": "电话指导复位", "told_how": "phone"}
DONE_B = {"work_done": "复位后正常", "customer_word": "电话确认已好"}


@pytest.fixture
def staff(program, people):
    """Customer service, an engineer, and a visitor's program."""
    return program(people.cs), program(people.eng), program()


def take(api, number, name, **entries):
    """Take a step and answer the stage; what the person then sees allows it no longer twice."""
    said = api.step(number, name, **entries)
    assert api.status == 200, said
    return said["stage"]


def to_the_engineer(staff, people):
    cs, eng, visitor = staff
    reported = visitor.post("reports", REPORT)
    number = reported["number"]
    assert visitor.status == 201
    assert any(d["subject"] == number and d["rule"] == "collect" for d in cs.get("duties")["results"])
    assert take(cs, number, "accept", vin="LFY0001", urgency="urgent") == "recorded"
    assert take(cs, number, "hand_over", engineer=people.eng.username) == "assigned"
    assert {d["rule"] for d in eng.get("duties")["results"] if d["subject"] == number} == {"contact", "plan"}
    return number, reported["token"]


def clocks(api, number):
    return {
        c["rule"]: (c["met_at"] is not None, c["missed_at"]) for c in api.get(f"tickets/{number}")["clocks"]
    }


@pytest.mark.clause("4.4b")
def test_plan_b_from_report_to_closed(staff, people):
    cs, eng, visitor = staff
    number, token = to_the_engineer(staff, people)
    assert (
        take(eng, number, "contact", confirmed_symptom="刹车片磨损", damage_type="not_human") == "contacted"
    )
    assert take(eng, number, "plan", **PLAN_B) == "planned"
    assert take(eng, number, "begin") == "in_service"
    assert take(eng, number, "complete", **DONE_B) == "completed"
    writes_the_report(eng, number)
    assert (
        take(cs, number, "call_back", resolved=True, overall="satisfied", way="phone", attitude=5) == "closed"
    )
    assert take(cs, number, "write_off") == "closed"
    assert clocks(cs, number) == dict.fromkeys(
        ("collect", "handover", "contact", "plan", "callback", "write_off", "quality_report"), (True, None)
    )
    seen = cs.get(f"tickets/{number}")
    assert [e["name"] for e in seen["timeline"]] == [
        "report", "accept", "hand_over", "reach", "plan", "begin", "complete", "quality_opened", "quality_reported", "close",
        "write_off",
    ]  # fmt: skip
    assert [s["name"] for s in seen["steps"] if s["allowed"]] == ["note", "message", "reopen"]
    page = visitor.client.get(f"/t/{token}/")
    assert page.status_code == 200 and number in page.content.decode()


def writes_the_report(eng, number):
    """9.6 over the API: what failed, how and why, a piece with its place, submitted (4.10)."""
    made = eng.send(f"tickets/{number}/quality-report", {})
    assert eng.status == 201
    here = f"quality-reports/{made['number']}/steps"
    facts = {"part_name": "刹车片", "failure_mode": "worn", "what": "磨损到限", "causes": "未按期保养"}
    eng.send(f"{here}/write", facts)
    eng.send(f"{here}/put_exhibit", {"piece": "旧刹车片", "place": "旧件区 A-3"})
    assert eng.send(f"{here}/submit", {})["stage"] == "submitted"


@pytest.mark.clause("4.4c")
def test_plan_c_from_report_to_closed(staff, people):
    cs, eng, _visitor = staff
    number, _token = to_the_engineer(staff, people)
    take(eng, number, "attempt", result="no_answer", way="phone")
    take(eng, number, "contact", confirmed_symptom="电机异响")
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    plan = {
        "plan_type": "c",
        "explanation": "上门检查电机",
        "told_how": "phone",
        "appointment_at": tomorrow.isoformat(),
    }
    assert take(eng, number, "plan", **plan) == "planned"
    take(eng, number, "begin")
    refused = eng.step(number, "complete", work_done="已更换轴承")
    assert (eng.status, refused["clause"], set(refused["errors"])) == (422, "4.7", {"signer"})
    signed = {"signer": "王小明", "strokes": "[[[10, 10], [500, 300]]]"}
    assert take(eng, number, "complete", work_done="已更换轴承", **signed) == "completed"
    writes_the_report(eng, number)
    assert take(cs, number, "call_back", resolved=True, overall="very_satisfied", way="phone") == "closed"
    take(cs, number, "write_off")
    assert (Signature.objects.get().person.name, WriteOff.objects.get().confirmed_by) == ("王小明", people.cs)
    assert all(met and missed is None for met, missed in clocks(cs, number).values())


@pytest.mark.clause("3.3")
@pytest.mark.clause("4.8")
def test_an_unsolved_callback_goes_a_second_round(staff, people):
    cs, eng, _visitor = staff
    number, _token = to_the_engineer(staff, people)
    for name, entries in [
        ("contact", {"confirmed_symptom": "异响"}),
        ("plan", PLAN_B),
        ("begin", {}),
        ("complete", DONE_B),
    ]:
        take(eng, number, name, **entries)
    refused = cs.step(number, "call_back", resolved=False, way="phone")
    assert (cs.status, set(refused["errors"])) == (422, {"reason"})
    said = cs.step(
        number, "call_back", resolved=False, way="phone", reason="上坡还响", overall="dissatisfied"
    )
    assert said == {"number": number, "stage": "assigned", "round": 2}
    fresh = Deadline.objects.filter(rule__in=("contact", "plan"), met_at=None, ended_at=None)
    assert {d.rule for d in fresh} == {
        "contact",
        "plan",
    }  # the write-off of the first round waits until the end
    for name, entries in [
        ("contact", {"damage_type": "human"}),
        ("plan", PLAN_B),
        ("begin", {}),
        ("complete", DONE_B),
    ]:
        take(eng, number, name, **entries)
    assert take(cs, number, "call_back", resolved=True, way="phone") == "closed"
    take(cs, number, "write_off")
    ticket = Ticket.objects.get()
    assert (ticket.round, ticket.sheets.count(), ticket.surveys.count(), ticket.write_offs.count()) == (
        2,
        2,
        2,
        2,
    )
    assert not Deadline.objects.filter(rule="write_off", met_at=None).exists()


@pytest.mark.clause("3.3")
def test_the_engineer_never_calls_back_his_own_customer(staff, people):
    _cs, eng, _visitor = staff
    number, _token = to_the_engineer(staff, people)
    for name, entries in [
        ("contact", {"confirmed_symptom": "异响"}),
        ("plan", PLAN_B),
        ("begin", {}),
        ("complete", DONE_B),
    ]:
        take(eng, number, name, **entries)
    eng.step(number, "call_back", resolved=True, way="phone")
    assert (eng.status, Ticket.objects.get().stage) == (403, "completed")
