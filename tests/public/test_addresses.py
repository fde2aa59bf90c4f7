"""Every address of the private page opens: after a refused form the language button and a reload lead to the page."""

import pytest

from tests import build
from tests.sales import leads

from .conftest import link

pytestmark = pytest.mark.django_db
ACTS = ["message", "photos", "consent", "quotation", "dispute", "telling", "arrived"]


@pytest.fixture
def ticket(people):
    from aftersales import clock

    return build.ticket("recorded", at=clock.now() - build.HOUR, company=people)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_opened_as_an_address_leads_to_the_page(visitor, ticket, act):
    answer = visitor.get(link(ticket, act))
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
        302,
        link(ticket),
        "no-store",
    )
    assert visitor.get(f"/track/report/{act}/")["Location"] == "/track/report/"
    assert visitor.put(link(ticket, act)).status_code == 405


def test_a_refused_form_gives_the_language_button_an_address_that_opens(visitor, ticket):
    page = visitor.post(link(ticket, "message"), {"text": ""})
    assert page.status_code == 422 and f'name="next" value="{link(ticket)}"' in page.content.decode()
    turned = visitor.post("/i18n/setlang/", {"next": link(ticket), "language": "zh-hans"}, follow=True)
    assert turned.status_code == 200 and 'lang="zh-hans"' in turned.content.decode()


@pytest.mark.parametrize("act", ["merge", "erase"])
def test_an_act_on_a_customer_opened_as_an_address_leads_to_him(people, monday, as_user, act):
    row = leads.customer(monday)
    answer = as_user(people.cs).get(f"/customers/{row.number}/{act}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{row.number}/")


def test_what_an_address_does_not_take_is_said_with_a_page(visitor):
    answer = visitor.get("/help/anything/answer/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST") and "405" in page and 'href="/"' in page
    assert visitor.get("/api/v1/reports").status_code == 405
