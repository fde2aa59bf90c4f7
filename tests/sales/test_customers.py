"""Customers: masked phones, merging and parting, erasing by two leaders."""

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from repairs.flow import Stage
from sales.models import Customer, CustomerMerge, ErasureRequest, Vehicle
from tests import build

from . import leads


@pytest.fixture
def leaders(people, monkeypatch):
    """Two leaders; their second factor is another test's business."""
    from accounts import middleware

    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)
    return [build.person("MGR"), build.person("MGR")]


PROPOSE, CARRY_OUT = {"act": "propose"}, {"act": "carry_out"}


def customer(people, **entries) -> Customer:
    found = build.ticket(at_stage=Stage.RECORDED, at=timezone.now(), company=people, **entries).customer
    assert found is not None
    return found


def test_the_phone_is_masked_until_it_is_asked_for(people, as_user):
    row, client = customer(people), as_user(people.cs)
    page = client.get(f"/customers/{row.number}/").content.decode()
    assert "138****5678" in page and "138 1234 5678" not in page
    assert "138 1234 5678" in client.post(f"/customers/{row.number}/phone/").content.decode()
    assert AuditEvent.objects.filter(verb="customer.phone_revealed", by=people.cs).count() == 1
    assert as_user(people.eng).get(f"/customers/{row.number}/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_five_statements_whatever_its_length(
    people, as_user, count, django_assert_max_num_queries
):
    for n in range(count):
        customer(people, phone=f"+861381234567{n}")
    client = as_user(people.cs)
    with django_assert_max_num_queries(5):
        page = client.get("/customers/")
    assert len(page.context["rows"]) == count and "1381234567" not in page.content.decode()


def test_a_duplicate_is_merged_and_parted_again(people, as_user):
    kept, gone = customer(people), customer(people, phone="+8613700000000", contact="王小明")
    vehicle = build.vehicle(customer=gone)
    client = as_user(people.cs)
    client.post(f"/customers/{kept.number}/merge/", {"gone": gone.number})
    assert Vehicle.objects.get(pk=vehicle.pk).customer == kept and kept.tickets.count() == 2
    assert [c.pk for c in client.get("/customers/").context["rows"]] == [kept.pk]
    client.post(f"/customers/merges/{CustomerMerge.objects.get().pk}/undo/")
    assert Vehicle.objects.get(pk=vehicle.pk).customer == gone and (
        kept.tickets.count(),
        gone.tickets.count(),
    ) == (1, 1)


def test_nobody_is_merged_into_himself(people, as_user):
    row = customer(people)
    as_user(people.cs).post(f"/customers/{row.number}/merge/", {"gone": row.number})
    assert not CustomerMerge.objects.exists()


def test_erasing_takes_one_who_asks_and_two_leaders(people, as_user, leaders):
    row = customer(people)
    address = f"/customers/{row.number}/erase/"
    as_user(people.cs).post(address, {"reason": "客户来电要求"})
    first, second = (as_user(leader) for leader in leaders)
    first.post(address, PROPOSE)
    first.post(address, CARRY_OUT)
    row.refresh_from_db()
    assert row.erased_at is None
    as_user(people.cs).post(address, CARRY_OUT)
    row.refresh_from_db()
    assert row.erased_at is None
    second.post(address, CARRY_OUT)
    row.refresh_from_db()
    assert row.erased_at is not None and row.person.phone == ""
    done = ErasureRequest.objects.get()
    assert (done.opened_by, done.proposed_by, done.seconded_by) == (people.cs, *leaders)
    assert "王小明" not in second.get(f"/customers/{row.number}/").content.decode()


def test_a_button_that_is_older_than_the_paper_does_nothing(people, as_user, leaders):
    row = customer(people)
    address = f"/customers/{row.number}/erase/"
    as_user(people.cs).post(address, {"act": "ask", "reason": "客户来电要求"})
    late = as_user(leaders[1])
    assert 'name="act" value="propose"' in late.get(row.get_absolute_url()).content.decode()
    as_user(leaders[0]).post(address, PROPOSE)
    for sent in (PROPOSE, {"act": "ask", "reason": "客户来电要求"}, {"act": "?"}, {}):
        answer = late.post(address, sent)
        assert answer.status_code == 409 and "has gone on meanwhile" in answer.content.decode()
    assert Customer.objects.get(pk=row.pk).erased_at is None
    assert 'name="act" value="carry_out"' in late.get(row.get_absolute_url()).content.decode()
    assert late.post(address, CARRY_OUT).status_code == 302
    assert Customer.objects.get(pk=row.pk).erased_at is not None


def test_why_two_are_not_merged_stands_at_the_number_that_was_typed(people, as_user):
    row = customer(people)
    for typed in (row.number, "GK19990101-0001", ""):
        answer = as_user(people.cs).post(f"/customers/{row.number}/merge/", {"gone": typed})
        form = answer.context["merge_form"]
        assert (answer.status_code, form["gone"].value()) == (422, typed) and form.errors["gone"]


def test_an_erasure_that_is_refused_says_why_in_its_block(people, as_user, leaders):
    row = customer(people)
    address = f"/customers/{row.number}/erase/"
    bare = as_user(people.cs).post(address)
    assert bare.status_code == 422 and bare.context["reason_form"].errors["reason"]
    as_user(people.cs).post(address, {"reason": "客户来电要求"})
    first = as_user(leaders[0])
    first.post(address, PROPOSE)
    again = first.post(address, CARRY_OUT)
    assert again.status_code == 422 and "Another leader" in again.content.decode()


def test_leaders_read_what_is_still_open_before_they_erase(people, as_user, leaders):
    at = timezone.now() - build.HOUR * 3
    ticket = build.ticket("contacted", at=at, company=people)
    over = build.ticket("contacted", at=at, company=people)
    type(over).objects.filter(pk=over.pk).update(stage="cancelled", customer=ticket.customer)
    here = ticket.customer.get_absolute_url()
    assert "Still open" not in as_user(leaders[0]).get(here).content.decode(), "nobody wants him erased"
    as_user(people.cs).post(f"{here}erase/", {"reason": "客户来电要求"})
    page = as_user(leaders[0]).get(here).content.decode()
    assert f"Still open: {ticket.number}. " in page


def test_merging_from_the_list_and_the_last_word_of_an_erasure_ask_once(people, as_user, leaders):
    row, twin = (leads.customer(timezone.now(), phone="+8613912340000") for _ in "ab")
    page = as_user(people.cs).get("/customers/twice/").content.decode()
    assert f'data-opens="merge-{twin.number}"' in page and f'<dialog id="merge-{twin.number}"' in page
    address = f"/customers/{row.number}/erase/"
    as_user(people.cs).post(address, {"reason": "客户来电要求"})
    as_user(leaders[0]).post(address, PROPOSE)
    page = as_user(leaders[1]).get(f"/customers/{row.number}/").content.decode()
    assert 'data-opens="erase"' in page and '<dialog id="erase"' in page


def test_a_card_of_the_list_names_its_values(people, as_user):
    customer(people)
    page = as_user(people.cs).get("/customers/").content.decode()
    assert all(f'data-label="{word}"' in page for word in ("Contact", "Phone", "Region", "Kind"))


def test_the_choices_of_a_filter_fold_and_say_how_many_are_made(people, as_user):
    page = as_user(people.cs).get("/customers/?name=x&region=y").content.decode()
    before, folded = page.split('<details class="filter-more"')
    assert (
        'name="name"' in before
        and 'name="region"' in folded
        and "Filters<span data-count> (1)</span>" in folded
    )


def test_a_form_says_where_it_stands(people, as_user):
    row = customer(people)
    page = as_user(people.cs).get(f"/customers/{row.number}/edit/").content.decode()
    assert (
        f'<a href="/customers/">Customers</a> / <a href="/customers/{row.number}/">{row.number}</a> / '
        in page
    )
