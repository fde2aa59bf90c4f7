"""The desk of sales on its pages: registering on a ticket, home, lists, export, what whoever sees (4.2)."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts import middleware
from accounts.models import AuditEvent
from sales import lead_services as services
from sales.models import Customer, Lead, Sale
from tests import build

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def one_factor(monkeypatch):
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)


@pytest.fixture
def now():
    return timezone.now() - 2 * HOUR


@pytest.fixture
def ticket(people, now):
    return build.ticket(at_stage="completed", at=now - DAY, company=people)


def entries(**more):
    return {"quantity": "1", "wanted": "now", "consent": "on", "consent_how": "visit"} | more


def test_the_engineer_registers_on_the_ticket_and_its_customer_is_known(people, ticket, as_user):
    client = as_user(people.eng)
    way = f"/sales/leads/new/?for={ticket.number}"
    assert way in client.get(f"/tickets/{ticket.number}/").content.decode()
    page = client.get(way).content.decode()
    assert ticket.number in page and 'name="phone"' not in page
    answer = client.post("/sales/leads/new/", entries(ticket=ticket.number, words="要两台"))
    lead = Lead.objects.get()
    assert answer["Location"] == lead.get_absolute_url()
    assert (lead.customer, lead.source, lead.registered_by, lead.by_engineer) == (
        ticket.customer,
        "ticket",
        people.eng,
        True,
    )


def test_customer_service_registers_after_the_callback(people, ticket, as_user):
    as_user(people.cs).post("/sales/leads/new/", entries(ticket=ticket.number))
    assert (Lead.objects.get().source, Lead.objects.get().by_engineer) == ("callback", False)


def test_without_the_customers_consent_nothing_is_passed_on_and_nothing_typed_is_lost(
    people, ticket, as_user
):
    sent = entries(ticket=ticket.number, words="要两台")
    del sent["consent"]
    answer = as_user(people.eng).post("/sales/leads/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "要两台" in page and "(4.2)" in page and not Lead.objects.exists()


def test_a_ticket_of_others_is_not_there(people, ticket, as_user):
    other = build.person("ENG")
    assert as_user(other).get(f"/sales/leads/new/?for={ticket.number}").status_code == 404


def test_the_salesperson_brings_somebody_new_and_has_him_in_hand(people, as_user):
    as_user(people.sales).post(
        "/sales/leads/new/", entries(name="赵六", phone="13700001111", organisation="靖江建材")
    )
    lead, customer = Lead.objects.get(), Customer.objects.get()
    assert (lead.stage, lead.seller, lead.source, customer.seller) == (
        "taken",
        people.sales,
        "own",
        people.sales,
    )


@pytest.mark.parametrize("missing", ["name", "phone"])
def test_somebody_new_has_a_name_and_a_phone(people, as_user, missing):
    sent = entries(name="赵六", phone="13700001111")
    del sent[missing]
    answer = as_user(people.eng).post("/sales/leads/new/", sent)
    assert answer.status_code == 422 and not Customer.objects.exists() and not Lead.objects.exists()


def test_whose_phone_is_known_is_that_customer(people, now, as_user):
    who = leads.customer(now, phone="+8613700001111")
    as_user(people.eng).post("/sales/leads/new/", entries(name="老赵", phone="137 0000 1111"))
    assert Lead.objects.get().customer == who


def test_who_has_it_in_hand_sees_the_number_and_that_is_written_down(people, now, as_user):
    lead = leads.lead(leads.customer(now, phone="+8613912345678"), people.eng, now)
    client = as_user(people.sales)
    assert "13912345678" not in client.get(lead.get_absolute_url()).content.decode()
    services.take(lead, by=people.sales, at=now + HOUR)
    for _again in range(2):
        assert "tel:+8613912345678" in client.get(lead.get_absolute_url()).content.decode()
    assert AuditEvent.objects.filter(verb="lead.person_seen", by=people.sales).count() == 1
    for who in (people.eng, people.sales_head, people.mgr, people.fin):
        assert "13912345678" not in as_user(who).get(lead.get_absolute_url()).content.decode()


def test_home_shows_what_is_due_what_is_free_and_the_months(people, now, as_user):
    mine = services.take(leads.lead(leads.customer(now), people.eng, now), by=people.sales, at=now)
    Lead.objects.filter(pk=mine.pk).update(follow_up_at=now)
    free = leads.lead(leads.customer(now), people.eng, now)
    leads.sale(leads.customer(now), people.sales, now, sold_on=timezone.localdate(now))
    page = as_user(people.sales).get("/sales/")
    text = page.content.decode()
    assert mine.number in text and free.number in text
    month = page.context["months"][0]
    assert (month.registered, month.won, month.sales) == (2, 0, 1)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "most"), [("/sales/leads/", 5), ("/sales/sold/", 6), ("/sales/", 9)])
def test_the_lists_take_a_fixed_number_of_statements(
    people, now, as_user, count, path, most, django_assert_max_num_queries
):
    for _each in range(count):
        who = leads.customer(now)
        services.take(leads.lead(who, people.eng, now), by=people.sales, at=now)
        leads.sale(leads.customer(now), people.sales, now, sold_on=timezone.localdate(now))
    client = as_user(people.sales)
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_standing_source_owner_and_words_narrow_the_list(people, now, as_user):
    first = leads.lead(leads.customer(now, name="钱进"), people.eng, now)
    second = services.take(
        leads.lead(leads.customer(now), people.cs, now, "callback"), by=people.sales, at=now
    )
    lapsed = leads.lead(leads.customer(now), people.eng, now - 500 * DAY)
    client = as_user(people.sales_head)

    def found(query):
        text = client.get(f"/sales/leads/?{query}").content.decode()
        return [row.number for row in (first, second, lapsed) if row.number in text]

    assert found("stage=open") == [first.number] and found("stage=lapsed") == [lapsed.number]
    assert found("source=callback") == [second.number] and found("seller=nobody") == [
        first.number,
        lapsed.number,
    ]
    assert found("q=钱进") == [first.number] and found(f"q={second.number}") == [second.number]
    assert found("stage=nonsense&source=x&before=x&q=%00") == [first.number, second.number, lapsed.number]


def test_the_export_masks_names_and_phones_and_is_written_down(people, now, as_user):
    leads.lead(leads.customer(now, name="孙悟空", phone="+8613912345678"), people.eng, now)
    answer = as_user(people.sales_head).get("/sales/leads/export.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    row = [cell.value for cell in sheet[2]]
    assert "孙**" in row and "139****5678" in row and "孙悟空" not in row
    assert AuditEvent.objects.filter(verb="list.export", subject="leads").count() == 1
    assert as_user(people.wh).get("/sales/leads/export.xlsx").status_code == 403


def test_the_sale_of_a_lead_is_prepared_and_says_who_confirms(people, now, as_user):
    lead = services.take(leads.lead(leads.customer(now), people.eng, now), by=people.sales, at=now)
    client = as_user(people.sales)
    assert lead.customer.number in client.get(f"/sales/sold/new/?lead={lead.number}").content.decode()
    sent = {
        "customer": lead.customer.number,
        "sold_on": f"{timezone.localdate()}",
        "quantity": "1",
        "commission": "¥2,000.00",
    }
    answer = client.post("/sales/sold/new/", sent)
    sale = Sale.objects.get()
    assert answer["Location"] == sale.get_absolute_url() and (sale.lead, str(sale.fee)) == (lead, "100.00")
    assert client.post("/sales/sold/new/", sent | {"vehicles": "NOPE1 NOPE2"}).status_code == 422


def test_the_home_names_the_clock_and_its_step(people, now, as_user):
    lead = leads.lead(leads.customer(now), people.eng, now, words="要两台")
    assert f"{lead.get_absolute_url()}?step=take" in as_user(people.sales_head).get("/desk/").content.decode()
    services.take(lead, by=people.sales, at=now)
    assert f"{lead.get_absolute_url()}?step=follow" in as_user(people.sales).get("/desk/").content.decode()


def test_a_callback_that_says_yes_reminds_customer_service_until_somebody_registers(people, now, as_user):
    from repairs import steps

    ticket = build.ticket(at_stage="completed", at=now - DAY, company=people)
    steps.take(ticket, "call_back", by=people.cs, at=now, resolved=True, overall="satisfied", intent=True)
    client, way = as_user(people.cs), f"/sales/leads/new/?for={ticket.number}"
    assert way in client.get("/desk/").content.decode()
    client.post("/sales/leads/new/", entries(ticket=ticket.number))
    assert way not in client.get("/desk/").content.decode()


def test_a_lead_whose_day_is_over_says_so_and_an_ended_one_has_no_clock(people, now, as_user):
    late, lost = (
        services.take(leads.lead(leads.customer(now), people.eng, now), by=people.sales, at=now) for _ in "ab"
    )
    services.lose(lost, why="price", by=people.sales, at=now)
    Lead.objects.all().update(follow_up_at=now - DAY)
    client = as_user(people.sales)
    for path in ("/sales/", "/sales/leads/"):
        text = client.get(path).content.decode()
        assert text.count("tone-danger") == 1 and "Overdue" in text and late.number in text


def test_who_sold_and_who_may_open_him_read_the_customers_name_others_his_number(people, now, as_user):
    lead = services.take(leads.lead(leads.customer(now), people.eng, now), by=people.sales, at=now)
    sale = leads.sale(leads.customer(now), people.sales, now, sold_on=timezone.localdate(now))
    Customer.objects.update(seller=people.sales_head)
    named = f"兴化物流 · {sale.customer.number}"
    for path in ("/sales/sold/", sale.get_absolute_url()):
        assert named in as_user(people.sales).get(path).content.decode()
        assert named in as_user(people.fin).get(path).content.decode()
    named = f"兴化物流 · {lead.customer.number}"
    for path in (lead.get_absolute_url(), "/desk/"):
        assert named in as_user(people.sales).get(path).content.decode()


def test_papers_name_the_year_of_every_day(people, now, as_user):
    customer = leads.customer(now)
    lead = services.take(leads.lead(customer, people.eng, now), by=people.sales, at=now)
    leads.lead(customer, people.cs, now, "callback")
    text = as_user(people.sales_head).get(lead.get_absolute_url()).content.decode()
    assert text.count(f"{timezone.localtime(now):%Y-%m-%d %H:%M}") >= 2
