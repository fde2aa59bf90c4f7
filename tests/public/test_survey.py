import datetime as dt

import pytest

from repairs.models import CallbackSurvey, ContactAttempt, Ticket
from tests import build

from .conftest import key, link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.3")]
ANSWERS = {
    "resolved": "true",
    "on_time": "true",
    "attitude": "5",
    "overall": "satisfied",
    "reasons": ["time"],
    "suggestion": "快一点",
}


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.fixture
def completed(now):
    return build.ticket("completed", at=now - dt.timedelta(minutes=9))


def test_the_customer_answers_and_customer_service_still_closes(visitor, completed):
    assert "Does everything work?" in visitor.get(link(completed)).content.decode()
    answer = visitor.post(link(completed, "survey"), ANSWERS | {"operation": key()}, follow=True)
    assert "Thank you for your answers." in answer.content.decode()
    survey = CallbackSurvey.objects.get()
    kept = (
        survey.by_customer,
        survey.resolved,
        survey.attitude,
        survey.overall,
        survey.reasons,
        survey.words.suggestion,
    )
    assert kept == (True, True, 5, "satisfied", ["time"], "快一点")
    attempt = ContactAttempt.objects.get(purpose="callback")
    assert (attempt.result, attempt.way, attempt.by) == ("reached", "form", None)
    assert Ticket.objects.get(pk=completed.pk).stage == "completed"


def test_it_is_answered_once_a_round(visitor, completed):
    visitor.post(link(completed, "survey"), ANSWERS | {"operation": key()})
    answer = visitor.post(link(completed, "survey"), ANSWERS | {"operation": key()})
    assert answer.status_code == 409 and "already answered" in answer.content.decode()
    assert CallbackSurvey.objects.count() == 1
    assert "is answered once" in visitor.get(link(completed, "survey")).content.decode()


def test_the_one_question_that_counts_must_be_answered(visitor, completed):
    answer = visitor.post(link(completed, "survey"), {"suggestion": "你好"})
    assert (
        answer.status_code == 422
        and list(answer.context["form"].errors) == ["resolved"]
        and "你好" in answer.content.decode()
    )


def test_it_opens_only_when_the_work_is_done(visitor, now):
    ticket = build.report(now)
    answer = visitor.post(link(ticket, "survey"), ANSWERS)
    assert answer.status_code == 409 and not CallbackSurvey.objects.exists()
