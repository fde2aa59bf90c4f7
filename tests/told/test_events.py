"""Of each event the customer hears once, in his language, in short words without anything that is not his."""

import datetime as dt

import pytest

from repairs import services
from repairs.flow import Stage
from repairs.models import CustomerNotice, Ticket
from repairs.services import quotations
from repairs.told import words
from repairs.told.delivering import deliver
from repairs.told.table import EVENTS
from repairs.told.writing import tell_customer
from tests import build

pytestmark = pytest.mark.django_db
HOUR, MINUTE, DAY = build.HOUR, build.MINUTE, dt.timedelta(days=1)


def told(ticket: Ticket) -> list[tuple[str, str]]:
    rows = CustomerNotice.objects.filter(ticket=ticket).order_by("pk")
    return list(rows.values_list("event", "status"))


@pytest.mark.clause("4.3")
def test_who_calls_and_from_which_number(monday, people, gateway):
    people.eng.mobile = "13911112222"
    people.eng.save()
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    deliver(monday + 2 * MINUTE)
    services.hand_over(ticket, by=people.cs, at=monday + HOUR, engineer=people.eng)
    assert deliver(monday + HOUR) == 1
    last = gateway.texts[-1]
    assert people.eng.name in last and "13911112222" in last and ticket.number in last
    assert last.startswith("【飞跃售后】") and "https://service.example.com/t/" in last


@pytest.mark.clause("3.1")
@pytest.mark.clause("4.3")
@pytest.mark.clause("3.3")
@pytest.mark.parametrize("runs", [1, 3])
def test_the_whole_way_tells_each_event_once(monday, people, gateway, runs):
    ticket = build.report(monday)
    for number, step in enumerate(build.road(ticket, people, "c"), 1):
        for _run in range(runs):
            deliver(monday + HOUR / 4 * number - MINUTE)
        step(monday + HOUR / 4 * number)
    sent = ["received", "taken_up", "engineer", "appointment", "completed"]
    assert told(ticket) == sorted(
        [*((event, "sent") for event in sent), ("day_before", "dropped")], key=lambda row: ORDER.index(row[0])
    )
    assert len(gateway.texts) == len(set(gateway.ids)) == len(sent)


def test_what_is_overtaken_before_it_went_out_is_not_told(monday, people, gateway):
    ticket = build.ticket(Stage.CLOSED, plan="c", at=monday, company=people)
    assert {status for _event, status in told(ticket)} == {"dropped"}
    assert deliver(monday + 9 * HOUR) == 0 and gateway.texts == []


ORDER = ["received", "taken_up", "engineer", "appointment", "day_before", "completed"]


@pytest.mark.clause("4.4c")
def test_an_appointment_is_told_and_again_the_day_before_and_anew_when_it_moves(monday, people, gateway):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    deliver(monday + 10 * MINUTE)
    first = {**build.plan_entries("c", monday), "appointment_at": monday + 4 * DAY}
    services.plan(ticket, by=people.eng, at=monday + HOUR, **first)
    services.replan(ticket, by=people.eng, at=monday + HOUR + MINUTE, reason="客户改期")
    services.plan(
        ticket, by=people.eng, at=monday + HOUR + 2 * MINUTE, **{**first, "appointment_at": monday + 5 * DAY}
    )
    gateway.taken.clear()
    assert deliver(monday + 2 * HOUR) == 1, "the time that no longer counts never goes out"
    assert "03-07 10:00" in gateway.texts[0]
    assert deliver(monday + 4 * DAY) == 0, "10:00 of the day before"
    assert deliver(monday + 4 * DAY + 7 * HOUR) == 1 and "提醒您" in gateway.texts[1]
    assert deliver(monday + 4 * DAY + 7 * HOUR + MINUTE) == 0


@pytest.mark.clause("4.4c")
@pytest.mark.parametrize(("late", "goes"), [(HOUR, 0), (-HOUR, 2)])
def test_no_visit_that_is_over_is_told_of_when_the_worker_was_down(monday, people, gateway, late, goes):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    deliver(monday + 10 * MINUTE)
    visit = monday + 4 * DAY
    services.plan(
        ticket,
        by=people.eng,
        at=monday + HOUR,
        **{**build.plan_entries("c", monday), "appointment_at": visit},
    )
    assert deliver(visit + late) == goes
    assert {state for event, state in told(ticket) if event in ("appointment", "day_before")} == {
        "sent" if goes else "dropped"
    }


@pytest.mark.clause("4.4a")
def test_consent_is_asked_for_until_it_is_given(monday, people, gateway):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    deliver(monday + 10 * MINUTE)
    gateway.taken.clear()
    entries = {**build.plan_entries("a", monday), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=monday + HOUR, **entries)
    services.consent(ticket, at=monday + HOUR + MINUTE, signer="王小明")
    assert deliver(monday + 2 * HOUR) == 0, "agreed before the message went out"
    assert ("consent", "dropped") in told(ticket)


@pytest.mark.clause("9.4")
def test_a_quotation_is_told_when_it_is_sent_and_not_once_it_is_answered(monday, people, gateway):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    deliver(monday + 10 * MINUTE)
    gateway.taken.clear()
    quote = build.quotation(ticket, monday + HOUR, "sent")
    assert deliver(monday + 2 * HOUR) == 1 and quote.number in gateway.texts[0]
    assert "240" not in gateway.texts[0], "no price in a message"
    other = build.quotation(ticket, monday + 3 * HOUR, "sent")
    quotations.accept(other, at=monday + 3 * HOUR + 9 * MINUTE)
    assert deliver(monday + 4 * HOUR) == 0


def test_several_answers_in_a_row_are_one_message(monday, people, gateway):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    deliver(monday + 10 * MINUTE)
    gateway.taken.clear()
    for minute in range(3):
        services.message(ticket, at=monday + HOUR + minute * MINUTE, text="CANARY-秘密", by=people.eng)
    assert deliver(monday + 2 * HOUR) == 1
    assert "CANARY" not in gateway.texts[0] and "留言" in gateway.texts[0]


def test_an_ended_and_a_joined_report_say_so(monday, people, gateway):
    ended = build.ticket(Stage.CANCELLED, at=monday, company=people)
    one = build.ticket(Stage.RECORDED, at=monday, company=people)
    other = build.ticket(Stage.RECORDED, at=monday, company=people)
    services.merge(one, by=people.cs, at=monday + HOUR, into=other, reason="CANARY-reason")
    deliver(monday + 2 * HOUR)
    assert told(ended)[-1] == ("ended", "sent") and told(one)[-1] == ("merged", "sent")
    assert not [text for text in gateway.texts if "CANARY" in text or "撤回" in text]


def test_the_same_event_is_written_once_however_often_it_is_told(monday, people, gateway):
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    before = CustomerNotice.objects.count()
    for _time in range(3):
        tell_customer(ticket, "parcel", key="WL1", at=monday, carrier="顺丰", waybill="SF1")
    assert CustomerNotice.objects.count() == before + 1
    tell_customer(ticket, "parcel", key="WL2", at=monday, carrier="顺丰", waybill="SF2")
    assert CustomerNotice.objects.count() == before + 2, "the control: another event is another row"


LONGEST = {"when": "2026-12-31T23:59:00+08:00", "quotation": "BJ20261231-00123", "carrier": "中国邮政速递物流有限公司", "waybill": "9" * 40}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("event", list(EVENTS))
def test_each_text_fits_two_messages_and_holds_nothing_of_the_customer(
    monday, people, settings, event, language
):
    """The link alone is nearly one message long; what is said beside it is at most one."""
    settings.SITE_URL = "https://service.example.com"
    people.eng.name, people.eng.mobile = "阿卜杜热合曼·买买提明江", "+8613911112222"
    people.eng.save()
    ticket = build.ticket(
        Stage.PLANNED,
        plan="c",
        at=monday,
        company=people,
        contact="诸葛CANARY",
        street="CANARY路",
        symptom="CANARY",
    )
    ticket.language = language
    text = words.in_words(ticket, event, LONGEST)
    sentence = text.replace(words.link_of(ticket), "").strip()
    assert "{" not in text and "CANARY" not in text and ticket.contact.phone not in text
    assert words.parts(text) <= (2 if language == "zh-hans" else 3) and words.link_of(ticket) in text
    assert len(sentence) <= (70 if language == "zh-hans" else 134), sentence
    assert ("飞跃" in text) == (language == "zh-hans")


def test_the_length_of_messages_is_counted_as_the_networks_count(settings):
    assert [words.parts("字" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert [words.parts("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
