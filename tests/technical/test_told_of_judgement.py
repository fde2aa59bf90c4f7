"""A judgement at the customer's charge is told to him (4.5a, 9.4): what is charged, that it differs, where to object."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.limits import local_day
from finance.models import Receivable
from finance.services import deducting, owing
from repairs.models import CustomerNotice, Message, Ticket
from repairs.selectors import open_wishes
from repairs.services import rights_wish
from repairs.told.listening import follow
from sales.models import Person
from technical.models import Report
from technical.services import disputes, judging
from tests import build
from tests.finance.conftest import Shop
from tests.finance.repaired import done, under_warranty, used
from tests.public.conftest import link
from tests.technical import quality

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("4.5a"),
    pytest.mark.clause("9.4"),
    pytest.mark.usefixtures("one_factor", "english"),
]
OF_CUSTOMER = {"party": "customer", "percent": Decimal(100), "note": ""}


@pytest.fixture
def shop(who):
    quality.standard()
    return Shop(who, timezone.now() - dt.timedelta(hours=30))


@pytest.fixture
def repaired(shop):
    """Two parts that are free once their old parts are back."""
    used(shop, under_warranty(shop, 2))
    return done(shop, plan="c")


def judged(shop, ticket, ruling="human"):
    report = Report.objects.get(ticket=ticket)
    report = judging.analyse(
        report, confirmed_cause="撞击", is_technical=False, by=shop.who.tech, at=shop.now()
    )
    shares = [OF_CUSTOMER | {"clause": quality.clause("9.1")}]
    return judging.judge(report, shares=shares, ruling=ruling, by=shop.who.tech, at=shop.now())


def upheld(shop, ticket):
    row = disputes.raise_(ticket, kind="damage", words="不是人为", at=shop.now())
    return disputes.answer(row, outcome="upheld", answer="您对", by=build.person("TECH"), at=shop.now())


def told(ticket):
    """The states of what waits to be told of it, and the words on his page."""
    rows = CustomerNotice.objects.filter(ticket=ticket, event="judgement")
    return list(rows.values_list("status", flat=True)), list(
        Message.objects.filter(ticket=ticket, kind="judgement").values_list("text", flat=True)
    )


def test_what_the_judgement_charges_is_told_once_with_its_amount(shop, repaired, client):
    repaired.language = "en"
    repaired.save()
    judged(shop, repaired)
    states, (text,) = told(repaired)
    part = repaired.releases.get().lines.get().part.name
    assert states == ["waiting"]
    assert f"Charged to you: {part} × 2, 200.00 yuan." in text and "differs" not in text
    page = client.get(link(repaired)).content.decode()
    assert f"{part} × 2, 200.00 yuan" in page
    assert 'action="' + link(repaired) + 'dispute/"' in page


@pytest.mark.clause("8.8")
def test_charged_again_after_his_objection_was_upheld_it_is_due_from_then_on_and_told(shop):
    release = shop.sign(shop.charged("unpaid", (shop.part("60.00"), 2)), opinion="未付款")
    shop.issue(release, 2)
    used(shop, release)
    ticket = done(shop, plan="c")
    upheld(shop, ticket)
    shop.at += dt.timedelta(days=70)
    judged(shop, ticket)
    first, again = Receivable.objects.order_by("pk")
    assert [owing.left(row) for row in (first, again)] == [0, Decimal("120.00")]
    assert again.due_on == local_day(shop.at)
    assert deducting.draft_due(shop.now()) == 0
    _states, (text,) = told(ticket)
    assert "× 2，共 120.00 元" in text and "与之前对您异议的答复不同" in text


def test_it_says_that_it_differs_from_what_he_was_answered_also_where_nothing_is_charged(who, shop):
    at = shop.now()
    ticket = build.ticket("completed", at=at, company=who)
    quality.submitted(ticket, at)
    upheld(shop, ticket)
    judged(shop, ticket)
    states, (text,) = told(ticket)
    assert states == ["waiting"] and "与之前对您异议的答复不同" in text and "应收费用" not in text


@pytest.mark.parametrize("ruling", ["", "not_human"])
def test_a_judgement_that_charges_him_nothing_is_not_told(shop, repaired, ruling):
    judged(shop, repaired, ruling)
    assert told(repaired) == ([], [])


def test_to_who_was_erased_nothing_is_written(shop, repaired):
    Person.objects.filter(pk=repaired.contact_id).update(erased_at=shop.now())
    judged(shop, repaired)
    assert told(repaired) == ([], [])


def test_it_holds_when_the_ticket_is_closed_and_falls_when_his_objection_is_upheld(shop, repaired):
    judged(shop, repaired)
    follow(Ticket.objects.get(pk=repaired.pk), "close", at=shop.now())
    assert told(repaired)[0] == ["waiting"]
    upheld(shop, repaired)
    assert told(repaired)[0] == ["dropped"]


def test_it_answers_no_wish_of_his(shop, repaired):
    rights_wish(repaired, at=shop.now(), text="请删除")
    judged(shop, repaired)
    assert [row.ticket for row in open_wishes(shop.now())] == [repaired]
