"""Whoever records or confirms a sale sees what leads there were: his, and those of his likely double (4.2)."""

import datetime as dt

import pytest
from django.utils import timezone

from aftersales.problems import BadEntry
from sales import lead_services as services
from sales import merging
from sales.models import Sale
from tests import build
from tests.parts.conftest import as_user, signed_in

from . import leads

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.2"), pytest.mark.usefixtures("english")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
__all__ = ["as_user", "signed_in"]
PHONE = "+8613911112222"


@pytest.fixture
def now():
    return timezone.localtime().replace(hour=10, minute=0) - 3 * DAY


def text(client, sale):
    return client.get(sale.get_absolute_url()).content.decode()


def part(client, sale, name):
    sheet = client.get(sale.get_absolute_url()).context["sheet"]
    return next((one.table.rows for one in sheet.parts if one.id == name), None)


def test_a_sale_of_an_earlier_day_than_the_lead_says_that_there_was_one(people, as_user, now):
    who = leads.customer(now)
    lead = leads.lead(who, people.eng, now)
    sale = leads.sale(who, people.sales, now + HOUR, sold_on=(now - DAY).date())
    assert sale.lead is None
    for one in (people.sales, people.sales_head, people.fin):
        page = text(as_user(one), sale)
        assert lead.number in page and str(people.eng) in page and "Is that day right?" in page
    with pytest.raises(BadEntry, match=lead.number) as refused:
        services.confirm(sale, by=people.fin, at=now + HOUR)
    assert refused.value.field == "reason"
    services.confirm(sale, by=people.fin, at=now + HOUR, reason="合同上是这天")
    assert "合同上是这天" in text(as_user(people.fin), sale)
    page = text(as_user(people.sales_head), sale)
    assert lead.number in page and "Is that day right?" not in page


def test_the_confirm_step_asks_why_only_where_the_day_decides(people, as_user, now):
    who, other = leads.customer(now, phone=PHONE), leads.customer(now, phone=PHONE)
    leads.lead(who, people.eng, now - DAY)
    found = leads.sale(who, people.sales, now + HOUR, sold_on=(now - DAY).date())
    double = leads.lead(other, people.eng, now)
    dated = leads.sale(who, people.sales, now + HOUR, sold_on=(now - DAY).date())
    client = as_user(people.fin)
    assert 'name="reason"' not in client.get(f"{found.get_absolute_url()}?step=confirm").content.decode()
    page = client.get(f"{dated.get_absolute_url()}?step=confirm").content.decode()
    assert 'name="reason"' in page and page.count("Is that day right?") == 2
    assert double.number in page and other.number in page, "his likely double counts as well"
    way = f"{dated.get_absolute_url()}steps/confirm/"
    assert client.post(way, {}).status_code == 422
    client.post(way, {"reason": "合同上是这天"})
    assert [(row.stage, row.said) for row in Sale.objects.order_by("pk")] == [
        ("recorded", ""),
        ("confirmed", "合同上是这天"),
    ]


@pytest.mark.parametrize(("days", "counts"), [(60, True), (61, False), (738_000, False)])
def test_a_sale_is_written_down_within_the_figure(people, now, days, counts):
    who, day = leads.customer(now), now.date() - days * DAY
    if counts:
        assert leads.sale(who, people.sales, now, sold_on=day).sold_on == day
        return
    with pytest.raises(BadEntry, match="within 60 days") as refused:
        leads.sale(who, people.sales, now, sold_on=day)
    assert refused.value.field == "sold_on"


def test_each_lead_says_how_it_stands_to_the_sale(people, as_user, now):
    who = leads.customer(now)
    first, second = leads.lead(who, people.eng, now), leads.lead(who, people.cs, now + HOUR, "callback")
    sale = leads.sale(who, people.sales, now + DAY)
    leads.lead(who, people.eng, now + 2 * DAY)
    rows = part(as_user(people.sales_head), sale, "leads")
    assert [(first.number in row[0], row[2], row[4]) for row in rows] == [
        (True, str(people.eng), "led to this sale"),
        (False, str(people.cs), "not the first"),
    ]
    assert second.number in rows[1][0]
    assert (
        part(as_user(people.sales_head), leads.sale(leads.customer(now), people.sales, now), "leads") is None
    )


def test_a_double_with_a_live_lead_is_named_to_who_records_and_who_confirms(people, as_user, now):
    other, who = (
        leads.customer(now, phone=PHONE),
        leads.customer(now, phone=PHONE, name="李先生", organisation=""),
    )
    lead = leads.lead(other, people.eng, now)
    leads.his(people.sales, who)
    client = as_user(people.sales)
    sent = {
        "customer": who.number,
        "sold_on": str(timezone.localdate()),
        "quantity": "1",
        "commission": "1000",
    }
    answer = client.post("/sales/sold/new/", sent, follow=True)
    sale = Sale.objects.get()
    for page in (
        answer.content.decode(),
        text(as_user(people.sales_head), sale),
        text(as_user(people.fin), sale),
    ):
        assert other.number in page and lead.number in page and "customer service merges them" in page
        assert "Merge the two customers" not in page
    merging.merge(who, other, by=people.cs, at=timezone.now())
    page = text(as_user(people.sales_head), sale)
    assert "customer service merges them" not in page and f"{people.eng} registered it as an engineer" in page


def test_whoever_may_merge_is_led_there(people, as_user, now):
    other, who = leads.customer(now, phone=PHONE), leads.customer(now, phone=PHONE)
    leads.lead(other, people.eng, now)
    sale = leads.sale(who, people.sales, now + HOUR)
    page = text(as_user(people.mgr), sale)
    assert "Merge the two customers" in page and who.get_absolute_url() in page


def test_a_double_without_a_live_lead_or_with_a_later_one_says_nothing(people, as_user, now):
    other, who = leads.customer(now, phone=PHONE), leads.customer(now, phone=PHONE)
    sale = leads.sale(who, people.sales, now)
    leads.lead(other, people.eng, now + HOUR)
    assert part(as_user(people.sales_head), sale, "doubles") is None
    leads.lead(who, build.person("ENG"), now + HOUR)
    late = leads.sale(who, people.sales, now + DAY)
    assert part(as_user(people.sales_head), late, "doubles") is not None, (
        "his double's lead came before his own"
    )
    third = leads.customer(now)
    leads.lead(third, people.eng, now)
    assert part(as_user(people.sales_head), leads.sale(third, people.sales, now + DAY), "doubles") is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_whatever_the_number_of_leads(
    people, as_user, now, count, django_assert_max_num_queries
):
    who, other = leads.customer(now, phone=PHONE), leads.customer(now, phone=PHONE)
    for _each in range(count):
        leads.lead(who, build.person("ENG"), now)
        leads.lead(other, build.person("ENG"), now - HOUR)
    sale = leads.sale(who, people.sales, now + DAY)
    client = as_user(people.sales_head)
    client.get(sale.get_absolute_url())
    with django_assert_max_num_queries(15):
        assert len(part(client, sale, "doubles")) == count


def test_the_page_says_that_the_lead_of_a_sale_to_be_cancelled_may_become_this_ones(people, as_user, now):
    who = leads.customer(now)
    lead = leads.lead(who, people.eng, now)
    first = leads.sale(who, people.sales, now + HOUR)
    services.ask_cancel(first, reason="金额错", by=people.sales, at=now + HOUR)
    second = leads.sale(who, people.sales, now + 2 * HOUR)
    said = "The lead of another sale may become free"
    assert said in text(as_user(people.sales_head), second)
    services.cancel(Sale.objects.get(pk=first.pk), by=people.sales_head, at=now + 3 * HOUR)
    page = text(as_user(people.sales_head), second)
    assert said not in page and lead.number in page and "led to this sale" in page
