"""Lists and papers of quotations and parts-only orders, and their place on the ticket's page."""

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from repairs.flow import Stage
from repairs.models import PartsOrder, Quotation
from tests import build

pytestmark = pytest.mark.clause("9.4")
HOSTILE = '<script>alert("1")</script>'


@pytest.fixture
def now():
    return timezone.now() - 2 * build.HOUR


@pytest.fixture
def ticket(people, now):
    return build.ticket(Stage.CONTACTED, at=now - build.HOUR, company=people)


def step(client, paper, name, **entries):
    return client.post(f"{paper.get_absolute_url()}steps/{name}/", entries)


def test_from_the_ticket_to_an_answered_quotation(people, as_user, now, ticket):
    part = build.part("FY-77", "88.00", name="控制器", spec="72V")
    build.publish({}, (build.LABOUR,))
    eng, cs = as_user(people.eng), as_user(people.cs)
    assert "steps/quote/" in eng.get(ticket.get_absolute_url()).content.decode()
    begun = eng.post(
        f"/tickets/{ticket.number}/steps/quote/",
        {"terms": "pay_first", "old_parts": "none", "delivery": "3 天"},
    )
    quote = Quotation.objects.get()
    assert begun.url == quote.get_absolute_url()
    assert step(eng, quote, "add_part", part="kzq", quantity=2).status_code == 302  # by initials
    assert step(eng, quote, "add_work", code="GS-01", quantity="1.5").status_code == 302
    text = eng.get(quote.get_absolute_url()).content.decode()
    for words in ("FY-77", "控制器 72V", "¥88.00", "¥296.00", "贰佰玖拾陆元整", "3 天", "GS-01"):
        assert words in text
    assert step(eng, quote, "send").status_code == 302
    answered = step(cs, quote, "accept", how="电话，王小明")
    assert answered.status_code == 302
    quote.refresh_from_db()
    assert (quote.stage, quote.answered_by, quote.total) == ("accepted", people.cs, 296)
    page = cs.get(ticket.get_absolute_url()).content.decode()
    assert quote.number in page and "Quotation accepted" in page and part.code == "FY-77"


@pytest.mark.clause("8.1")
def test_a_price_in_the_form_changes_nothing(people, as_user, now, ticket):
    quote, part = build.quotation(ticket, now), build.part("FY-50", "50.00")
    step(
        as_user(people.eng),
        quote,
        "add_part",
        part="FY-50",
        quantity=1,
        price="0.01",
        unit_price="0.01",
        amount="0.01",
    )
    assert quote.lines.get(part=part).unit_price == 50


def test_several_parts_that_fit_are_named_and_none_is_guessed(people, as_user, now, ticket):
    quote = build.quotation(ticket, now)
    build.part("SC-1", name="刹车盘"), build.part("SC-2", name="刹车盘 大")
    answer = step(as_user(people.eng), quote, "add_part", part="刹车盘", quantity=1)
    assert answer.status_code == 422
    assert "SC-1" in answer.content.decode() and "SC-2" in answer.content.decode()
    unpriced = build.part("SC-3", price=None, name="无价件")
    answer = step(as_user(people.eng), quote, "add_part", part=unpriced.code, quantity=1)
    assert "SC-3" in answer.content.decode() and answer.status_code == 422


def test_parts_are_offered_while_one_types(people, as_user, now):
    build.part("KZ-9", name="控制器")
    found = as_user(people.eng).get("/quotations/parts/", {"part": "控制"}).content.decode()
    assert 'value="KZ-9"' in found and "控制器" in found
    assert as_user(people.eng).get("/quotations/parts/", {"part": "x\x00"}).status_code == 200
    assert as_user(people.sys).get("/quotations/parts/", {"part": "控制"}).status_code in (302, 403), "J36"


def test_hostile_text_is_shown_as_text(people, as_user, now, ticket):
    part = build.part("XS-1", name=HOSTILE, spec="<b>x</b>")
    quote = build.quotation(
        ticket, now, lines=[{"part": part, "quantity": 1}], delivery=HOSTILE, invoice_title="<i>t</i>"
    )
    order = build.order(people, now, remark=HOSTILE, name="<u>n</u>", organisation=HOSTILE)
    client = as_user(people.eng)
    pages = [quote.get_absolute_url(), order.get_absolute_url(), "/quotations/", "/orders/", f"{quote.get_absolute_url()}print/",
             "/quotations/parts/?part=script", ticket.get_absolute_url()]  # fmt: skip
    for address in pages:
        text = client.get(address).content.decode()
        assert (
            HOSTILE not in text
            and "<b>x</b>" not in text
            and "<u>n</u>" not in text
            and "<i>t</i>" not in text
        ), address


@pytest.mark.parametrize("address", ["/quotations/", "/orders/"])
def test_a_list_costs_the_same_with_one_row_and_with_three(
    people, as_user, now, address, django_assert_max_num_queries
):
    for count in (1, 2):
        for _ in range(count):
            build.quotation(build.order(people, now), now)
        for user in (people.cs, people.eng):
            client = as_user(user)
            client.get(address)
            for query in ("", "?stage=draft", "?q=刘海", "?mine=1"):
                with django_assert_max_num_queries(5):
                    assert client.get(f"{address}{query}").status_code == 200


def test_a_paper_costs_the_same_with_one_line_and_with_three(
    people, as_user, now, ticket, django_assert_max_num_queries
):
    for lines in (1, 3):
        quote = build.quotation(
            ticket, now, lines=[{"part": build.part(), "quantity": 1} for _ in range(lines)]
        )
        client = as_user(people.eng)
        client.get(quote.get_absolute_url())
        with django_assert_max_num_queries(14):
            client.get(quote.get_absolute_url())


def test_the_tickets_page_stays_within_its_statements(
    people, as_user, now, ticket, django_assert_max_num_queries
):
    client = as_user(people.eng)
    for _ in range(3):
        build.quotation(ticket, now)
    client.get(ticket.get_absolute_url())
    with django_assert_max_num_queries(14):
        client.get(ticket.get_absolute_url())


def test_lists_are_narrowed_and_empty_ones_say_so(people, as_user, now, ticket):
    client = as_user(people.cs)
    assert "No quotation yet" in client.get("/quotations/").content.decode()
    assert "No parts-only order yet" in client.get("/orders/").content.decode()
    quote = build.quotation(ticket, now, "sent")
    other = build.quotation(build.order(people, now), now)
    assert [r.pk for r in client.get("/quotations/").context["rows"]] == [other.pk, quote.pk]
    assert [r.pk for r in client.get("/quotations/?stage=sent").context["rows"]] == [quote.pk]
    assert [r.pk for r in client.get(f"/quotations/?q={ticket.number}").context["rows"]] == [quote.pk]
    assert [r.pk for r in client.get("/quotations/?q=刘海").context["rows"]] == [other.pk]
    assert "No quotation fits" in client.get("/quotations/?q=没有的").content.decode()
    for nonsense in ("before=x", "before=99999999999999999999", "stage=%00", "q=%00", "mine=9"):
        assert client.get(f"/quotations/?{nonsense}").status_code == 200
        assert client.get(f"/orders/?{nonsense}").status_code == 200


def test_a_masked_phone_finds_no_quotation(people, as_user, now, ticket):
    build.quotation(ticket, now)
    assert len(as_user(people.cs).get("/quotations/?q=13812345678").context["rows"]) == 1
    assert len(as_user(people.aud).get("/quotations/?q=13812345678").context["rows"]) == 0


def test_what_one_may_not_see_is_not_found(people, as_user, now, ticket):
    quote, order = build.quotation(ticket, now), build.order(people, now)
    stranger = as_user(build.person("ENG"))
    for paper in (quote, order):
        assert stranger.get(paper.get_absolute_url()).status_code == 404
        assert stranger.post(f"{paper.get_absolute_url()}steps/quote/").status_code == 404
    assert stranger.get(f"{quote.get_absolute_url()}print.pdf").status_code == 404
    assert as_user(people.pur).get(quote.get_absolute_url()).status_code == 403


@pytest.mark.clause("8.7")
def test_an_order_is_opened_on_its_page_and_quoted_at_once(people, as_user, now):
    client = as_user(people.cs)
    entries = {
        "name": "刘海",
        "phone": "139 1111 2222",
        "engineer": people.eng.username,
        "kind": "company",
        "remark": "刹车片",
    }
    opened = client.post("/orders/new/", entries)
    order = PartsOrder.objects.get()
    assert opened.url == order.get_absolute_url() and order.customer.kind == "company"
    text = client.get(order.get_absolute_url()).content.decode()
    assert "139 1111 2222" in text and "刹车片" in text
    client.get(order.get_absolute_url())
    assert AuditEvent.objects.filter(verb="order.person_seen", by=people.cs).count() == 1
    assert "139 1111 2222" not in as_user(people.aud).get(order.get_absolute_url()).content.decode()
    drafted = step(as_user(people.eng), order, "quote", terms="pay_first", old_parts="none")
    assert drafted.url == Quotation.objects.get().get_absolute_url()
    wrong = client.post("/orders/new/", {"engineer": people.eng.username, "customer": "KH1"})
    assert wrong.status_code == 422 and "No customer has this number" in wrong.content.decode()
    nameless = client.post("/orders/new/", {"engineer": people.eng.username})
    assert nameless.status_code == 422 and PartsOrder.objects.count() == 1


@pytest.mark.clause("8.7")
def test_an_engineer_is_offered_himself_alone(people, as_user, now):
    other = build.person("ENG", name="另一人")
    page = as_user(people.eng).get("/orders/new/").content.decode()
    assert other.username not in page and people.eng.username in page


def test_a_paper_that_moved_on_refuses_a_stale_step(people, as_user, now, ticket):
    from accounts.steps import seen

    quote = build.quotation(ticket, now)
    old = seen(quote)
    step(as_user(people.eng), quote, "facts", terms="send_first", old_parts="none")
    answer = step(as_user(people.eng), quote, "send", seen=old)
    assert answer.status_code == 409 and "moved on" in answer.content.decode()
