"""A parts-only order leads on: accepted quotation, sheet of parts, and back; it is never under warranty (8.7, 4.5)."""

import pytest

from aftersales.problems import BadEntry
from parts.models import Release
from parts.services import releases
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.7")]


@pytest.fixture
def order(people, monday):
    found = build.order(people, monday)
    build.quotation(found, monday, "accepted")
    return found


def test_the_accepted_quotation_and_the_order_lead_the_engineer_to_the_sheet(people, as_user, order):
    way, quote = f"/parts/releases/new/{order.number}/", order.quotations.get()
    for page in (order.get_absolute_url(), quote.get_absolute_url()):
        assert way in as_user(people.eng).get(page).content.decode()
        assert way not in as_user(people.cs).get(page).content.decode(), (
            "who may not ask is not shown the way"
        )
    answer = as_user(people.eng).post(way, {"basis": "paid"})
    sheet = Release.objects.get(order=order)
    assert (answer.status_code, sheet.basis) == (302, "paid")
    for page in (order.get_absolute_url(), quote.get_absolute_url()):
        assert sheet.get_absolute_url() in as_user(people.eng).get(page).content.decode()


def test_before_the_customer_accepted_nothing_is_asked_for_from_the_order(people, as_user, monday):
    order = build.order(people, monday)
    assert "/parts/releases/new/" not in as_user(people.eng).get(order.get_absolute_url()).content.decode()


def test_a_tickets_accepted_quotation_leads_on_too(people, as_user, monday):
    ticket = build.under_warranty(monday, people)
    quote = build.quotation(ticket, monday, "accepted")
    page = as_user(people.eng).get(quote.get_absolute_url()).content.decode()
    assert f"/parts/releases/new/{ticket.number}/" in page


def test_an_order_is_never_under_warranty(people, as_user, order, monday, english):
    page = as_user(people.eng).get(f"/parts/releases/new/{order.number}/").content.decode()
    assert 'value="paid"' in page and 'value="warranty"' not in page
    with pytest.raises(BadEntry, match="never under warranty") as refused:
        releases.draft(order, by=people.eng, at=monday, basis="warranty")
    assert (refused.value.clause, refused.value.field) == ("8.7", "basis")
    sheet = releases.draft(order, by=people.eng, at=monday, basis="paid")
    with pytest.raises(BadEntry, match="never under warranty"):
        releases.change_header(sheet, by=people.eng, at=monday, basis="warranty")
    step = as_user(people.eng).get(f"{sheet.get_absolute_url()}steps/change_header/").content.decode()
    assert 'value="warranty"' not in step
