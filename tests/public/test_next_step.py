"""“What happens next”: what is under way, that he pays first, that his wish to withdraw is with us (3.1, 8.7, A21)."""

import pytest

from parts.services import shipping
from repairs import services
from repairs.models import Ticket
from repairs.services import quotations
from tests import build

from .conftest import key, link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.1")]
HOUR, MINUTE = build.HOUR, build.MINUTE
PAY, WISH = "We wait for your payment", "Your wish to withdraw the report is with customer service"


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


def ahead(visitor, ticket):
    """The part of his page that says what comes next."""
    page = visitor.get(link(ticket)).content.decode()
    return page.split('id="next"')[1].split("</section>")[0] if 'id="next"' in page else ""


@pytest.mark.parametrize(
    ("plan", "words"),
    [("b", "guides you by phone"), ("c", "you sign for the work")],
)
def test_what_is_under_way_is_said(visitor, people, now, plan, words):
    assert words in ahead(visitor, build.ticket("in_service", plan=plan, at=now - 9 * HOUR, company=people))


def on_its_way(people, at):
    sheet = build.released(people, at, to="issued", plan="a")
    parcel = shipping.pack(sheet, by=people.wh, at=at + 4 * MINUTE)
    ticket = Ticket.objects.get(pk=sheet.ticket_id)
    services.plan(ticket, by=people.eng, at=at + 5 * MINUTE, **build.plan_entries("a", at))
    parcel = shipping.send(
        parcel, by=people.ga, at=at + 6 * MINUTE, carrier="顺丰", waybill="SF123", terms="collect"
    )
    return Ticket.objects.get(pk=ticket.pk), parcel  # what was sent is under way


@pytest.mark.clause("6.3")
def test_a_parcel_under_way_is_told_of_with_one_tap_in_that_place(visitor, people, now):
    ticket, parcel = on_its_way(people, now - HOUR)
    told = ahead(visitor, ticket)
    assert (
        "Fit the part as it was explained" in told
        and "SF123" in told
        and '<button class="button primary">' in told
        and "It has arrived" in told
    )
    assert visitor.get(link(ticket)).content.decode().count("It has arrived") == 1
    visitor.post(link(ticket, "arrived"), {"parcel": parcel.number, "operation": key()})
    assert "SF123" not in ahead(visitor, ticket) and "SF123" in visitor.get(link(ticket)).content.decode()


@pytest.fixture
def accepted(people, now):
    """A visit with its appointment, and a quotation to be paid first."""
    ticket = build.ticket("planned", plan="c", at=now - 9 * HOUR, company=people)
    quote = build.quotation(ticket, now - HOUR, "sent", lines=[{"part": build.part(), "quantity": 1}])
    quotations.accept(quote, at=now - HOUR / 2)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.clause("8.7")
def test_that_he_pays_first_is_said_before_the_appointment(visitor, accepted):
    told = ahead(visitor, accepted)
    assert -1 < told.index(PAY) < told.index("comes to you, as agreed")
    Ticket.objects.filter(pk=accepted.pk).update(issued_or_paid=True)
    assert PAY not in ahead(visitor, accepted)


@pytest.mark.clause("8.7")
def test_who_wishes_to_withdraw_is_not_asked_to_pay_until_we_have_answered(visitor, accepted, people, now):
    visitor.post(link(accepted, "withdraw"), {"text": "不修了", "operation": key()})
    page = visitor.get(link(accepted)).content.decode()
    assert WISH in ahead(visitor, accepted) and PAY not in page and "How to pay" not in page
    services.message(accepted, by=people.cs, at=now + HOUR, text="照旧")
    assert WISH not in ahead(visitor, accepted) and PAY in ahead(visitor, accepted)


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize(
    ("terms", "words"),
    [("pay_first", "and your payment has arrived"), ("send_first", "as soon as you agree.")],
)
def test_the_consent_says_when_the_part_goes_as_the_quotation_does(visitor, people, now, terms, words):
    ticket = build.ticket("contacted", at=now - 9 * HOUR, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now - 2 * HOUR, **entries)
    ticket = Ticket.objects.get(pk=ticket.pk)
    lines = [{"part": build.part(), "quantity": 1}]
    build.quotation(ticket, now - HOUR, "sent", lines=lines, terms=terms)
    page = visitor.get(link(ticket)).content.decode()
    assert words in page.split('id="consent-title"')[1].split("</section>")[0]


@pytest.mark.clause("4.4a")
def test_name_or_signature_neither_is_called_optional(visitor, people, now):
    ticket = build.ticket("contacted", at=now - 9 * HOUR, company=people)
    entries = {**build.plan_entries("a", now), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=now, **entries)
    asked = visitor.get(link(ticket)).content.decode().split('id="consent-title"')[1].split("</section>")[0]
    assert '<span class="js-only">Name or signature, one of the two (required)</span>' in asked
    assert "<noscript>required</noscript>" in asked and 'class="optional"' not in asked
