"""The customer sees the quotation that was sent to him and answers it with one tap (9.4, B22)."""

import datetime as dt

import pytest
from django.urls import reverse

from aftersales import clock
from repairs import links
from repairs.services import quotations
from tests import build

from .conftest import key, link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4")]


@pytest.fixture
def now():
    return clock.now() - build.HOUR


@pytest.fixture
def ticket(people, now):
    return build.ticket("planned", at=now - build.HOUR, company=people)


@pytest.fixture
def sent(ticket, now):
    part = build.part("FY-8", "1234.50", name="控制器<b>", spec="72V")
    return build.quotation(ticket, now, "sent", lines=[{"part": part, "quantity": 1}], delivery="3 天")


def answer(visitor, ticket, quote, word="accept", **more):
    body = {"quotation": quote.pk, "answer": word, "operation": key(), **more}
    return visitor.post(link(ticket, "quotation"), body, follow=True)


def test_he_sees_lines_total_words_and_last_day(visitor, ticket, sent):
    page = visitor.get(link(ticket)).content.decode()
    for words in (
        "控制器&lt;b&gt;",
        "72V",
        "¥1,234.50",
        "壹仟贰佰叁拾肆元伍角整",
        f"{sent.valid_until}",
        "3 天",
        "I accept",
    ):
        assert words in page
    chinese = visitor.get(link(ticket), headers={"accept-language": "zh-hans"}).content.decode()
    assert "壹仟贰佰叁拾肆元伍角整" in chinese


def test_a_draft_and_a_replaced_one_are_not_shown(visitor, ticket, now):
    draft = build.quotation(ticket, now)
    gone = build.quotation(ticket, now, "superseded")
    page = visitor.get(link(ticket)).content.decode()
    assert draft.number not in page and gone.number not in page
    assert answer(visitor, ticket, draft).status_code == 404


def test_one_tap_accepts_and_a_second_changes_nothing(visitor, ticket, sent):
    first = answer(visitor, ticket, sent)
    assert "You have accepted the quotation" in first.content.decode()
    assert "You accepted it" in answer(visitor, ticket, sent).content.decode()
    sent.refresh_from_db()
    assert (sent.stage, sent.answered_by, sent.answered_how) == ("accepted", None, "")
    assert ticket.events.filter(name="quote_accept", actor="customer").count() == 1
    no = answer(visitor, ticket, sent, "decline")
    assert no.status_code == 409
    sent.refresh_from_db()
    assert sent.stage == "accepted"


def test_the_same_tap_sent_twice_is_one_act(visitor, ticket, sent):
    body = {"quotation": sent.pk, "answer": "decline", "reason": "太贵<i>", "operation": key()}
    for _ in range(2):
        assert visitor.post(link(ticket, "quotation"), body).status_code == 302
    assert ticket.events.filter(name="quote_decline").count() == 1
    page = visitor.get(link(ticket)).content.decode()
    assert "You declined it" in page and "太贵&lt;i&gt;" in page


def test_after_its_last_day_the_page_says_so_and_takes_no_yes(visitor, people, ticket, now):
    quote = build.quotation(ticket, now - dt.timedelta(days=30), "sent")
    page = visitor.get(link(ticket)).content.decode()
    assert f"It was valid until {quote.valid_until}" in page and "I accept" not in page
    late = answer(visitor, ticket, quote)
    assert late.status_code == 409 and f"valid until {quote.valid_until}" in late.content.decode()


def test_somebody_elses_quotation_is_not_found(visitor, people, ticket, sent, now):
    other = build.ticket("planned", at=now, company=people)
    assert answer(visitor, other, sent).status_code == 404
    sent.refresh_from_db()
    assert sent.stage == "sent"
    dead = reverse("public:quotation", args=[links.token(ticket)[:-2] + "AA"])
    assert visitor.post(dead, {"quotation": sent.pk, "answer": "accept"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"quotation": "x", "answer": "accept"}, {"quotation": "9" * 30, "answer": "accept"},
                                  {"quotation": "1", "answer": "perhaps"}])  # fmt: skip
def test_a_body_that_makes_no_sense_answers_nothing(visitor, ticket, sent, body):
    assert visitor.post(link(ticket, "quotation"), body | {"operation": key()}).status_code in (404, 422)
    sent.refresh_from_db()
    assert sent.stage == "sent"


def test_the_page_costs_the_same_with_one_and_with_three(
    visitor, ticket, people, now, django_assert_max_num_queries
):
    visitor.get(link(ticket))
    for count in (1, 3):
        lines = [{"part": build.part(), "quantity": 1} for _ in range(count)]
        quotations.accept(build.quotation(ticket, now, "sent", lines=lines), at=now + build.HOUR / 2)
        build.quotation(ticket, now, "sent", lines=[{"part": build.part(), "quantity": 1}])
        with django_assert_max_num_queries(14):
            visitor.get(link(ticket))


@pytest.mark.clause("8.7")
def test_who_accepted_is_told_how_to_pay_until_the_money_is_there(visitor, ticket, sent, settings):
    settings.RECEIVING_ACCOUNT = "江苏飞跃机电科技有限公司 | 泰州银行 | 3210 0001"
    assert "How to pay" not in visitor.get(link(ticket)).content.decode(), "nothing is accepted yet"
    answer(visitor, ticket, sent)
    page = visitor.get(link(ticket)).content.decode()
    for words in ("How to pay", "¥1,234.50", "泰州银行", "3210 0001", f'<b class="number">{sent.number}</b>'):
        assert words in page
    type(ticket).objects.filter(pk=ticket.pk).update(issued_or_paid=True)
    assert "How to pay" not in visitor.get(link(ticket)).content.decode()
