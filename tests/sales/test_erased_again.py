"""Who was erased stays erased (PIPL 47): nothing of him is written down anew, and what came since goes with a second erasure."""

import pytest
from django.urls import reverse

from aftersales.problems import BadEntry, OutOfTurn, Refusal
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from sales import merging, rights
from sales import services as sales
from sales.models import Customer, Person
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = build.HOUR
TYPED = {"contact": "王小明", "phone": "+8613812345678", "symptom": "刹车又响"}


def erased(customer, people, at):
    """Asked for, proposed and carried out."""
    row = rights.ask(Customer.objects.get(pk=customer.pk), reason="来电", by=people.cs, at=at)
    rights.propose(row, by=build.person("MGR"), at=at)
    return rights.carry_out(row, by=build.person("MGR"), at=at)


@pytest.fixture
def forgotten(people, monday):
    """`forgotten("contacted")`: a ticket at that stage whose customer was erased."""

    def make(stage, **facts):
        ticket = build.ticket(stage, at=monday, company=people, **facts)
        erased(ticket.customer, people, monday + HOUR)
        return fresh(ticket)

    return make


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def words_of(ticket):
    row = fresh(ticket)
    return [row.contact.name, row.contact.phone, row.words.symptom]


@pytest.mark.parametrize(
    "field", ["contact", "phone", "alt_phone", "organisation", "street", "symptom", "occurred"]
)
def test_nothing_personal_is_entered_anew_on_his_record(people, monday, forgotten, field):
    ticket = forgotten(Stage.CONTACTED)
    with pytest.raises(BadEntry, match="nothing more is written down") as refused:
        services.edit_record(ticket, by=people.cs, at=monday + 2 * HOUR, **{field: "+8613812345678"})
    assert refused.value.field == field and words_of(ticket) == ["", "", ""]


def test_the_rest_of_his_record_is_still_corrected(people, monday, forgotten):
    ticket = forgotten(Stage.CONTACTED)
    entries = dict.fromkeys(TYPED, "") | {"plate": "苏B2", "urgency": "normal"}
    services.edit_record(ticket, by=people.cs, at=monday + 2 * HOUR, **entries)
    assert (fresh(ticket).plate, words_of(ticket)) == ("苏B2", ["", "", ""])


def test_the_page_asks_for_none_of_it_and_says_at_its_field_what_a_program_may_not_send(
    people, as_user, forgotten
):
    ticket, client = forgotten(Stage.CONTACTED), as_user(people.cs)
    address = reverse("repairs:step", args=[ticket.number, "edit_record"])
    form = client.get(address).context["form"]
    assert {name for name, field in form.fields.items() if field.widget.attrs.get("disabled")} == {
        "contact", "phone", "alt_phone", "organisation", "street", "symptom", "occurred", "self_checked",
    }  # fmt: skip
    refused = client.post(address, {"urgency": "normal", "phone": "138 1234 5678"})
    assert refused.status_code == 422 and "nothing more is written down" in str(
        refused.context["form"].errors["phone"]
    )
    assert client.post(address, {"urgency": "normal", "plate": "苏B2"}).status_code == 302
    assert (fresh(ticket).plate, words_of(ticket)) == ("苏B2", ["", "", ""])


def test_a_report_that_was_erased_before_anybody_took_it_up_is_accepted_without_words(people, monday):
    ticket = build.report(monday)
    services.rights_wish(ticket, at=monday, text="请删除", erase=True)
    sales.erase(fresh(ticket).customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday, reason="x")
    with pytest.raises(BadEntry):
        services.accept(fresh(ticket), by=people.cs, at=monday + HOUR, **TYPED)
    services.accept(fresh(ticket), by=people.cs, at=monday + HOUR, region="江苏泰州")
    assert (fresh(ticket).stage, words_of(ticket)) == (Stage.RECORDED, ["", "", ""])


def test_a_leader_who_may_open_him_does_not_fill_his_row_again(people, as_user, forgotten, monkeypatch):
    from accounts import middleware

    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda *args: False)
    customer = forgotten(Stage.CONTACTED).customer
    with pytest.raises(BadEntry):
        sales.change_customer(customer, by=people.mgr, at=customer.made_at, name="王小明", region="江苏")
    with pytest.raises(BadEntry):
        sales.change_person(customer.person, by=people.mgr, at=customer.made_at, name="王小明")
    assert not Person.objects.left().exists()


# --- a second erasure
def test_where_nothing_is_left_it_is_already_done(people, monday, as_user, forgotten):
    customer = forgotten(Stage.CONTACTED).customer
    with pytest.raises(OutOfTurn, match="already erased"):
        rights.ask(customer, reason="又来电", by=people.cs, at=monday + 2 * HOUR)
    assert as_user(people.cs).get(customer.get_absolute_url()).context["erase"] == ""


def test_what_our_people_wrote_to_him_since_goes_with_a_second_one(people, monday, as_user, forgotten):
    ticket = forgotten(Stage.CONTACTED)
    services.message(ticket, by=people.eng, at=monday + 2 * HOUR, text="王先生，您好")
    assert as_user(people.cs).get(ticket.customer.get_absolute_url()).context["erase"] == "ask"
    erased(ticket.customer, people, monday + 3 * HOUR)
    assert list(ticket.messages.values_list("text", flat=True)) == [""]


def test_what_he_signed_since_goes_with_a_second_one(people, monday, forgotten):
    ticket = forgotten(Stage.IN_SERVICE, plan="c")
    at = monday + 2 * HOUR
    services.complete(ticket, by=people.eng, at=at, work_done="已修", signer="王小明", strokes="[[[1,2]]]")
    services.survey_by_customer(ticket, at=at, resolved=True, suggestion="我是王小明")
    erased(ticket.customer, people, monday + 3 * HOUR)
    signed = fresh(ticket).signatures.get()
    assert (signed.strokes, signed.person.name, fresh(ticket).surveys.get().words.suggestion) == ("", "", "")


@pytest.mark.parametrize("mark", [True, False])
def test_what_is_found_filled_is_overwritten_whatever_its_mark_says(people, monday, forgotten, mark):
    ticket = forgotten(Stage.CONTACTED)
    Person.objects.filter(pk=ticket.contact_id).update(name="王小明", erased_at=monday if mark else None)
    type(ticket.words).objects.update(symptom="刹车又响")
    erased(ticket.customer, people, monday + 3 * HOUR)
    assert words_of(ticket) == ["", "", ""]
    again = fresh(ticket)
    assert again.contact.erased_at and again.words.erased_at == monday + 3 * HOUR


# --- merged rows
def test_a_person_left_with_a_merged_row_goes_as_well(people, monday):
    from sales import merging

    from . import leads

    kept, gone = leads.customer(monday), leads.customer(monday)
    merging.merge(kept, gone, by=people.cs, at=monday)
    Person.objects.filter(pk=gone.person_id).update(customer=gone)
    ticket = build.report(monday)
    Ticket.objects.filter(pk=ticket.pk).update(customer=gone)
    erased(kept, people, monday + HOUR)
    assert words_of(ticket)[2] == "" and not Person.objects.left().filter(customer__in=[kept, gone]).exists()


@pytest.mark.clause("4.2")
def test_a_leaders_proposal_does_not_follow_a_merge_to_a_customer_whom_he_never_saw(people, monday):
    """SD11: both leaders look at the same customer; an undone merge asks again as well."""
    gone, kept = (sales.open_customer(sales.write_down(name="李四"), at=monday) for _each in range(2))
    row = rights.ask(gone, reason="来电", by=people.cs, at=monday)
    rights.propose(row, by=build.person("MGR"), at=monday)
    done = merging.merge(kept, gone, by=people.cs, at=monday)
    row.refresh_from_db()
    assert (row.customer, row.proposed_by, row.proposed_at) == (kept, None, None)
    second = build.person("MGR")
    with pytest.raises(Refusal):
        rights.carry_out(row, by=second, at=monday + HOUR)
    rights.propose(row, by=second, at=monday + HOUR)
    merging.undo(done, by=people.cs, at=monday + 2 * HOUR)
    row.refresh_from_db()
    assert (row.customer, row.proposed_by) == (gone, None)


def test_nor_does_one_stand_where_another_came_to_him_since(people, monday):
    """SD11: what he agreed to erase was less than what would go now."""
    gone, kept = (sales.open_customer(sales.write_down(name="李四"), at=monday) for _each in range(2))
    row = rights.ask(kept, reason="来电", by=people.cs, at=monday)
    rights.propose(row, by=build.person("MGR"), at=monday)
    merging.merge(kept, gone, by=people.cs, at=monday)
    row.refresh_from_db()
    assert (row.customer, row.proposed_by, row.proposed_at) == (kept, None, None)
    with pytest.raises(Refusal):
        rights.carry_out(row, by=build.person("MGR"), at=monday + HOUR)
