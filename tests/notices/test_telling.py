"""`tell`: the inbox row is the message, once; the outbox rows follow the person's wishes."""

from django.utils import translation
from django.utils.translation import gettext_lazy

from notices.models import Channel, Notification, Status
from notices.services import Word, prefer, tell, tell_many
from tests import build

ASKED = {
    "event_key": "ticket:1:handed:1",
    "title": "Ticket {number} was handed to you",
    "params": {"number": "BX1"},
}


def rows():
    return sorted(Notification.objects.values_list("recipient_id", "channel", "status"))


def test_a_person_is_told_in_the_inbox_and_by_e_mail(reader, monday):
    person = reader()
    tell([person], at=monday, **ASKED)
    assert rows() == [(person.pk, "app", "sent"), (person.pk, "email", "pending")]


def test_who_acts_goes_on_reading_in_his_own_language(reader, monday):
    with translation.override("en"):
        tell([reader()], at=monday, event_key="x:1", title=gettext_lazy("Handed over"), params={})
        assert translation.get_language() == "en"


def test_the_same_event_is_told_once_however_often(reader, monday):
    person, other = reader(), reader()
    for people in ([person], [person, other], [other.pk, other, None]):
        tell(people, at=monday, **ASKED)
    assert Notification.objects.count() == 4


def test_who_wishes_no_e_mail_has_no_address_or_has_left_reads_the_inbox_only(reader, monday):
    wishes, nowhere, left = reader(), reader(email=""), reader(is_active=False)
    prefer(wishes, email=False)
    tell([wishes, nowhere, left], at=monday, **ASKED)
    assert {row[1] for row in rows()} == {"app"}
    assert len(rows()) == 3


def test_without_a_mail_server_nothing_waits_in_the_outbox(reader, monday, settings):
    settings.MODE, settings.EMAIL_CONFIGURED = "production", False
    tell([reader()], at=monday, **ASKED)
    assert [row[1] for row in rows()] == [Channel.APP]


def test_two_statements_whatever_the_number_of_people_and_events(
    reader, monday, django_assert_max_num_queries
):
    people = [reader() for _number in range(8)]
    words = [Word(people, f"event:{n}", "Something happened") for n in range(5)]
    with django_assert_max_num_queries(2):
        tell_many(words, at=monday)
    assert Notification.objects.count() == 80


def test_nobody_to_tell_is_no_statement(db, monday, django_assert_num_queries):
    with django_assert_num_queries(0):
        tell([None], at=monday, **ASKED)


def test_what_was_overtaken_before_it_was_told_is_seen_and_not_sent(reader, monday):
    person = reader()
    tell([person], at=monday, superseded_by="deadline:1:breach", **ASKED)
    assert rows() == [(person.pk, "app", Status.SUPERSEDED)]


def test_words_are_put_in_when_somebody_reads_them_in_his_language(reader, monday):
    params = {"duty": gettext_lazy("Call the customer back"), "due": monday.replace(hour=0), "number": "BX1"}
    tell([reader()], at=monday, event_key="x", title=gettext_lazy("{duty}: {number}, {due}"), params=params)
    row = Notification.objects.filter(channel="app").get()
    assert (row.title, row.params["duty"]) == ("{duty}: {number}, {due}", {"words": "Call the customer back"})
    with translation.override("en"):
        assert row.text == "Call the customer back: BX1, 2026-03-01 24:00"
    with translation.override("zh-hans"):
        assert row.text == f"{translation.gettext('Call the customer back')}: BX1, 2026-03-01 24:00"


def test_a_sentence_whose_params_do_not_fit_is_shown_as_it_is(reader, monday):
    tell([reader()], at=monday, event_key="x", title="About {number}", params={})
    assert Notification.objects.first().text == "About {number}"


def test_a_hand_over_tells_the_engineer_once_and_at_once(reader, monday):
    from repairs import services

    engineer, clerk = reader("ENG"), build.person("CS")
    ticket = services.accept(build.report(monday), by=clerk, at=monday)
    services.hand_over(ticket, by=clerk, at=monday, engineer=engineer)
    told = Notification.objects.filter(recipient=engineer, channel="email").get()
    assert (told.urgent, told.params, told.url) == (
        True,
        {"number": ticket.number},
        ticket.get_absolute_url(),
    )
