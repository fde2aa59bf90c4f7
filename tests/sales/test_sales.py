"""Sales: the lead that decides, the commission by another hand, cancelling by two (4.2, SD04, SD12)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Fee
from notices.models import Notification
from sales import lead_services as services
from sales.lead_selectors import commissions_of
from sales.models import Lead, Sale, Source
from tests import build

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Refusals are compared in English."""


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_the_earliest_lead_wins_whoever_has_it_in_hand(people, monday):
    who, other = leads.customer(monday), build.person("ENG")
    first = leads.lead(who, people.eng, monday)
    second = leads.lead(who, other, monday + HOUR)
    services.take(second, by=people.sales, at=monday + 2 * HOUR)
    sale = leads.sale(who, people.sales, monday + DAY)
    assert (sale.lead, sale.informant, sale.fee) == (first, people.eng, Decimal("50.00"))
    assert [fresh(row).stage for row in (first, second)] == ["won", "lost"]
    assert fresh(second).lost_why == "earlier"


def test_somebody_else_was_first_and_nobody_is_paid(people, monday):
    who = leads.customer(monday)
    leads.lead(who, people.cs, monday, Source.CALLBACK)
    leads.lead(who, people.eng, monday + HOUR)
    sale = leads.sale(who, people.sales, monday + DAY)
    assert (sale.lead.registered_by, sale.informant, sale.fee) == (people.cs, None, Decimal("0.00"))


def test_nobody_owes_himself(monday):
    both = build.person("ENG", "SALES")
    who = leads.customer(monday)
    leads.lead(who, both, monday)
    sale = leads.sale(who, both, monday + DAY)
    assert (sale.lead.by_engineer, sale.informant, sale.fee) == (True, None, Decimal("0.00"))


def test_giving_it_up_does_not_save_the_fee(people, monday):
    who = leads.customer(monday)
    lead = services.take(leads.lead(who, people.eng, monday), by=people.sales, at=monday)
    services.lose(lead, why="price", by=people.sales, at=monday + HOUR)
    assert leads.sale(who, people.sales, monday + DAY).informant == people.eng


@pytest.mark.parametrize(("day", "pays"), [(dt.date(2027, 3, 2), True), (dt.date(2027, 3, 3), False)])
def test_a_year_later_the_same_day_still_counts(people, monday, day, pays):
    who = leads.customer(monday)
    leads.lead(who, people.eng, monday)
    at = dt.datetime.combine(day, dt.time(15), monday.tzinfo)
    assert bool(leads.sale(who, people.sales, at).informant) is pays


def test_a_lead_leads_to_one_sale_the_next_one_finds_the_next_lead(people, monday):
    who, other = leads.customer(monday), build.person("ENG")
    leads.lead(who, people.eng, monday)
    second = leads.lead(who, other, monday + HOUR)
    sales = [leads.sale(who, people.sales, monday + n * DAY) for n in (1, 2, 3)]
    assert [sale.informant for sale in sales] == [people.eng, other, None] and sales[1].lead == second


def test_the_database_keeps_a_lead_to_one_sale(people, monday):
    who = leads.customer(monday)
    leads.lead(who, people.eng, monday)
    one, two = (leads.sale(who, people.sales, monday + n * DAY) for n in (1, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Sale.objects.filter(pk=two.pk).update(lead=one.lead)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"sold_on": dt.date(2026, 3, 9)}, "sold_on"), ({"commission": "-1.00"}, "commission"), ({"commission": "1.005"}, "commission"),
        ({"price": Decimal("0.00")}, "price"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field(people, monday, facts, field):
    with pytest.raises(BadEntry) as refused:
        leads.sale(leads.customer(monday), people.sales, monday, **facts)
    assert refused.value.field == field and not Sale.objects.exists()


def test_another_confirms_the_commission_sends_it_back_or_is_refused(people, monday):
    sale = leads.sale(leads.customer(monday), people.sales_head, monday)
    with pytest.raises(Denied, match="SD04"):
        services.confirm(sale, by=people.sales_head, at=monday)
    with pytest.raises(Denied):
        services.confirm(sale, by=people.sales, at=monday)
    sale = services.send_back(sale, reason="金额不对", by=people.fin, at=monday + HOUR)
    sale = services.correct(
        sale, commission=Decimal("900.00"), price=None, by=people.sales_head, at=monday + HOUR
    )
    sale = services.confirm(sale, by=people.fin, at=monday + DAY)
    assert (sale.stage, sale.commission, sale.confirmed_by) == ("confirmed", Decimal("900.00"), people.fin)


def test_two_cancel_it_and_the_lead_counts_again(people, monday):
    who = leads.customer(monday)
    lead = leads.lead(who, people.eng, monday)
    sale = services.confirm(
        leads.sale(who, people.sales, monday + HOUR), by=people.sales_head, at=monday + HOUR
    )
    sale = services.ask_cancel(sale, reason="客户退车", by=people.sales, at=monday + DAY)
    with pytest.raises(Denied):
        services.cancel(sale, by=people.sales, at=monday + DAY)
    sale = services.cancel(sale, by=people.fin, at=monday + DAY)
    lead = fresh(lead)
    assert (sale.stage, lead.stage, lead.seller) == ("cancelled", "taken", people.sales)
    assert leads.sale(who, people.sales, monday + 2 * DAY).lead == lead


def test_cancelling_gives_every_lead_back_as_it_was(people, monday):
    who, colleague = leads.customer(monday), build.person("SALES")
    rows = [leads.lead(who, build.person("ENG"), monday + n * HOUR) for n in range(3)]
    for lead in rows[::2]:
        services.take(lead, by=colleague, at=monday + 3 * HOUR)
    sale = leads.sale(who, people.sales, monday + DAY)
    services.ask_cancel(sale, reason="客户退车", by=people.sales, at=monday + DAY)
    assert [fresh(row).stage for row in rows] == ["won", "lost", "lost"]
    services.cancel(sale, by=people.fin, at=monday + DAY)
    assert [(fresh(row).stage, fresh(row).lost_why, fresh(row).seller) for row in rows] == [
        ("taken", "", colleague),
        ("open", "", None),
        ("taken", "", colleague),
    ]
    assert all(fresh(row).follow_up_at for row in rows)


def test_of_a_given_up_lead_nobody_makes_a_living_one(people, monday):
    who = leads.customer(monday)
    lead = services.take(leads.lead(who, people.eng, monday), by=people.sales, at=monday)
    services.lose(lead, why="consent", by=people.sales, at=monday)
    sale = leads.sale(who, people.sales, monday + DAY)
    services.ask_cancel(sale, reason="客户退车", by=people.sales, at=monday + DAY)
    services.cancel(sale, by=people.fin, at=monday + DAY)
    assert (fresh(lead).stage, fresh(lead).lost_why, fresh(lead).follow_up_at) == ("lost", "consent", None)


@pytest.mark.parametrize(("confirmed", "stage"), [(True, "confirmed"), (False, "recorded")])
def test_let_stand_it_is_as_before(people, monday, confirmed, stage):
    sale = leads.sale(leads.customer(monday), people.sales, monday)
    sale = services.confirm(sale, by=people.fin, at=monday) if confirmed else sale
    sale = services.ask_cancel(sale, reason="x", by=people.sales, at=monday)
    assert services.let_stand(sale, by=people.sales_head, at=monday + HOUR).stage == stage


def test_leads_and_sales_follow_a_merged_customer_and_come_back(people, monday):
    from sales import merging

    kept, gone = leads.customer(monday), leads.customer(monday)
    lead, sale = leads.lead(gone, people.eng, monday), leads.sale(gone, people.sales, monday + HOUR)
    row = merging.merge(kept, gone, by=people.cs, at=monday + DAY)
    assert (fresh(lead).customer, fresh(sale).customer) == (kept, kept)
    merging.undo(row, by=people.cs, at=monday + 2 * DAY)
    assert (fresh(lead).customer, fresh(sale).customer) == (gone, gone)


def test_an_erased_customers_words_are_gone_from_his_leads(people, monday):
    from sales.services import erase

    who = leads.customer(monday)
    lead = services.take(leads.lead(who, people.eng, monday, words="要蓝色的"), by=people.sales, at=monday)
    services.follow(lead, how="phone", talked_at=monday, said="他说要蓝色", by=people.sales, at=monday)
    erase(who, by=build.person("MGR"), seconded_by=build.person("MGR"), at=monday + DAY, reason="x")
    row = Lead.objects.get(pk=lead.pk)
    assert (row.words, row.contact.name, row.follow_ups.get().said) == ("", "", "")


# --- written anew before the first one is cancelled
def anew(people, monday):
    """A sale with a lead whose cancellation is asked for, and the one that was written down in its place."""
    who = leads.customer(monday)
    lead = leads.lead(who, people.eng, monday)
    first = leads.sale(who, people.sales, monday + HOUR)
    services.ask_cancel(first, reason="金额错", by=people.sales, at=monday + 2 * HOUR)
    return lead, fresh(first), leads.sale(who, people.sales, monday + 3 * HOUR, commission="800.00")


def test_a_sale_written_anew_follows_the_lead_once_the_first_one_is_cancelled(people, monday):
    lead, first, second = anew(people, monday)
    assert (second.lead, second.fee) == (None, Decimal("0.00"))
    services.cancel(first, by=people.sales_head, at=monday + 4 * HOUR)
    second = fresh(second)
    assert (second.lead, second.fee, fresh(lead).stage) == (lead, Decimal("40.00"), "won")
    assert second.history.first().history_change_reason == "take_up"
    services.confirm(second, by=people.sales_head, at=monday + 5 * HOUR)
    assert Fee.objects.get().amount == Decimal("40.00")


def test_nobody_confirms_a_sale_while_the_lead_of_another_may_become_its_own(people, monday):
    _lead, first, second = anew(people, monday)
    with pytest.raises(OutOfTurn, match=f"{first.number} of this customer is asked to be cancelled"):
        services.confirm(second, by=people.sales_head, at=monday + 4 * HOUR)
    services.let_stand(first, by=people.sales_head, at=monday + 4 * HOUR)
    done = services.confirm(second, by=people.sales_head, at=monday + 5 * HOUR)
    assert (done.stage, done.fee) == ("confirmed", Decimal("0.00"))


def test_a_lead_that_had_lapsed_by_then_keeps_no_sale_waiting(people, monday):
    who, later = leads.customer(monday), monday + 400 * DAY
    leads.lead(who, people.eng, monday)
    first = leads.sale(who, people.sales, monday + HOUR)
    services.ask_cancel(first, reason="退车", by=people.sales, at=later)
    second = leads.sale(who, people.sales, later)
    assert services.confirm(second, by=people.sales_head, at=later + HOUR).stage == "confirmed"


def test_each_sale_moves_up_when_the_one_before_is_cancelled(people, monday):
    who, other = leads.customer(monday), build.person("ENG")
    first = leads.lead(who, people.eng, monday)
    second = leads.lead(who, other, monday + HOUR)
    sales = [leads.sale(who, people.sales, monday + n * DAY) for n in (1, 2, 3)]
    services.ask_cancel(sales[0], reason="退车", by=people.sales, at=monday + 4 * DAY)
    services.cancel(fresh(sales[0]), by=people.sales_head, at=monday + 4 * DAY)
    assert [fresh(sale).lead for sale in sales[1:]] == [first, second]
    assert [fresh(lead).stage for lead in (first, second)] == ["won", "won"]


# --- the sale of somebody who has left
def left(person, active):
    """He moved to another department, or left the company."""
    person.postings.update(until=dt.date(2026, 3, 1))
    type(person).objects.filter(pk=person.pk).update(is_active=active)


@pytest.mark.parametrize("active", [True, False])
def test_the_head_of_sales_acts_for_a_seller_who_has_left_and_another_decides(people, monday, active):
    head, other = people.sales_head, build.person("SALES")
    sale = leads.sale(leads.customer(monday), people.sales, monday)
    with pytest.raises(Denied):
        services.ask_cancel(sale, reason="x", by=head, at=monday)
    left(people.sales, active)
    sale = services.send_back(fresh(sale), reason="佣金错", by=people.fin, at=monday)
    assert Notification.objects.filter(recipient=head, event_key__contains=":returned:").count() == 1
    with pytest.raises(Denied):
        services.correct(sale, commission=Decimal("900"), price=None, by=other, at=monday)
    sale = services.correct(sale, commission=Decimal("900"), price=None, by=head, at=monday)
    assert (sale.stage, sale.corrected_by) == ("recorded", head)
    with pytest.raises(Denied, match="corrected himself"):
        services.confirm(sale, by=head, at=monday)
    assert list(commissions_of(people.fin)) == [sale] and not commissions_of(head).exists()
    sale = services.confirm(sale, by=people.fin, at=monday)
    sale = services.ask_cancel(fresh(sale), reason="退订", by=head, at=monday)
    with pytest.raises(Denied):
        services.cancel(sale, by=head, at=monday)
    assert services.cancel(sale, by=people.fin, at=monday).stage == "cancelled"


def test_the_database_keeps_who_corrected_it_from_confirming_it(people, monday):
    sale = leads.sale(leads.customer(monday), people.sales, monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sale.objects.filter(pk=sale.pk).update(corrected_by=people.fin, confirmed_by=people.fin)


def test_the_vehicle_that_another_sells_to_somebody_else_is_not_his_to_sell(people, monday):
    mine, his, other = leads.customer(monday), leads.customer(monday), build.person("SALES")
    leads.his(people.sales, mine)
    foreign = build.vehicle(at=monday, customer=his, seller=other)
    in_stock = build.vehicle(at=monday, delivered_on=None, seller=other)
    for car in (foreign, in_stock):
        with pytest.raises(BadEntry, match="not yours to sell") as refused:
            leads.sale(mine, people.sales, monday + HOUR, vehicles=[car])
        assert refused.value.field == "vehicles"
    cars = [
        build.vehicle(at=monday),
        build.vehicle(at=monday, customer=mine, seller=other),
        build.vehicle(at=monday, customer=his, seller=people.sales),
    ]
    assert leads.sale(mine, people.sales, monday + HOUR, vehicles=cars, quantity=3).vehicles.count() == 3
