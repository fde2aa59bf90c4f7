"""A warning overtaken by the act is not sent, a breach is; of a clock's stages only the heaviest goes out."""

import datetime as dt

from django.core import mail

from notices.models import Notification
from notices.selectors import unread
from notices.services import deliver, delivering, supersede, tell

LATER = dt.timedelta(minutes=5)


def stage(person, at, name, still="deadline:7"):
    tell([person], at=at, event_key=f"deadline:7:{name}", title=f"{name} of the clock", still_key=still)


def statuses(channel):
    return dict(Notification.objects.filter(channel=channel).values_list("event_key", "status"))


def test_a_warning_that_the_act_has_overtaken_is_not_sent_and_shown_as_such(reader, monday):
    person = reader()
    stage(person, monday, "soon")
    supersede(still_keys=["deadline:7"], by="deadline:7:met")
    assert deliver(monday + LATER) == 0
    assert statuses("app") == statuses("email") == {"deadline:7:soon": "superseded"}
    assert unread(person) == 0


def test_a_breach_is_sent_all_the_same(reader, monday):
    person = reader()
    stage(person, monday, "soon")
    stage(person, monday, "breach", still="")
    supersede(still_keys=["deadline:7"], by="deadline:7:met")
    assert deliver(monday + LATER) == 1
    assert [letter.subject for letter in mail.outbox] == ["breach of the clock"]
    assert unread(person) == 1


def test_after_an_outage_the_heavier_stage_takes_the_place_of_the_lighter(reader, monday):
    person = reader()
    for name in ("half", "soon", "breach"):
        stage(person, monday, name)
    assert supersede(["deadline:7:half", "deadline:7:soon"], by="deadline:7:breach") == 4
    deliver(monday)
    assert statuses("app") == {
        "deadline:7:half": "superseded",
        "deadline:7:soon": "superseded",
        "deadline:7:breach": "sent",
    }
    assert len(mail.outbox) == 1


def test_other_clocks_and_rows_without_a_key_are_left_alone(reader, monday):
    person = reader()
    stage(person, monday, "soon", still="deadline:77")
    stage(person, monday, "breach", still="")
    assert supersede(still_keys=["deadline:7", ""], by="x") == 0
    assert supersede(by="x") == 0


def test_what_was_sent_stays_sent(reader, monday):
    stage(reader(), monday, "soon")
    deliver(monday)
    supersede(still_keys=["deadline:7"], by="met")
    assert statuses("email") == {"deadline:7:soon": "sent"}


def test_the_act_is_asked_once_more_right_before_sending(reader, monday, monkeypatch):
    """The worker has taken the row, then the customer is called, then the worker sends: nothing goes out."""
    stage(reader(), monday, "soon")
    honest = delivering.claim

    def overtaken(*args):
        rows = honest(*args)
        supersede(still_keys=["deadline:7"], by="met")
        return rows

    monkeypatch.setattr(delivering, "claim", overtaken)
    assert deliver(monday) == 0
    assert mail.outbox == []
