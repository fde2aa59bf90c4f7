import datetime as dt

import pytest

from repairs import services
from repairs.models import Plan, Ticket
from tests import build

from .conftest import key, link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.4a")]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.fixture
def waiting(now, people):
    """Plan a, told by phone, waits for the customer's word."""
    ticket = build.ticket("contacted", at=now - 9 * MINUTE, company=people)
    services.plan(
        ticket,
        by=people.eng,
        at=now,
        plan_type="a",
        explanation="寄控制器",
        told_how="phone",
        assembly_notes="先断电再拆",
        risk_text="接反会烧毁控制器",
    )
    return ticket


def test_the_told_text_is_shown_and_his_word_is_written_down(visitor, waiting):
    page = visitor.get(link(waiting)).content.decode()
    assert "先断电再拆" in page and "接反会烧毁控制器" in page and "phone" in page
    plan = Plan.objects.get()
    answer = visitor.post(
        link(waiting, "consent"),
        {"plan": plan.pk, "agreed": "on", "signer": "王小明", "operation": key()},
        follow=True,
    )
    assert "Your consent is written down" in answer.content.decode()
    plan.refresh_from_db()
    event = waiting.events.get(name="consent")
    assert (plan.self_install_ok, plan.consent_how, event.by, event.actor, event.clause) == (
        True,
        "form",
        None,
        "customer",
        "4.4a",
    )
    assert Ticket.objects.get(pk=waiting.pk).self_install_agreed and plan.consent_at == event.at


def test_without_the_tick_nothing_is_agreed(visitor, waiting):
    answer = visitor.post(link(waiting, "consent"), {"plan": Plan.objects.get().pk})
    assert answer.status_code == 422 and "Tick the box if you agree" in answer.content.decode()
    assert not Plan.objects.get().self_install_ok


def test_a_plan_that_changed_meanwhile_must_be_read_again(visitor, waiting, now, people):
    old = Plan.objects.get()
    services.replan(waiting, by=people.eng, at=now + MINUTE, reason="别的原因")
    services.plan(
        waiting,
        by=people.eng,
        at=now + 2 * MINUTE,
        plan_type="a",
        explanation="寄电机",
        told_how="phone",
        assembly_notes="新要点",
        risk_text="新后果",
    )
    answer = visitor.post(link(waiting, "consent"), {"plan": old.pk, "agreed": "on", "signer": "王小明"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "has changed since you opened this page" in page and "新要点" in page
    assert not Plan.objects.filter(self_install_ok=True).exists()


def test_there_is_nothing_to_agree_to_without_plan_a(visitor, now):
    ticket = build.ticket("planned", plan="c", at=now - 9 * MINUTE)
    assert "consent-title" not in visitor.get(link(ticket)).content.decode()
    answer = visitor.post(link(ticket, "consent"), {"plan": 1, "agreed": "on", "signer": "王小明"})
    assert answer.status_code == 409


def test_agreeing_twice_is_agreeing_once(visitor, waiting):
    sent = {"plan": Plan.objects.get().pk, "agreed": "on", "signer": "王小明"}
    visitor.post(link(waiting, "consent"), sent)
    visitor.post(link(waiting, "consent"), sent)
    assert waiting.events.filter(name="consent").count() == 1
