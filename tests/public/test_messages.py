import datetime as dt

import pytest

from notices.models import Notification
from repairs import services
from repairs.models import Message
from repairs.public import limits
from tests import build

from .conftest import key, link

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


def test_customer_and_company_write_to_each_other(visitor, now, people):
    ticket = build.ticket("assigned", at=now - dt.timedelta(minutes=9), company=people)
    answer = visitor.post(link(ticket, "message"), {"text": "何时来？", "operation": key()}, follow=True)
    assert "Your message has reached us." in answer.content.decode() and "何时来？" in answer.content.decode()
    services.message(ticket, by=people.eng, at=now, text="明天上午")
    assert "明天上午" in visitor.get(link(ticket)).content.decode()


def test_the_engineer_is_told_without_the_words_themselves(visitor, now, people):
    ticket = build.ticket("assigned", at=now - dt.timedelta(minutes=9), company=people)
    visitor.post(link(ticket, "message"), {"text": "秘密的话"})
    row = Notification.objects.filter(recipient=people.eng, event_key__startswith="message:").first()
    assert row is not None and "秘密" not in str(row.params)


def test_a_double_click_is_one_message(visitor, now):
    ticket = build.report(now)
    sent = {"text": "喂", "operation": key()}
    assert [visitor.post(link(ticket, "message"), sent).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_000])
def test_a_bad_message_is_said_at_the_field_and_kept(visitor, now, text):
    ticket = build.report(now)
    answer = visitor.post(link(ticket, "message"), {"text": text})
    assert answer.status_code == 422 and list(answer.context["message_form"].errors) == ["text"]
    assert text.strip() in answer.content.decode() and not Message.objects.exists()


def test_a_flood_of_messages_is_refused_in_place(visitor, now, monkeypatch):
    monkeypatch.setattr(limits, "WORDS_PER_REPORT", 1)
    ticket = build.report(now)
    visitor.post(link(ticket, "message"), {"text": "一"})
    answer = visitor.post(link(ticket, "message"), {"text": "二"})
    assert answer.status_code == 429 and "二" in answer.content.decode() and Message.objects.count() == 1
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_the_link_is_not_stored_with_the_key(visitor, now):
    from aftersales.models import OperationKey

    ticket = build.report(now)
    visitor.post(link(ticket, "message"), {"text": "喂", "operation": key()})
    row = OperationKey.objects.get()
    assert link(ticket).split("/")[2] not in f"{row.location}{bytes(row.body)!r}{row.result}"


@pytest.mark.clause("4.3")
def test_pictures_can_be_added_until_there_are_nine(visitor, now, picture):
    ticket = build.report(now)
    visitor.post(link(ticket, "photos"), {"photos": [picture("x" * n + ".jpg") for n in range(1, 9)]})
    answer = visitor.post(
        link(ticket, "photos"), {"photos": [picture("ab.jpg"), picture("cde.jpg")]}, follow=True
    )
    assert ticket.attachments.count() == 9 and "the others were left out" in answer.content.decode()
    row = ticket.attachments.first()
    assert visitor.get(link(ticket, "photo", row.key)).status_code == 200


@pytest.mark.clause("4.3")
def test_no_picture_is_taken_once_the_report_is_finished(visitor, now, picture):
    ticket = build.ticket("cancelled", at=now - dt.timedelta(minutes=5))
    answer = visitor.post(link(ticket, "photos"), {"photos": [picture()]})
    assert answer.status_code == 409 and "can no longer be added" in answer.content.decode()
    assert not ticket.attachments.exists()


@pytest.mark.clause("4.3")
def test_pictures_of_the_staff_and_of_others_are_not_served(visitor, now, picture, people):
    ticket, other = build.report(now), build.report(now)
    services.attach(ticket, [picture("staff.jpg")], at=now, by=people.cs)
    services.attach(other, [picture("other.jpg")], at=now)
    for row in (ticket.attachments.get(), other.attachments.get()):
        assert visitor.get(link(ticket, "photo", row.key)).status_code == 404
