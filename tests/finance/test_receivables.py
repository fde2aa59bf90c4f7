"""The list of debts with its ageing, one debt's page, its invoice (4.11, 8.8)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Denied
from accounts.models import AuditEvent
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from finance import filters
from finance.models import Invoice
from finance.services import invoicing
from repairs.services import quotations
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import borne, customer, debt, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.8")]
PATH = "/finance/receivables/"


@pytest.fixture
def shop(people):
    """Today, because requests arrive now."""
    return Shop(people, timezone.now() - build.HOUR * 3)


def asked(shop, **params):
    rows = filters.debts(params.pop("by", shop.who.fin), params, local_day(shop.at))
    return sorted(row.pk for row in rows)


@pytest.mark.parametrize(
    ("due", "age"),
    [(-10, "young"), (0, "young"), (30, "young"), (31, "middle"), (40, "middle"), (41, "old"), (400, "old")],
)
def test_what_is_not_yet_due_counts_as_0_to_30(shop, due, age):
    row = old_debt(shop, due=due)
    assert filters.age_of(row.due_on, local_day(shop.at)) == age
    assert [asked(shop, age=each) for each in ("young", "middle", "old")].index([row.pk]) == list(
        filters.Age
    ).index(age)


def test_sums_by_age_are_what_is_open(shop):
    rows = [
        old_debt(shop, amount, due=due)
        for amount, due in (("10.00", 5), ("20.00", 35), ("40.00", 50), ("0.07", 50))
    ]
    shop.receipt(
        "4.00", ticket=None
    )  # the oldest first: the 0.07 and of the 40.00 3.93 … by due day, then key
    day = local_day(shop.at)
    found = filters.sums(filters.ageing(filters.debts(shop.who.fin, {}, day), day))
    assert found == {"young": Decimal("10.00"), "middle": Decimal("20.00"), "old": Decimal("36.07")}
    assert rows[2].pk in asked(shop, state="open")


def test_the_filters_narrow_the_list(shop, deductions_have_pages):
    his, other = customer(shop.now(), "李四", organisation="泰州物流"), build.person("ENG")
    one, two = old_debt(shop, due=60), old_debt(shop, customer=his, engineer=other)
    borne(shop, one, "100.00")
    paid = old_debt(shop, "5.00", due=1)
    shop.receipt("105.00", ticket=None)
    assert asked(shop, engineer=other.username) == [two.pk]
    assert asked(shop, customer=his.number.lower()) == asked(shop, customer="泰州物流") == [two.pk]
    assert asked(shop, state="open") == [two.pk] and asked(shop, state="paid") == [one.pk, paid.pk]
    third = old_debt(shop, due=60)
    borne(shop, third, "100.00")
    assert asked(shop, state="borne") == [third.pk]
    assert asked(shop, age="nonsense") == asked(shop, state="nonsense") == []
    assert asked(shop, by=other) == [two.pk] and asked(shop, by=build.person("CS")) == []


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("who", ["fin", "eng", "mgr"])
def test_the_list_takes_five_statements_whatever_its_length(
    shop, as_user, who, count, django_assert_max_num_queries
):
    for _debt in range(count):
        old_debt(shop)
    client = as_user(getattr(shop.who, who))
    client.get(PATH)
    with django_assert_max_num_queries(5):
        assert client.get(PATH).content.decode().count("data-item") == count


def test_the_list_shows_what_is_open_and_the_sums(shop, as_user):
    row = old_debt(shop, "1234.50", due=35)
    client = as_user(shop.who.fin)
    text = client.get(PATH).content.decode()
    assert row.get_absolute_url() in text and "¥1,234.50" in text and "31–40 days" in text
    shop.receipt("1234.50", ticket=None)
    assert row.get_absolute_url() not in client.get(PATH).content.decode()
    assert row.get_absolute_url() in client.get(PATH, {"state": ""}).content.decode()
    other = old_debt(shop, "7.00", engineer=build.person("ENG"))
    his = client.get(PATH, {"engineer": other.engineer.username}).content.decode()
    assert (
        his.count("data-item") == 1
        and "¥7.00" in his
        and f'value="{other.engineer.username}" selected' in his
    )
    for nonsense in ({"age": "x"}, {"customer": "\x00%' --"}, {"before": "-1"}, {"engineer": "😀"}):
        assert client.get(PATH, nonsense).status_code == 200


def test_one_debt_shows_where_it_comes_from_and_what_became_of_it(shop, as_user, deductions_have_pages):
    row = debt(shop, "60.00", 2)
    borne(shop, row, "20.00")
    receipt = shop.receipt("50.00")
    text = as_user(shop.who.fin).get(row.get_absolute_url()).content.decode()
    for word in (
        row.release.number,
        shop.ticket.number,
        receipt.number,
        "¥120.00",
        "¥70.00",
        "−¥50.00",
        "KK",
    ):
        assert word in text, word
    for role in ("eng", "mgr", "aud"):
        answer = as_user(getattr(shop.who, role)).get(row.get_absolute_url())
        assert answer.status_code == 200 and "13812345678" not in answer.content.decode()
    assert (
        f'href="{receipt.get_absolute_url()}"'
        not in as_user(shop.who.eng).get(row.get_absolute_url()).content.decode()
    )
    assert as_user(build.person("ENG")).get(row.get_absolute_url()).status_code == 404
    assert as_user(shop.who.cs).get(row.get_absolute_url()).status_code == 403


def test_one_debts_page_asks_the_same_whatever_came_of_it(shop, as_user):
    row, client = debt(shop, "60.00", 2), as_user(shop.who.fin)
    shop.receipt("1.00"), client.get(row.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        client.get(row.get_absolute_url())
    shop.receipt("1.00"), shop.receipt("1.00")
    with CaptureQueriesContext(connection) as three:
        client.get(row.get_absolute_url())
    assert len(three) == len(one)


def test_over_the_api(shop):
    row, young = old_debt(shop, "100.00", due=50), old_debt(shop, "10.00")
    shop.receipt("30.00", ticket=None)
    api = Program(shop.who.fin)
    assert [each["id"] for each in api.get("receivables")["results"]] == [young.pk, row.pk]
    assert [each["open"] for each in api.get("receivables", age="old", state="open")["results"]] == ["70.00"]
    found = api.get(f"receivables/{row.pk}")
    assert (found["owed"], found["paid"], found["age"], len(found["rows"]), len(found["payments"])) == (
        "70.00",
        "30.00",
        "old",
        2,
        1,
    )
    assert Program(build.person("ENG")).get(f"receivables/{row.pk}")["status"] == 404


# --- the invoice
def quoted_invoice(shop):
    part = shop.part("60.00")
    quote = quotations.draft(
        shop.ticket,
        by=shop.who.eng,
        at=shop.now(),
        lines=[{"kind": "part", "part": part, "quantity": 1, "discount": Decimal(0)}],
    )
    from repairs.services import drafting

    quote = drafting.change_facts(
        quote, by=shop.who.eng, at=shop.now(), invoice_title="泰州物流有限公司", invoice_tax_number="91321200"
    )
    quote = quotations.send(quote, by=shop.who.eng, at=shop.now()) or quote
    quotations.accept(quote, by=shop.who.cs, at=shop.now(), how="电话", said_at=shop.at)
    return part


def test_title_and_tax_number_come_from_the_quotation_number_and_day_from_finance(shop, as_user):
    part = quoted_invoice(shop)
    paper = shop.release("unpaid", (part, 1))
    shop.issue(shop.sign(paper, opinion="未付款"), 1)
    row, client = paper.receivables.get(), as_user(shop.who.fin)
    assert invoicing.wanted(row) == ("泰州物流有限公司", "91321200")
    path = f"{row.get_absolute_url()}invoice/"
    assert (
        "泰州物流有限公司" in client.get(path).content.decode()
        and "91321200" in client.get(row.get_absolute_url()).content.decode()
    )
    entries = {
        "title": "泰州物流有限公司",
        "tax_number": "91321200",
        "number": "NO-1",
        "issued_on": f"{timezone.localdate()}",
    }
    assert client.post(path, entries | {"issued_on": ""}).status_code == 422
    assert client.post(path, entries | {"issued_on": "2999-01-01"}).status_code == 422
    assert client.post(path, entries).status_code == 302
    written = Invoice.objects.get()
    assert (written.number, written.changed_by) == ("NO-1", shop.who.fin)
    assert AuditEvent.objects.filter(verb="invoice.written", by=shop.who.fin).count() == 1
    assert (
        Program(shop.who.fins).post(f"receivables/{row.pk}/invoice", {"number": "NO-2"})["title"]
        == "泰州物流有限公司"
    )


@pytest.mark.parametrize("role", ["ENG", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"])
def test_j84_nobody_but_finance(shop, role):
    with pytest.raises(Denied):
        invoicing.write_invoice(old_debt(shop), title="x", by=build.person(role), at=shop.now())


def test_a_number_without_a_day_is_refused(shop):
    with pytest.raises(BadEntry) as refused:
        invoicing.write_invoice(old_debt(shop), title="x", number="1", by=shop.who.fin, at=shop.now())
    assert refused.value.field == "issued_on"
