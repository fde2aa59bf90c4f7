"""The outbox: leased, tried again later and later, given up after eight attempts, sent again by SYS."""

import datetime as dt
import smtplib
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import AuditEvent
from notices import channels, rules
from notices.models import Notification
from notices.selectors import dead
from notices.services import deliver, delivering, retry_dead, tell

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def told(reader, monday) -> Notification:
    tell([reader(name="Wang")], at=monday, event_key="event:1", title="Something happened")
    return Notification.objects.get(channel="email")


@pytest.fixture
def refusing(monkeypatch) -> list[str]:
    """A mail server that refuses every letter; the list holds their names."""
    tried: list[str] = []

    def refuse(self, letter):
        tried.append(f"notice-{letter.id}")
        raise smtplib.SMTPRecipientsRefused({letter.to.email: (550, b"no such mailbox")})

    monkeypatch.setattr(channels.EmailWay, "send", refuse)
    return tried


def test_a_letter_is_named_after_its_row_and_sent_once(told, monday, settings):
    settings.SITE_URL = "https://portal.example.com"
    assert [deliver(monday), deliver(monday + MINUTE)] == [1, 0]
    headers = mail.outbox[0].extra_headers
    assert headers == {
        "Message-ID": f"<notice-{told.pk}@portal.example.com>",
        "Auto-Submitted": "auto-generated",
    }
    told.refresh_from_db()
    assert (told.status, told.attempts, told.lease, told.lease_until) == ("sent", 1, "", None)


def test_a_refused_letter_is_tried_again_later_and_later(told, monday, refusing):
    waits = []
    now = monday
    for _attempt in range(7):
        deliver(now)
        told.refresh_from_db()
        waits.append(round((told.not_before - now) / MINUTE))
        assert deliver(told.not_before - MINUTE / 2) == 0
        now = told.not_before.replace(hour=4)  # 12:00 in Shanghai, never in quiet hours
        Notification.objects.filter(pk=told.pk).update(not_before=now)
    assert waits == list(rules.BACK_OFF)
    assert set(refusing) == {f"notice-{told.pk}"}


def test_after_eight_attempts_it_is_laid_aside_without_the_address_in_its_error(told, monday, refusing):
    now = monday
    for _attempt in range(10):
        Notification.objects.filter(status="pending").update(not_before=now)
        deliver(now)
    told.refresh_from_db()
    assert (told.status, told.attempts, told.error, len(refusing)) == ("dead", 8, "SMTPRecipientsRefused", 8)
    assert list(dead()) == [told]


def test_a_system_administrator_sends_it_again_and_that_is_written_down(told, monday, people):
    Notification.objects.filter(pk=told.pk).update(status="dead", attempts=8)
    assert retry_dead([told.pk], by=people.sys, at=monday) == 1
    assert deliver(monday) == 1
    event = AuditEvent.objects.get(verb="outbox.retry_dead")
    assert (event.by, event.data) == (people.sys, {"count": 1})


def test_only_what_was_given_up_is_sent_again(told, monday, people):
    deliver(monday)
    assert retry_dead([told.pk], by=people.sys, at=monday) == 0


def test_one_refused_person_does_not_hold_up_the_others(told, reader, monday, monkeypatch):
    other = reader()
    tell([other], at=monday, event_key="event:1", title="Something happened")
    honest = channels.EmailWay.send

    def refuse_one(self, letter):
        if letter.to == told.recipient:
            raise smtplib.SMTPDataError(552, b"full")
        honest(self, letter)

    monkeypatch.setattr(channels.EmailWay, "send", refuse_one)
    assert deliver(monday) == 1
    assert [letter.to for letter in mail.outbox] == [[other.email]]
    told.refresh_from_db()
    assert told.error == "SMTPDataError 552"


def test_a_server_that_does_not_answer_is_asked_once_a_run(reader, monday, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    asked = []

    def silent(self):
        asked.append(1)
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", silent)
    tell([reader() for _n in range(5)], at=monday, event_key="event:1", title="Something happened")
    assert deliver(monday) == 0
    rows = Notification.objects.filter(channel="email")
    assert (len(asked), set(rows.values_list("attempts", "error"))) == (1, {(1, "unreachable: TimeoutError")})


def test_who_lost_his_address_or_left_meanwhile_gets_no_letter(told, monday):
    told.recipient.is_active = False
    told.recipient.save()
    assert deliver(monday) == 0
    told.refresh_from_db()
    assert (told.status, told.error) == ("dead", "no address")


def test_a_leased_row_is_nobody_elses_until_the_lease_runs_out(told, monday):
    assert [row.pk for row in delivering.claim(monday, "first", 10)] == [told.pk]
    assert delivering.claim(monday + MINUTE, "second", 10) == []
    assert deliver(monday + 2 * MINUTE) == 0
    assert deliver(monday + delivering.LEASE) == 1


def test_who_lost_his_lease_does_not_send(told, monday):
    run = delivering.Run(monday)
    rows = delivering.claim(monday, run.token, 10)
    delivering.claim(monday + delivering.LEASE, "faster", 10)
    run.send_all(rows)
    assert (run.sent, mail.outbox) == (0, [])


def test_a_letter_sent_again_keeps_its_name_and_takes_nothing_new_along(told, monday):
    """Killed between sending and writing it down: the second letter is the first one, later words come in their own."""
    run = delivering.Run(monday)
    run.begin(delivering.claim(monday, run.token, 10))
    tell([told.recipient], at=monday, event_key="event:2", title="Ticket 2 moved")
    assert deliver(monday + delivering.LEASE + MINUTE) == 2
    names = {letter.subject: letter.extra_headers["Message-ID"].split("@")[0] for letter in mail.outbox}
    new = Notification.objects.get(channel="email", event_key="event:2")
    assert names == {"Something happened": f"<notice-{told.pk}", "Ticket 2 moved": f"<notice-{new.pk}"}


def test_a_run_ends_in_time_and_gives_the_rest_back(reader, monday, monkeypatch):
    tell([reader() for _n in range(4)], at=monday, event_key="event:1", title="Something happened")
    monkeypatch.setattr(delivering.Run, "is_over", property(lambda run: run.sent >= 1))
    assert deliver(monday) == 1
    left = Notification.objects.filter(channel="email", status="pending")
    assert set(left.values_list("lease", "lease_until", "attempts")) == {("", None, 0)}


def test_statements_grow_with_letters_not_with_notices(reader, monday, django_assert_num_queries):
    person = reader()
    for n in range(20):
        tell([person], at=monday, event_key=f"event:{n}", title="Something happened")
    with django_assert_num_queries(10):  # two claims (the second finds nothing), one attempt, one outcome
        deliver(monday)


def test_cron_may_send_where_no_beat_runs(told, capsys):
    with patch("notices.rules.quiet", return_value=False):
        call_command("deliver")
    assert capsys.readouterr().out == "1 letters handed on\n"
