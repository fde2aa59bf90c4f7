"""Two rows were one customer (A23): erasure, chains, numbers on old papers and the engineer's fee follow who he is now."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from repairs import services as repairs
from sales import delivering, merging, rights
from sales import lead_services as services
from sales import services as sales
from sales.forms import CustomerField, MergeForm
from sales.lead_selectors import own_customers, sales_to_confirm
from sales.models import ErasureRequest, Lead, Person, Sale
from sales.services import change_vehicle, register_vehicle
from tests import build

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def three(monday):
    """a, b, c: three rows that are perhaps one customer."""
    return [leads.customer(monday) for _name in "abc"]


def carried_out(row, monday):
    rights.propose(row, by=build.person("MGR"), at=monday)
    return rights.carry_out(fresh(row), by=build.person("MGR"), at=monday + HOUR)


# --- erasure
def test_what_was_asked_for_before_the_merge_erases_him_where_he_is_now(people, monday, three):
    a, b, _c = three
    row = rights.ask(a, reason="来电", by=people.cs, at=monday)
    merging.merge(b, a, by=people.cs, at=monday)
    assert fresh(row).customer == b
    carried_out(row, monday)
    assert all(fresh(one).erased_at for one in (a, b)) and fresh(a).region == ""
    assert set(Person.objects.filter(customer=b).values_list("name", "phone")) == {("", "")}


def test_what_is_asked_for_after_it_is_asked_of_the_one_who_is_kept(people, monday, three):
    a, b, _c = three
    merging.merge(b, a, by=people.cs, at=monday)
    row = rights.ask(a, reason="来电", by=people.cs, at=monday)
    assert row.customer == b
    with pytest.raises(OutOfTurn):
        rights.ask(b, reason="又来电", by=people.cs, at=monday)


def test_of_two_requests_both_are_done_with_one(people, monday, three):
    a, b, _c = three
    old, new = (rights.ask(one, reason="来电", by=people.cs, at=monday) for one in (a, b))
    merging.merge(b, a, by=people.cs, at=monday)
    assert list(rights.waiting_for(people.mgr)) == [new], "the other one has no page of its own any more"
    carried_out(old, monday)
    assert fresh(b).erased_at and not ErasureRequest.objects.filter(done_at=None).exists()
    assert fresh(new).seconded_by == fresh(old).seconded_by


@pytest.mark.parametrize("both", [False, True])
def test_a_merge_that_was_taken_back_gives_the_request_back(people, monday, three, both):
    a, b, _c = three
    row = rights.ask(a, reason="来电", by=people.cs, at=monday)
    if both:
        rights.ask(b, reason="来电", by=people.cs, at=monday)
    merging.undo(merging.merge(b, a, by=people.cs, at=monday), by=people.cs, at=monday)
    assert fresh(row).customer == a
    carried_out(row, monday)
    assert fresh(a).erased_at and fresh(b).erased_at is None and b.person.name


def test_the_page_of_a_merged_customer_leads_on_and_offers_nothing(people, as_user, monday, three):
    a, b, _c = three
    merging.merge(b, a, by=people.cs, at=monday)
    client = as_user(people.cs)
    page = client.get(f"/customers/{a.number}/")
    text = page.content.decode()
    assert b.get_absolute_url() in text and not any(
        page.context[n] for n in ("may_write", "may_merge", "erase")
    )
    for act in ("edit", "merge", "erase"):
        assert f"/customers/{a.number}/{act}/" not in text
    assert client.get(f"/customers/{a.number}/edit/").url == f"/customers/{b.number}/edit/"
    kept = client.get(b.get_absolute_url()).content.decode()
    assert all(f"/customers/{b.number}/{act}/" in kept for act in ("edit", "merge", "erase"))
    client.post(f"/customers/{a.number}/erase/", {"reason": "来电"})
    assert ErasureRequest.objects.get().customer == b


@pytest.fixture
def uttered(people, monday):
    """A merge, and the wish to be erased that the other one uttered on his report since."""
    ticket = build.ticket("completed", at=monday, company=people)
    row = merging.merge(leads.customer(monday), ticket.customer, by=people.cs, at=monday + HOUR)
    repairs.rights_wish(fresh(ticket), at=monday + 2 * HOUR, text="请删除", erase=True)
    return row


def test_a_wish_that_the_other_one_uttered_since_goes_with_him_and_is_looked_at_anew(people, monday, uttered):
    wish = ErasureRequest.objects.get()
    assert wish.customer == uttered.kept
    rights.propose(wish, by=build.person("MGR"), at=monday + 3 * HOUR)
    merging.undo(uttered, by=people.cs, at=monday + 4 * HOUR)
    assert (fresh(wish).customer, fresh(wish).proposed_by) == (uttered.gone, None)
    carried_out(wish, monday)
    assert (fresh(uttered.kept).erased_at, bool(fresh(uttered.gone).erased_at)) == (None, True)


def test_of_a_wish_written_down_since_nobody_knows_whose_it_is_but_it_is_looked_at_anew(
    people, monday, three
):
    a, b, _c = three
    row = merging.merge(b, a, by=people.cs, at=monday)
    wish = rights.ask(b, reason="来电", by=people.cs, at=monday + HOUR)
    rights.propose(wish, by=build.person("MGR"), at=monday + HOUR)
    merging.undo(row, by=people.cs, at=monday + DAY)
    assert (fresh(wish).customer, fresh(wish).proposed_by) == (b, None)


def test_a_wish_comes_home_through_a_chain_of_merges(people, monday, three):
    _a, _b, c = three
    ticket = build.ticket("completed", at=monday, company=people)
    first = merging.merge(three[1], ticket.customer, by=people.cs, at=monday)
    second = merging.merge(c, three[1], by=people.cs, at=monday)
    repairs.rights_wish(fresh(ticket), at=monday + HOUR, text="请删除", erase=True)
    wish = ErasureRequest.objects.get()
    for row, whose in ((second, three[1]), (first, ticket.customer)):
        merging.undo(row, by=people.cs, at=monday + DAY)
        assert fresh(wish).customer == whose


# --- taking it back
def test_what_went_on_to_somebody_else_stays_there(people, monday, three):
    a, b, d = three
    car, other = build.vehicle(customer=a, at=monday), build.vehicle(customer=a, at=monday)
    row = merging.merge(b, a, by=people.cs, at=monday)
    change_vehicle(fresh(car), by=people.cs, at=monday, customer=d)
    merging.undo(row, by=people.cs, at=monday)
    assert (fresh(car).customer, fresh(other).customer) == (d, a)


def test_a_chain_is_taken_back_from_its_end(people, monday, three):
    a, b, c = three
    car, lead = build.vehicle(customer=a, at=monday), leads.lead(a, people.eng, monday)
    first = merging.merge(b, a, by=people.cs, at=monday)
    second = merging.merge(c, b, by=people.cs, at=monday)
    with pytest.raises(OutOfTurn, match=c.number):
        merging.undo(first, by=people.cs, at=monday)
    assert fresh(car).customer == fresh(lead).customer == c
    merging.undo(second, by=people.cs, at=monday)
    assert fresh(car).customer == fresh(lead).customer == b
    merging.undo(first, by=people.cs, at=monday)
    assert fresh(car).customer == fresh(lead).customer == fresh(a.person).customer == a


# --- found by his phone while he is merged
@pytest.fixture
def merged_once_found(people, monday, three, monkeypatch):
    """A phone: whoever finds `a` by it finds him merged into `b` the moment after."""
    a, b, _c = three
    find = sales.customers_by_phone

    def found(text):
        rows = find(text)
        merging.merge(b, a, by=people.cs, at=monday)
        return rows

    monkeypatch.setattr(sales, "customers_by_phone", found)
    return a.person.phone


@pytest.mark.clause("4.2")
def test_a_stranger_with_his_phone_is_who_he_is_now(monday, three, merged_once_found):
    customer, person = sales.met({"name": "李建国", "phone": merged_once_found}, region="", at=monday)
    assert customer == fresh(person).customer == three[1]


@pytest.mark.clause("4.2")
def test_a_visitor_who_would_buy_is_who_he_is_now(three, merged_once_found, client):
    from repairs.public import texts

    wish = {
        "contact": "李建国",
        "phone": merged_once_found,
        "quantity": 1,
        "wanted": "later",
        "consent": "on",
    }
    answer = client.post("/buy/", wish | {"privacy_version": texts.PRIVACY_VERSION, "operation": "a" * 32})
    assert answer.status_code == 302
    assert Lead.objects.get().customer == Lead.objects.get().contact.customer == three[1]


# --- his old number
@pytest.mark.clause("4.2")
def test_the_number_on_an_old_paper_means_who_he_is_now(people, monday, three):
    a, b, c = three
    merging.merge(b, a, by=people.cs, at=monday)
    merging.merge(c, b, by=people.cs, at=monday)
    assert CustomerField().clean(a.number) == c
    form = MergeForm({"gone": a.number})
    assert form.is_valid() and form.cleaned_data["gone"] == a, "merging asks for exactly this row"


@pytest.mark.clause("4.2")
def test_whoever_is_handed_a_merged_row_writes_to_the_one_who_is_kept(people, monday, three):
    a, b, _c = three
    lead = leads.lead(a, people.eng, monday)
    merging.merge(b, a, by=people.cs, at=monday + HOUR)
    sale = leads.sale(a, people.sales, monday + DAY)
    assert (sale.customer, sale.lead, sale.informant) == (b, lead, people.eng)
    assert leads.lead(a, people.eng, monday + DAY).customer == b
    car = build.vehicle(at=monday)
    registered = register_vehicle(vin="LFYMERGED01", model=car.model, by=people.cs, at=monday, customer=a)
    assert (registered.customer, change_vehicle(car, by=people.cs, at=monday, customer=a).customer) == (b, b)


@pytest.mark.clause("2.1")
def test_a_hand_over_and_its_withdrawal_know_him_too(people, monday, three):
    a, b, _c = three
    car = build.vehicle(customer=a, delivered_on=None, at=monday, seller=people.sales)
    for one in (a, b):
        one.seller = people.sales
        one.save()
    row = build.delivery(people.sales, monday, vin=car.vin, customer=a)
    merging.merge(b, a, by=people.cs, at=monday)
    delivering.withdraw(row, reason="扫错", by=people.sales, at=monday)
    assert fresh(car).customer == b
    again = build.delivery(people.sales, monday, vin=car.vin, customer=a)
    assert again.customer == fresh(car).customer == b
    assert list(own_customers(people.sales)) == [b]


@pytest.mark.clause("2.1")
def test_a_vehicle_that_was_handed_over_to_the_kept_one_since_stays_with_him(people, monday, three):
    a, b, _c = three
    leads.his(people.sales, a, b)
    new, old = (
        build.vehicle(customer=a, delivered_on=None, at=monday, seller=people.sales) for _each in "ab"
    )
    before = build.delivery(people.sales, monday, vin=old.vin, customer=a)
    row = merging.merge(b, a, by=people.cs, at=monday)
    since = build.delivery(people.sales, monday + HOUR, vin=new.vin, customer=b)
    mended = delivering.correct(
        fresh(before), correction="漏记", accessories="充电器", by=people.sales, at=monday + HOUR
    )
    merging.undo(row, by=people.cs, at=monday + DAY)
    assert fresh(new).customer == fresh(since).customer == b
    assert fresh(old).customer == fresh(mended).customer == a, "a correction goes where its record goes"


# --- a sale looks again
@pytest.mark.clause("4.2")
def test_a_sale_that_nobody_confirmed_finds_the_lead_of_the_merged_customer(people, monday, three):
    a, b, _c = three
    second, first = leads.lead(a, build.person("ENG"), monday + HOUR), leads.lead(a, people.eng, monday)
    late = leads.lead(a, people.eng, monday + 3 * DAY)
    sale = leads.sale(b, people.sales, monday + DAY)
    assert sale.lead is None
    row = merging.merge(b, a, by=people.cs, at=monday + 4 * DAY)
    assert (fresh(sale).lead, fresh(sale).informant, fresh(sale).fee) == (first, people.eng, Decimal("50.00"))
    assert [fresh(one).stage for one in (first, second, late)] == ["won", "lost", "open"]
    merging.undo(row, by=people.cs, at=monday + 4 * DAY)
    assert fresh(sale).lead is None
    assert [(fresh(one).stage, fresh(one).lost_why, fresh(one).seller) for one in (first, second)] == [
        ("open", "", None),
        ("open", "", None),
    ]
    assert fresh(first).customer == a
    assert Sale.objects.get().history.count() == 3 and Lead.objects.filter(customer=b).count() == 0


@pytest.mark.clause("4.2")
def test_an_earlier_lead_of_the_merged_customer_takes_the_place_of_a_later_one(people, monday, three):
    a, b, _c = three
    other = build.person("ENG")
    first, later = leads.lead(a, people.eng, monday), leads.lead(b, other, monday + HOUR)
    sale = leads.sale(b, people.sales, monday + DAY)
    assert sale.informant == other
    row = merging.merge(b, a, by=people.cs, at=monday + 2 * DAY)
    assert fresh(sale).informant == people.eng
    assert [(fresh(one).stage, fresh(one).lost_why) for one in (first, later)] == [
        ("won", ""),
        ("lost", "earlier"),
    ]
    merging.undo(row, by=people.cs, at=monday + 3 * DAY)
    assert fresh(sale).informant == other
    assert [fresh(one).stage for one in (first, later)] == ["open", "won"]


@pytest.mark.clause("4.2")
def test_a_later_lead_of_the_merged_customer_changes_nothing(people, monday, three):
    a, b, _c = three
    first, later = leads.lead(b, people.eng, monday), leads.lead(a, build.person("ENG"), monday + HOUR)
    sale = leads.sale(b, people.sales, monday + DAY)
    merging.merge(b, a, by=people.cs, at=monday + 2 * DAY)
    assert (fresh(sale).lead, fresh(sale).revision) == (first, sale.revision)
    assert fresh(later).stage == "open"


@pytest.mark.clause("4.2")
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_sale_between_a_merge_and_its_undoing_leaves_the_other_ones_lead(
    people, monday, three, is_confirmed
):
    a, b, _c = three
    first, own = leads.lead(a, people.eng, monday), leads.lead(b, build.person("ENG"), monday + HOUR)
    row = merging.merge(b, a, by=people.cs, at=monday + 2 * HOUR)
    sale = leads.sale(b, people.sales, monday + DAY)
    assert sale.lead == first
    if is_confirmed:
        services.confirm(sale, by=people.fin, at=monday + DAY)
    merging.undo(row, by=people.cs, at=monday + 2 * DAY)
    assert fresh(sale).lead == (first if is_confirmed else own)
    assert [fresh(one).stage for one in (first, own)] == (
        ["won", "lost"] if is_confirmed else ["open", "won"]
    )


@pytest.mark.clause("4.2")
def test_taking_a_merge_back_leaves_what_somebody_did_with_a_lead_since(people, monday, three):
    a, b, _c = three
    first, second, third = (leads.lead(a, build.person("ENG"), monday + n * HOUR) for n in range(3))
    services.lose(services.take(first, by=people.sales, at=monday), why="price", by=people.sales, at=monday)
    services.take(third, by=people.sales, at=monday)
    leads.sale(b, people.sales, monday + DAY)
    row = merging.merge(b, a, by=people.cs, at=monday + 2 * DAY)
    colleague = build.person("SALES")
    services.assign(second, seller=colleague, reason="再问问", by=people.sales_head, at=monday + 2 * DAY)
    merging.undo(row, by=people.cs, at=monday + 3 * DAY)
    assert [(fresh(one).stage, fresh(one).lost_why, fresh(one).seller) for one in (first, second, third)] == [
        ("lost", "price", people.sales),
        ("taken", "", colleague),
        ("taken", "", people.sales),
    ]


@pytest.mark.clause("4.2")
def test_a_confirmed_sale_stays_as_it_was_confirmed(people, monday, three):
    a, b, _c = three
    lead, sale = leads.lead(a, people.eng, monday), leads.sale(b, people.sales, monday + DAY)
    services.confirm(sale, by=people.fin, at=monday + DAY)
    merging.merge(b, a, by=people.cs, at=monday + 2 * DAY)
    assert fresh(sale).lead is None and fresh(lead).stage == "open"


@pytest.mark.clause("4.2")
def test_a_vehicle_stands_in_one_sale(people, monday, three):
    a, b, _c = three
    car, other = build.vehicle(at=monday), build.person("SALES")
    sale = leads.sale(a, people.sales, monday, vehicles=[car])
    with pytest.raises(BadEntry, match=sale.number) as own:
        leads.sale(a, people.sales, monday, vehicles=[car])
    with pytest.raises(BadEntry) as refused:
        leads.sale(b, other, monday, vehicles=[car])
    assert own.value.field == refused.value.field == "vehicles"
    assert car.vin in str(refused.value) and sale.number not in str(refused.value)
    sale = services.ask_cancel(sale, reason="退订", by=people.sales, at=monday)
    services.cancel(sale, by=people.sales_head, at=monday)
    assert leads.sale(b, other, monday, vehicles=[car]).vehicles.get() == car


@pytest.mark.clause("4.2")
@pytest.mark.parametrize("roles", [("ENG", "FINS"), ("ENG", "FIN")])
def test_whose_fee_rests_on_a_commission_does_not_decide_about_it(people, monday, three, roles):
    informant = build.person(*roles)
    leads.lead(three[0], informant, monday)
    sale = leads.sale(three[0], people.sales, monday + DAY)
    assert sale.informant == informant and sale not in sales_to_confirm(informant)
    with pytest.raises(Denied, match="SD04"):
        services.confirm(sale, by=informant, at=monday + DAY)
    sale = services.ask_cancel(sale, reason="退订", by=people.sales, at=monday + DAY)
    for act in (services.cancel, services.let_stand):
        with pytest.raises(Denied, match="SD04"):
            act(sale, by=informant, at=monday + DAY)
    assert sale in sales_to_confirm(people.fin)
    services.cancel(sale, by=people.fin, at=monday + DAY)


@pytest.mark.clause("4.2")
def test_the_head_of_sales_who_is_an_engineer_too_does_not_either(people, monday, three):
    informant = build.person("ENG", "SALES", head=True)
    leads.lead(three[0], informant, monday)
    sale = leads.sale(three[0], people.sales, monday + DAY)
    with pytest.raises(Denied, match="SD04"):
        services.confirm(sale, by=informant, at=monday + DAY)
    assert services.confirm(sale, by=people.fin, at=monday + DAY).stage == "confirmed"
