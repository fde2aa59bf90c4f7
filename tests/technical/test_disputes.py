"""A customer disputes “human damage” or a charge (4.5a, F11); technical answers apart from the engineers (SD08)."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from parts.models import ReleaseLine
from repairs import services
from repairs.models import Message
from repairs.services import forgetting
from sales import services as sales
from technical.models import Dispute
from technical.services import disputes
from tests import build
from tests.finance.conftest import Shop
from tests.finance.debts import debt
from tests.public.conftest import link
from tests.sales.test_erasure_dump import dump

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.5a")]
WORDS = "诸葛孔明说这不是人为损坏"


@pytest.fixture(autouse=True)
def _sentences_in_english(english):
    """What the services refuse is compared in English here."""


def human(who, at):
    """A sheet whose line was judged human damage, so charged; it waits for finance."""
    shop = Shop(who, at - dt.timedelta(hours=30))
    return shop.charged("unpaid", (shop.part("120.00"), 1))


@pytest.fixture
def charged(who, now):
    return human(who, now)


@pytest.fixture
def now():
    return timezone.now()


def raised(release, at, **facts):
    return disputes.raise_(release.ticket, **{"kind": "damage", "words": WORDS, "at": at} | facts)


# --- raised
def test_technical_the_engineer_and_customer_service_are_told(charged, who, now):
    people = {who.tech.pk, who.cs.pk, who.eng.pk}
    dispute = raised(charged, now)
    told = Notification.objects.filter(event_key=f"dispute:{dispute.pk}:raised", channel="app")
    assert set(told.values_list("recipient_id", flat=True)) == people


def test_one_open_dispute_a_ticket_and_another_after_the_answer(charged, who, now):
    first = raised(charged, now)
    with pytest.raises(OutOfTurn, match="open dispute"):
        raised(charged, now)
    disputes.answer(first, outcome="rejected", answer="有裂痕照片", by=who.tech, at=now)
    assert raised(charged, now, kind="charge").pk != first.pk


@pytest.mark.parametrize(("facts", "field"), [({"kind": "x"}, "kind"), ({"words": " "}, "words")])
def test_what_is_wrong_is_refused_at_its_field(charged, now, facts, field):
    with pytest.raises(BadEntry) as refusal:
        raised(charged, now, **facts)
    assert refusal.value.field == field


def test_of_ours_only_customer_service_takes_one_down(charged, who, now):
    for person in (who.tech, who.eng, who.fin, who.mgr):
        with pytest.raises(Denied):
            raised(charged, now, by=person)
    assert raised(charged, now, by=who.cs).by == who.cs


def test_it_has_a_clock_of_technicals_until_it_is_answered(charged, who, now):
    dispute = raised(charged, now)
    clock = Deadline.objects.of(dispute).get()
    assert (clock.rule, clock.department, clock.due_at.date()) == (
        "dispute",
        "technical",
        local_day(now + dt.timedelta(days=3)),
    )
    disputes.answer(dispute, outcome="rejected", answer="有裂痕照片", by=who.tech, at=now)
    clock.refresh_from_db()
    assert clock.met_at == now


def test_it_ends_with_its_report(who, now):
    ticket = build.ticket("planned", at=now, company=who)
    dispute = disputes.raise_(ticket, kind="charge", words=WORDS, at=now)
    services.cancel(ticket, reason="客户自行解决", by=who.cs, at=now)
    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.answered_at) == ("void", now)
    assert Deadline.objects.of(dispute).get().met_at == now
    with pytest.raises(OutOfTurn, match="answered already"):
        disputes.answer(dispute, outcome="rejected", answer="x", by=who.tech, at=now)


def test_nobody_answers_that_it_is_void(charged, who, now):
    with pytest.raises(BadEntry) as refusal:
        disputes.answer(raised(charged, now), outcome="void", answer="x", by=who.tech, at=now)
    assert refusal.value.field == "outcome"


# --- answered
@pytest.mark.clause("7.1")
def test_upheld_the_charge_follows_by_itself_and_the_customer_reads_why(charged, who, now):
    dispute = raised(charged, now)
    assert charged.lines.get().charge == "charged"
    done = disputes.answer(dispute, outcome="upheld", answer="材料缺陷", by=who.tech, at=now)
    line = ReleaseLine.objects.get()
    assert (line.damage, line.charge in ("free", "awaiting"), done.answered_by) == (
        "not_human",
        True,
        who.tech,
    )
    message = Message.objects.get()
    assert "材料缺陷" in message.text and message.by == who.tech


def test_rejected_or_about_a_charge_no_line_is_touched(charged, who, now):
    for kind, outcome in (("damage", "rejected"), ("charge", "upheld")):
        dispute = raised(charged, now, kind=kind)
        disputes.answer(dispute, outcome=outcome, answer="见照片", by=who.tech, at=now)
        assert ReleaseLine.objects.get().charge == "charged"
    told = Notification.objects.filter(event_key__endswith=":answered", recipient__in=[who.fins])
    assert told.exists()


def test_an_engineer_of_the_ticket_of_today_or_earlier_does_not_answer(who, now):
    both = build.person("ENG", "TECH")
    who._people["eng"] = both
    release = human(who, now)
    dispute = raised(release, now)
    other = build.person("ENG")
    services.reassign(release.ticket, by=build.person("CS", head=True), at=now, engineer=other, reason="换人")
    with pytest.raises(Denied, match="SD08"):
        disputes.answer(Dispute.objects.get(), outcome="upheld", answer="x", by=both, at=now)
    assert disputes.answer(dispute, outcome="upheld", answer="x", by=who.tech, at=now).answered_at == now
    with pytest.raises(OutOfTurn, match="already"):
        disputes.answer(dispute, outcome="upheld", answer="x", by=who.tech, at=now)


# --- the customer's page
def test_the_customer_objects_on_his_page_and_reads_the_answer(charged, who, client, now):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = link(charged.ticket)
    assert "I object to the damage or the charge" in client.get(page).content.decode()
    url = link(charged.ticket, "dispute")
    assert client.post(url, {"kind": "damage", "words": ""}).status_code == 422
    assert client.post(url, {"kind": "damage", "words": WORDS}).status_code == 302
    text = client.get(page).content.decode()
    assert WORDS in text and "Technical looks at it" in text
    again = client.post(url, {"kind": "charge", "words": "又一次"})
    assert again.status_code == 409 and "open dispute" in again.content.decode()
    disputes.answer(Dispute.objects.get(), outcome="upheld", answer="材料缺陷", by=who.tech, at=now)
    assert "材料缺陷" in client.get(page).content.decode()


def test_where_nothing_is_charged_the_page_offers_no_objection(who, client, now):
    ticket = build.ticket("completed", at=now - dt.timedelta(hours=5), company=who)
    assert "I object" not in client.get(link(ticket), headers={"accept-language": "en"}).content.decode()


# --- erased
def test_the_customers_own_words_go_with_his_personal_data(charged, who, now):
    dispute = raised(charged, now)
    ticket = charged.ticket
    assert WORDS in dump()
    sales.erase(ticket.customer, by=who.mgr, seconded_by=build.person("MGR"), at=now, reason="要求")
    dispute.refresh_from_db()
    assert (dispute.words, dispute.erased_at) == ("", now) and WORDS not in dump()


def test_words_whose_time_is_over_go_too(charged, now):
    dispute = raised(charged, now)
    forgetting.forget_words(type(charged.ticket).objects.filter(pk=charged.ticket.pk), by=None, at=now)
    dispute.refresh_from_db()
    assert dispute.words == ""


# --- the desk
def test_technical_answers_on_the_page_and_an_engineer_sees_his_own(charged, who, as_user, now):
    dispute = raised(charged, now)
    url = dispute.get_absolute_url()
    tech = as_user(who.tech)
    assert WORDS in tech.get(url).content.decode()
    assert tech.post(url, {"outcome": "upheld", "answer": ""}).status_code == 422
    assert as_user(who.cs).post(url, {"outcome": "upheld", "answer": "x"}).status_code == 403
    assert as_user(who.eng).get(url).status_code == 200
    assert as_user(build.person("ENG")).get(url).status_code == 404
    assert tech.post(url, {"outcome": "upheld", "answer": "材料缺陷"}).status_code == 302
    assert "材料缺陷" in tech.get(url).content.decode()


def test_customer_service_takes_it_down_on_the_phone(charged, who, as_user):
    client = as_user(who.cs)
    sent = {"ticket": charged.ticket.number, "kind": "charge", "words": "太贵"}
    assert client.get(f"/quality/disputes/new/?for={charged.ticket.number}").status_code == 200
    assert client.post("/quality/disputes/new/", sent).status_code == 302
    assert client.post("/quality/disputes/new/", sent | {"ticket": "BX0"}).status_code == 422
    assert Dispute.objects.get().by == who.cs


def test_who_is_barred_reads_why_and_gets_no_form(who, as_user, now):
    both = build.person("ENG", "TECH")
    who._people["eng"] = both
    dispute = raised(human(who, now), now)
    text = as_user(both).get(dispute.get_absolute_url()).content.decode()
    assert "SD08" in text and 'name="outcome"' not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_three(who, as_user, now, count, django_assert_max_num_queries):
    for _ in range(count):
        disputes.raise_(
            build.ticket("completed", at=now - dt.timedelta(hours=5), company=who),
            kind="charge",
            words="x",
            at=now,
        )
    client = as_user(who.tech)
    client.get("/quality/disputes/")
    with django_assert_max_num_queries(5):
        assert client.get("/quality/disputes/", {"state": "open"}).status_code == 200


def test_over_the_api(charged, who, program):
    cs, tech = program(who.cs), program(who.tech)
    made = cs.post("disputes", {"ticket": charged.ticket.number, "kind": "damage", "words": "不是我"})
    assert (cs.status, made["ticket"], made["by"]) == (201, charged.ticket.number, who.cs.username)
    assert [row["id"] for row in tech.get("disputes", state="open")["results"]] == [made["id"]]
    done = tech.post(f"disputes/{made['id']}/answer", {"outcome": "rejected", "answer": "见照片"})
    assert (tech.status, done["outcome"]) == (200, "rejected")
    assert cs.get(f"disputes/{made['id']}")["answer"] == "见照片"


# --- what technical reads before it answers
def test_a_charge_that_was_quoted_stands_beside_the_dispute_with_its_lines(
    charged, who, now, as_user, one_factor
):
    quote = build.quotation(charged.ticket, now, "accepted")
    dispute = raised(charged, now, kind="charge")
    page = as_user(who.tech).get(dispute.get_absolute_url()).content.decode()
    assert quote.number in page and quote.lines.first().name in page
    assert "Receivables" not in page, "what a customer owes is not technical's to read (C10)"


def test_finance_reads_beside_it_what_he_owes(who, now, as_user, one_factor):
    receivable = debt(Shop(who, now - dt.timedelta(hours=30)))
    dispute = disputes.raise_(receivable.ticket, kind="charge", words=WORDS, at=now)
    page = as_user(who.fin).get(dispute.get_absolute_url()).content.decode()
    assert f'href="{receivable.get_absolute_url()}"' in page


@pytest.mark.clause("9.2")
def test_the_ticket_says_it_in_his_words_to_who_sees_it_in_full(charged, who, now, as_user, one_factor):
    dispute = raised(charged, now)
    url = charged.ticket.get_absolute_url()
    page = as_user(who.cs).get(url).content.decode()
    assert WORDS in page and dispute.get_absolute_url() in page
    assert WORDS not in as_user(who.tech).get(url).content.decode()
