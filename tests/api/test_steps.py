"""`POST /tickets/{number}/steps/{name}`: the step's form, once, in turn, by whom it belongs to."""

import datetime as dt

import pytest

from aftersales.models import OperationKey
from deadlines.models import Deadline
from repairs import steps
from repairs.flow import Stage
from repairs.models import ContactAttempt, Note, Plan, Ticket
from tests import build
from tests.public.conftest import picture  # noqa: F401  # the same fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.mark.clause("3.2")
def test_accept_keeps_what_the_report_said_and_takes_what_is_corrected(program, people, now):
    ticket = build.report(now, vin="LFY1", model="FY-6", region="江苏泰州", occurred="昨天")
    api = program(people.cs)
    assert api.step(ticket.number, "accept", plate="苏M12345", urgency="urgent", model=None) == {
        "number": ticket.number, "stage": "recorded", "round": 1,
    }  # fmt: skip
    ticket = Ticket.objects.get()
    assert (ticket.vin, ticket.model, ticket.plate, ticket.urgency) == ("LFY1", "", "苏M12345", "urgent")
    assert (ticket.words.symptom, ticket.words.occurred, ticket.contact.name) == (
        "刹车异响",
        "昨天",
        "王小明",
    )


@pytest.mark.clause("3.2")
def test_a_step_out_of_turn_says_so_with_its_clause(program, people, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now, company=people)
    api = program(people.cs)
    answer = api.step(ticket.number, "hand_over", engineer=people.eng.username)
    assert (api.status, answer["clause"]) == (409, "3.2")
    assert "3.2" in answer["detail"]


@pytest.mark.clause("4.5")
def test_a_guard_says_what_is_missing(program, people, now):
    ticket = build.ticket(at_stage=Stage.PLANNED, at=now, company=people, needs_parts=True)
    api = program(people.eng)
    answer = api.step(ticket.number, "begin")
    assert (api.status, answer["clause"]) == (409, "4.5")


def test_a_step_that_does_not_exist(program, people, now):
    api = program(people.cs)
    api.step(build.report(now).number, "burn")
    assert api.status == 404


@pytest.mark.clause("4.4c")
def test_what_a_plan_lacks_is_named_at_its_field(program, people, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now, company=people)
    api = program(people.eng)
    answer = api.step(ticket.number, "plan", plan_type="c", explanation="上门", told_how="phone")
    assert (api.status, set(answer["errors"])) == (422, {"appointment_at"})
    answer = api.step(
        ticket.number,
        "plan",
        plan_type="c",
        explanation="上门",
        told_how="phone",
        appointment_at="2020-01-01T10:00:00+08:00",
    )
    assert (api.status, answer["clause"], set(answer["errors"])) == (422, "4.4c", {"appointment_at"})
    assert Plan.objects.count() == 0


@pytest.mark.parametrize(("typed", "meant"), [
    ("2026-03-02T10:00:00+08:00", "2026-03-02T02:00:00Z"), ("2026-03-02T02:00:00Z", "2026-03-02T02:00:00Z"),
    ("2026-03-02T10:00", "2026-03-02T02:00:00Z"), ("2026-03-01T21:00:00-05:00", "2026-03-02T02:00:00Z"),
])  # fmt: skip
def test_a_typed_time_has_its_zone_and_without_one_it_is_the_company_s(program, people, now, typed, meant):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now, company=people)
    api = program(people.eng)
    api.step(ticket.number, "attempt", result="no_answer", way="phone", tried_at=typed)
    assert api.status == 200
    assert ContactAttempt.objects.get().tried_at == dt.datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "typed", ["soon", "2999-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"]
)
def test_a_time_that_cannot_be_is_refused_at_its_field(program, people, now, typed):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now, company=people)
    api = program(people.eng)
    answer = api.step(ticket.number, "attempt", result="no_answer", way="phone", tried_at=typed)
    assert (api.status, set(answer["errors"])) == (422, {"tried_at"})


@pytest.mark.parametrize("typed", ["9999-12-31T23:59:59-12:00", "2999-01-01T00:00:00Z"])
def test_an_appointment_lies_in_a_time_that_people_live_to_see(program, people, now, typed):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now, company=people)
    api = program(people.eng)
    answer = api.step(
        ticket.number, "plan", plan_type="c", explanation="上门", told_how="phone", appointment_at=typed
    )
    assert (api.status, set(answer["errors"])) == (422, {"appointment_at"})


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01"])
def test_a_day_of_delivery_is_one_that_can_be(program, people, now, typed):
    api = program(people.cs)
    answer = api.step(build.report(now).number, "accept", delivered_on=typed)
    assert (api.status, set(answer["errors"])) == (422, {"delivered_on"})


def test_the_same_key_takes_a_step_once(program, people, now):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=now, company=people)
    api = program(people.cs)
    first = api.step(ticket.number, "note", _key="k", text="一次")
    assert (api.step(ticket.number, "note", _key="k", text="一次"), api.status) == (first, 200)
    handed = api.step(ticket.number, "hand_over", _key="h", engineer=people.eng.username)
    assert (api.step(ticket.number, "hand_over", _key="h", engineer=people.eng.username), api.status) == (
        handed,
        200,
    )
    assert Note.objects.count() == 1
    assert Ticket.objects.get().turn == 1


def test_the_same_key_with_another_body_or_at_another_address_is_refused(program, people, now):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=now, company=people)
    api = program(people.cs)
    api.step(ticket.number, "note", _key="k", text="一次")
    api.step(ticket.number, "note", _key="k", text="两次")
    assert api.status == 422
    api.step(ticket.number, "message", _key="k", text="一次")
    assert api.status == 422
    assert Note.objects.count() == 1


def test_keys_of_two_people_never_meet(program, people, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now, company=people)
    for user in (people.cs, people.eng):
        program(user).step(ticket.number, "note", _key="k", text="一次")
    assert Note.objects.count() == 2


def test_a_refused_step_may_be_tried_again_with_its_key(program, people, now):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=now, company=people)
    api = program(people.cs)
    api.step(ticket.number, "hand_over", _key="k", engineer="nobody")
    assert api.status == 422
    api.step(ticket.number, "hand_over", _key="k", engineer=people.eng.username)
    assert api.status == 200


def test_no_words_of_the_customer_stay_with_a_key(program, people, now):
    ticket = build.report(now)
    program(people.cs).step(ticket.number, "accept", _key="k", contact="李四", phone="13900000001")
    kept = OperationKey.objects.get()
    assert bytes(kept.body).decode() == f'{{"number":"{ticket.number}","stage":"recorded","round":1}}'


def test_who_read_an_older_paper_is_told_so(program, people, now):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=now, company=people)
    api = program(people.cs)
    state = api.get(f"tickets/{ticket.number}")["state"]
    assert state == steps.seen(ticket)
    api.step(ticket.number, "edit_record", plate="1")
    api.step(ticket.number, "edit_record", plate="2", seen=state)
    assert (api.status, Ticket.objects.get().plate) == (409, "1")


@pytest.mark.clause("4.3")
def test_the_arrival_stops_the_clock_not_the_typed_time(program, people, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - dt.timedelta(hours=13), company=people)
    typed = now - dt.timedelta(hours=12)
    program(people.eng).step(
        ticket.number, "contact", confirmed_symptom="刹车片磨损", first_contact_at=typed.isoformat()
    )
    clock = Deadline.objects.get(rule="contact")
    assert clock.met_at >= now and clock.missed_at == clock.due_at


def test_pictures_are_added_as_multipart(program, people, now, picture):  # noqa: F811
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now, company=people)
    api = program(people.eng)
    api.send(f"tickets/{ticket.number}/steps/attach", {"photos": [picture("a.jpg"), picture("b.jpg")]})
    assert (api.status, ticket.attachments.count()) == (200, 2)
