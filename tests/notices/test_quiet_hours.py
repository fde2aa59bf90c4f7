"""22:00–07:00: pushing waits, the inbox does not (domain 3, 10)."""

import datetime as dt

import pytest
from django.core import mail

from accounts.models import Absence, DutyShift
from notices import rules
from notices.models import UNREAD, Notification
from notices.selectors import unread
from notices.services import deliver, prefer, tell

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
KIND = DutyShift.Kind.HOTLINE


@pytest.fixture
def night(monday) -> dt.datetime:
    return monday.replace(hour=23)


def word(person, at, **more):
    tell([person], at=at, event_key=f"event:{at:%d%H%M%S}", title="Something happened", **more)


@pytest.mark.parametrize(
    ("time", "quiet"),
    [
        ("21:59:59", False),
        ("22:00:00", True),
        ("00:00:00", True),
        ("06:59:59", True),
        ("07:00:00", False),
        ("12:00:00", False),
    ],
)
def test_22_00_is_inside_and_07_00_outside(monday, time, quiet):
    assert (
        rules.quiet(dt.datetime.combine(monday.date(), dt.time.fromisoformat(time), monday.tzinfo)) is quiet
    )


def test_the_hours_are_those_of_the_company_not_of_the_server(monday):
    assert rules.quiet(monday.replace(hour=23).astimezone(dt.UTC))


def test_an_e_mail_of_the_night_goes_out_at_seven_and_the_inbox_has_it_at_once(reader, night):
    person = reader()
    word(person, night)
    assert (deliver(night), unread(person)) == (0, 1)
    assert deliver(night.replace(hour=6, minute=59) + 24 * HOUR) == 0
    assert deliver(night.replace(hour=7) + 24 * HOUR) == 1
    assert len(mail.outbox) == 1


@pytest.mark.clause("4.1")
def test_the_owner_of_a_running_hour_clock_is_told_at_night(reader, night):
    word(reader(), night, urgent=True)
    assert deliver(night) == 1


def test_a_hand_over_is_told_at_night(reader, night):
    word(reader(), night, hand_over=True)
    assert deliver(night) == 1


@pytest.mark.clause("3.1")
def test_who_is_on_duty_is_told_at_night_and_only_while_he_is(reader, night):
    person, other = reader("CS"), reader("CS")
    DutyShift.objects.create(kind=KIND, user=person, begins_at=night + HOUR, ends_at=night + 2 * HOUR)
    word(person, night)
    word(other, night + MINUTE)
    assert deliver(night + 30 * MINUTE) == 0
    assert deliver(night + 61 * MINUTE) == 1
    assert [letter.to for letter in mail.outbox] == [[person.email]]


def test_who_stands_in_for_the_one_on_duty_is_told_at_night(reader, night):
    person, deputy = reader("CS"), reader("CS")
    DutyShift.objects.create(kind=KIND, user=person, begins_at=night - HOUR, ends_at=night + HOUR)
    Absence.objects.create(
        user=person, deputy=deputy, begins_at=night - HOUR, ends_at=night + HOUR, entered_by=person
    )
    word(deputy, night)
    assert deliver(night) == 1


def test_who_wishes_it_is_told_at_night(reader, night):
    person = reader()
    prefer(person, at_night=True)
    word(person, night)
    assert deliver(night) == 1
    assert Notification.objects.filter(UNREAD).count() == 1
