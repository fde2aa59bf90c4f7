import pytest

from aftersales.models import Counter, OperationKey
from repairs import links
from repairs.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1")
def test_a_double_click_or_a_lost_answer_makes_one_ticket(visitor, filled):
    first = visitor.post("/report/", filled)
    second = visitor.post("/report/", filled)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Ticket.objects.count() == 1 and Counter.objects.get(series="BX").last == 1


def test_without_the_key_two_posts_are_two_reports(visitor, filled):
    """The negative control: it is the key that holds them together."""
    del filled["operation"]
    visitor.post("/report/", filled)
    visitor.post("/report/", filled)
    assert Ticket.objects.count() == 2


def test_the_same_key_with_other_entries_changes_nothing(visitor, filled):
    visitor.post("/report/", filled)
    answer = visitor.post("/report/", filled | {"symptom": "别的"})
    page = answer.content.decode()
    assert "had reached us already" in page and "别的" in page and filled["operation"] not in page
    assert answer.status_code == 422 and Ticket.objects.get().words.symptom == "刹车异响，上坡更响"


def test_a_refused_form_may_come_again_with_its_key(visitor, filled):
    assert visitor.post("/report/", filled | {"phone": "no"}).status_code == 422
    assert visitor.post("/report/", filled).status_code == 302
    assert Ticket.objects.count() == 1


def test_the_private_link_is_stored_nowhere(visitor, filled):
    visitor.post("/report/", filled)
    token = links.token(Ticket.objects.get())
    row = OperationKey.objects.get()
    kept = f"{row.location}{row.result}{bytes(row.body)!r}{row.key}{row.scope}"
    assert token not in kept and token[8:] not in kept
