"""The gateway for short messages: what it gets, what each of its answers means, and to whom nothing goes."""

import pytest

from accounts.models import AuditEvent
from repairs import services
from repairs.flow import Stage
from repairs.told import ways
from repairs.told.delivering import deliver
from sales import services as sales
from tests import build

pytestmark = pytest.mark.django_db
HOUR, MINUTE = build.HOUR, build.MINUTE


@pytest.fixture
def waiting(monday, people, gateway):
    """A report whose customer is to hear that it arrived."""
    ticket = build.report(monday, language="zh-hans")
    return ticket.customer_notices.get()


def state(row):
    row.refresh_from_db()
    return row.status, row.attempts, row.why


def test_it_gets_number_text_and_the_name_of_the_row(waiting, monday, gateway):
    assert [deliver(monday), deliver(monday + MINUTE)] == [1, 0]
    (headers, sent), *others = gateway.taken
    assert others == [] and state(waiting) == ("sent", 1, "")
    assert (sent["id"], sent["to"]) == (f"customer-notice-{waiting.pk}", "+8613812345678")
    assert (headers["Authorization"], headers["Idempotency-Key"], headers["path"]) == (
        "Bearer key-1", sent["id"], "/send?app=1",
    )  # fmt: skip


def test_the_ticket_says_what_was_sent_and_never_the_words(waiting, monday, gateway):
    deliver(monday)
    event = waiting.ticket.events.get(name="customer_told")
    assert (event.actor, event.by, event.why, event.clause) == ("portal", None, "", "3.1")
    assert event.data == {"event": "received", "channel": "sms", "result": "sent"}
    waiting.refresh_from_db()
    numbers = {"id", "ticket_id", "person_id", "by_id"}  # of rows: any digits may stand in them
    stored = " ".join(str(value) for name, value in vars(waiting).items() if name not in numbers)
    assert "138" not in stored and "/t/" not in stored and "王小明" not in stored


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (200, "sent"), (202, "sent"), (400, "failed"), (401, "failed"), (302, "failed"), (429, "waiting"), (503, "waiting"),
        (500, "unknown"), (504, "unknown"), ("drop", "unknown"),
    ],
)  # fmt: skip
def test_what_an_answer_means(waiting, monday, gateway, answer, after):
    gateway.answer, gateway.headers = answer, {"Location": "http://127.0.0.1:1/"} if answer == 302 else {}
    deliver(monday)
    assert (state(waiting)[0], len(gateway.taken)) == (after, 1)
    deliver(monday + 2 * MINUTE)
    assert len(gateway.taken) == (2 if after == "waiting" else 1), (
        "only what was surely not handed on is tried again"
    )


def test_nobody_answers_the_line_and_it_is_tried_later_and_at_last_left_to_a_hand(waiting, monday, settings):
    settings.SMS_URL = "http://127.0.0.1:9/"
    now = monday
    for attempt in range(1, 6):
        deliver(now)
        assert state(waiting)[:2] == ("waiting" if attempt < 5 else "failed", attempt)
        now = max(waiting.not_before, now)
    assert deliver(now + HOUR) == 0


def test_a_name_that_leads_into_the_house_is_refused_before_a_word_is_sent(
    waiting, monday, settings, gateway
):
    settings.SMS_URL = gateway.url.replace("127.0.0.1", "localhost")
    deliver(monday)
    assert (gateway.taken, state(waiting)) == ([], ("waiting", 1, "PermissionError"))
    for address in ("10.0.0.1", "169.254.169.254", "::1", "192.168.1.7"):
        with pytest.raises(PermissionError):
            ways._demand_public("sms.example.com", address)
    ways._demand_public("sms.example.com", "47.95.1.1")
    ways._demand_public("10.0.0.1", "10.0.0.1")


def test_nothing_goes_out_at_night_and_all_of_it_in_the_morning(waiting, monday, gateway):
    ten, seven = monday.replace(hour=22), monday.replace(hour=7) + 24 * HOUR
    assert [deliver(ten), deliver(ten + 8 * HOUR), deliver(seven - MINUTE)] == [0, 0, 0]
    assert deliver(seven) == 1
    assert deliver(monday.replace(hour=21, minute=59)) == 0, "once"


def test_who_wants_no_messages_gets_none(waiting, monday, gateway):
    services.prefer_telling(waiting.ticket, at=monday, no_notices=True)
    assert deliver(monday) == 0 and state(waiting)[0::2] == ("dropped", "not wished")
    assert not waiting.ticket.events.filter(name="customer_told").exists()


def test_who_is_erased_gets_none(monday, people, gateway):
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    sales.erase(ticket.customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday + HOUR, reason="x")
    assert deliver(monday + HOUR) == 0 and gateway.taken == []
    assert set(ticket.customer_notices.values_list("status", "why")) <= {
        ("dropped", "erased"),
        ("dropped", "hand_over"),
    }
    assert AuditEvent.objects.filter(verb="customer.erased").exists()


def test_a_landline_hears_by_hand_and_an_address_of_his_own_by_mail(monday, people, gateway, mailoutbox):
    landline = build.ticket(Stage.RECORDED, at=monday, company=people, phone="+8652389798888")
    other = build.ticket(Stage.ASSIGNED, at=monday, company=people, phone="+8652389798888")
    assert set(other.customer_notices.values_list("channel", flat=True)) == {"hand"}
    services.prefer_telling(landline, at=monday, email="wang@example.com")
    landline.refresh_from_db()
    services.hand_over(landline, by=people.cs, at=monday + HOUR, engineer=people.eng)
    assert deliver(monday + HOUR) == 1
    letter = mailoutbox[-1]
    assert letter.to == ["wang@example.com"] and "/t/" in letter.body and landline.number in letter.subject
    assert set(landline.customer_notices.filter(event="engineer").values_list("channel", "status")) == {
        ("email", "sent")
    }


def test_settings_that_make_no_sense_stop_the_start(tmp_path):
    import os
    import subprocess
    import sys

    for url in ("http://sms.example.com/", "ftp://x", "https://user:pw@sms.example.com/", "https://"):
        env = {**os.environ, "SMS_URL": url, "MODE": "demo", "DATA": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", "import aftersales.settings"], env=env, capture_output=True, text=True
        )
        assert done.returncode == 1 and "SMS_URL is not usable" in done.stderr and "pw@" not in done.stderr, (
            url
        )
