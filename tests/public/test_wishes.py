import datetime as dt

import pytest

from notices.models import Notification
from repairs.models import Message, Ticket
from tests import build

from .conftest import key, link

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.mark.clause("3.1")
def test_a_wish_to_withdraw_moves_nothing_and_reaches_customer_service(visitor, now, people):
    ticket = build.ticket("assigned", at=now - dt.timedelta(minutes=9), company=people)
    answer = visitor.post(link(ticket, "withdraw"), {"text": "已经好了", "operation": key()}, follow=True)
    assert "has reached customer service" in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).stage == "assigned" and Message.objects.get().kind == "withdraw"
    told = set(
        Notification.objects.filter(event_key__startswith="message:").values_list("recipient", flat=True)
    )
    assert told == {people.cs.pk}


@pytest.mark.clause("3.1")
def test_a_finished_report_cannot_be_withdrawn(visitor, now):
    ticket = build.ticket("cancelled", at=now - dt.timedelta(minutes=9))
    assert visitor.post(link(ticket, "withdraw"), {"text": "x"}).status_code == 409
    assert "can no longer be withdrawn" in visitor.get(link(ticket, "withdraw")).content.decode()


def test_a_request_about_personal_data_is_a_message_to_customer_service(visitor, now, people):
    ticket = build.ticket("assigned", at=now - dt.timedelta(minutes=9), company=people)
    answer = visitor.post(link(ticket, "rights"), {"wish": "erase", "text": "请删除"}, follow=True)
    assert "We answer within 15 days" in answer.content.decode()
    row = Message.objects.get()
    assert (row.kind, row.text.splitlines()) == ("rights", ["Erase my data", "请删除"])
    told = set(
        Notification.objects.filter(event_key__startswith="message:").values_list("recipient", flat=True)
    )
    assert told == {people.cs.pk}


def test_a_request_without_a_wish_is_said_at_the_field(visitor, now):
    ticket = build.report(now)
    answer = visitor.post(link(ticket, "rights"), {"text": "?"})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["wish"]
