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


@pytest.mark.clause("6.3")
def test_order_and_parcel_say_in_which_town_the_street_lies(people, as_user, monday):
    from parts.models import Shipment
    from parts.sheets.store import region_of

    order = build.order(people, monday, street="英武路 8 号")
    page = as_user(people.cs).get(order.get_absolute_url()).content.decode()
    assert "江苏泰州" in page and "英武路 8 号" in page
    assert region_of(Shipment(release=Release(order=order))) == "江苏泰州"
    assert (
        region_of(Shipment(ticket=build.ticket(at=monday, company=people, region="江苏扬州"))) == "江苏扬州"
    )


def test_whoever_opens_an_order_is_told_whose_move_it_is(people, as_user, monday):
    known = build.customer(monday)
    entries = {"customer": known.number, "engineer": people.eng.username, "kind": "private"}
    for role, words in (("cs", "has been told and writes the quotation"), ("eng", "Now draft its quotation")):
        page = as_user(getattr(people, role)).post("/orders/new/", entries, follow=True).content.decode()
        assert words in page


@pytest.mark.clause("9.4")
def test_no_step_is_offered_that_cannot_succeed(people, as_user, monday):
    from repairs.quote_steps import STEPS

    def offered(quote):
        return {step.name for step, _why in STEPS.offered(quote, people.eng)}

    empty = build.quotation(build.order(people, monday), monday, lines=[])
    assert not {"change_line", "drop_line", "reprice", "ask_approval"} & offered(empty)
    filled = build.quotation(build.order(people, monday), monday)
    assert "change_line" in offered(filled) and "ask_approval" not in offered(filled)


@pytest.mark.clause("8.7", "4.7")
def test_what_is_asked_for_is_marked_as_required(people, monday):
    from parts.forms.releases import ConsentForm
    from parts.forms.shipping import SendForm
    from repairs.forms import CompleteForm

    order = build.order(people, monday)
    assert ConsentForm(paper=Release(order=order, basis="unpaid")).fields["reason"].required
    ticket = build.ticket(at_stage="in_service", at=monday, company=people)
    assert CompleteForm(ticket=ticket).fields["customer_word"].required
    assert "optional" not in str(SendForm()["cost"].as_field_group())


@pytest.mark.clause("4.7")
def test_the_ticket_leads_to_the_declaration_of_what_was_taken_along(people, as_user, monday):
    paper = build.released(people, monday, to="issued")
    page = as_user(people.eng).get(paper.ticket.get_absolute_url()).content.decode()
    assert f"{paper.get_absolute_url()}?step=declare" in page
    assert "?step=declare" not in as_user(people.cs).get(paper.ticket.get_absolute_url()).content.decode()
