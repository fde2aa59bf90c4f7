"""Where the vehicle stands: only if he taps, read by whom the policy lets read a street, gone with his words."""

import pytest

from repairs import rules
from repairs.models import Ticket
from repairs.services import forgetting
from tests import build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("32.486,119.9044,12.7", "32.48600,119.90440,12"),
        (" -33.9 , 18.4 ", "-33.90000,18.40000"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_position_has_one_spelling(typed, kept):
    assert rules.position_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["91,0", "0,181", "x", "1,2,3,4", "1e5,2", "NaN,NaN", "٣,٤x", "1,2;alert(1)", "32"]
)
def test_what_is_no_place_on_earth_is_said_at_its_field(visitor, filled, typed):
    answer = visitor.post("/report/", filled | {"position": typed})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["position"]


@pytest.mark.clause("3.1")
def test_it_stands_with_his_words_and_nowhere_in_the_history(visitor, filled, people, monday):
    visitor.post("/report/", filled | {"position": "32.48601,119.90442,12"})
    ticket = Ticket.objects.get()
    assert ticket.words.position == "32.48601,119.90442,12"
    assert "32.48601" not in str(list(Ticket.history.values())) + str(list(ticket.events.values()))
    visitor.force_login(people.cs)
    page = visitor.get(f"/tickets/{ticket.number}/").content.decode()
    assert (
        'href="geo:32.48601,119.90442?q=32.48601,119.90442"' in page
        and 'data-copy="32.48601,119.90442"' in page
    )
    forgetting.forget_words(Ticket.objects.all(), by=None, at=monday)
    assert Ticket.objects.get().words.position == ""


def test_who_may_not_read_the_street_reads_no_position(client, monday, people):
    """Sales sees its own ticket, without the street (A18)."""
    ticket = build.report(monday, position="32.48601,119.90442,12", street="迎春路 1 号")
    Ticket.objects.filter(pk=ticket.pk).update(relayed_by=people.sales)
    client.force_login(people.sales)
    page = client.get(f"/tickets/{ticket.number}/")
    assert page.status_code == 200
    assert "迎春路" not in page.content.decode() and "119.90442" not in page.content.decode()


def test_over_the_api_it_is_an_entry_like_any_other(visitor, filled):
    body = {name: filled[name] for name in ("contact", "phone", "symptom")} | {"position": "32.5,119.9"}
    assert visitor.post("/api/v1/reports", body, content_type="application/json").status_code == 201
    assert Ticket.objects.get().words.position == "32.50000,119.90000"
