"""A customer buys parts without a repair (8.7, B25)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from notices.models import Notification
from repairs import services
from repairs.models import PartsOrder
from repairs.services import quotations
from sales.models import Customer
from sales.services import open_customer, write_down
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.7"), pytest.mark.usefixtures("english")]


@pytest.fixture
def known(monday):
    return open_customer(write_down(name="钱主任", phone="+8613800001111"), at=monday)


def test_customer_service_opens_one_for_a_new_customer_and_names_the_engineer(people, monday):
    order = build.order(people, monday, remark="刹车片 2 副")
    assert (order.number, order.stage, order.engineer) == (f"DD{monday:%Y%m%d}-0001", "open", people.eng)
    assert (order.contact.name, order.customer.person, order.customer.region) == (
        "刘海",
        order.contact,
        "江苏泰州",
    )
    assert (
        Notification.objects.filter(channel="app", recipient=people.eng, url=order.get_absolute_url()).count()
        == 1
    )


def test_a_known_customer_is_named_by_himself_or_with_another_receiver(people, monday, known):
    own = services.open_order(by=people.cs, at=monday, customer=known, engineer=people.eng)
    other = services.open_order(
        by=people.cs, at=monday, customer=known, engineer=people.eng, name="小李", phone="+8613800002222"
    )
    assert (own.contact, other.contact.customer, Customer.objects.count()) == (known.person, known, 1)
    assert other.contact != known.person


def test_an_engineer_names_himself_and_nobody_else(people, monday, known):
    mine = services.open_order(by=people.eng, at=monday, customer=known, engineer=people.eng)
    assert not Notification.objects.filter(url=mine.get_absolute_url()).exists()
    with pytest.raises(Denied):
        services.open_order(by=people.eng, at=monday, customer=known, engineer=build.person("ENG"))
    with pytest.raises(Denied):
        services.change_order(mine, by=people.eng, at=monday, engineer=build.person("ENG"))


@pytest.mark.parametrize("role", ["sales", "fin", "wh", "mgr"])
def test_nobody_else_opens_one(people, monday, known, role):
    with pytest.raises(Denied):
        services.open_order(by=getattr(people, role), at=monday, customer=known, engineer=people.eng)


def test_only_an_engineer_is_named(people, monday, known):
    with pytest.raises(BadEntry, match="engineer"):
        services.open_order(by=people.cs, at=monday, customer=known, engineer=people.wh)


def test_without_a_customer_there_are_words(people, monday):
    with pytest.raises(BadEntry) as refused:
        services.open_order(by=people.cs, at=monday, engineer=people.eng)
    assert refused.value.field == "name" and not PartsOrder.objects.exists()


def test_its_quotation_is_answered_over_the_phone_and_counts(people, monday):
    order, part = build.order(people, monday), build.part(price="12.00")
    quote = build.quotation(order, monday + build.HOUR, "sent", lines=[{"part": part, "quantity": 4}])
    quotations.accept(quote, by=people.cs, at=monday + 2 * build.HOUR, how="电话")
    line = quotations.accepted_lines(order, monday.date())[part.pk]
    assert (line.quantity, str(line.amount), quote.version) == (4, "48.00", 1)


def test_it_ends_only_while_nothing_is_promised(people, monday):
    order = build.order(people, monday)
    draft = build.quotation(order, monday)
    quote = build.quotation(order, monday, "sent")
    with pytest.raises(OutOfTurn, match="goes on"):
        services.end_order(order, by=people.cs, at=monday)
    quotations.decline(quote, by=people.cs, at=monday + 9 * build.MINUTE, how="电话")
    ended = services.end_order(order, by=people.cs, at=monday + build.HOUR)
    draft.refresh_from_db()
    assert (ended.stage, draft.stage) == ("ended", "superseded")
    with pytest.raises(OutOfTurn, match="finished"):
        quotations.draft(ended, by=people.eng, at=monday + build.HOUR)


def test_a_quotation_belongs_to_a_ticket_or_an_order_never_to_both_or_none(people, monday):
    quote = build.quotation(build.order(people, monday), monday)
    ticket = build.ticket(at=monday, company=people)
    for names in ({"ticket": ticket}, {"order": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(quote).objects.filter(pk=quote.pk).update(**names)


def test_orders_and_quotations_follow_a_merged_customer_and_come_home(people, monday, known):
    from sales import merging

    order = build.order(people, monday)
    quote = build.quotation(order, monday)
    row = merging.merge(known, order.customer, by=people.mgr, at=monday)
    for paper in (order, quote):
        paper.refresh_from_db()
        assert paper.customer == known
    merging.undo(row, by=people.mgr, at=monday)
    order.refresh_from_db()
    assert order.customer != known
