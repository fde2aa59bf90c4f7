"""A visitor wants a new vehicle: consent, notice, limits, one lead; and the company's own site: status, CORS, source (2.2, 4.2)."""

import datetime as dt

import pytest
from django.utils import timezone

from deadlines.models import Deadline
from repairs import links
from repairs.models import Ticket
from repairs.public.texts import PRIVACY_VERSION
from sales.models import Customer, Lead
from tests import build

pytestmark = pytest.mark.django_db
SENT = {"contact": "周伯通", "phone": "13700002222", "quantity": "2", "wanted": "now", "words": "送货用", "consent": "on",
        "privacy_version": PRIVACY_VERSION}  # fmt: skip
SITE = "https://www.feiyue.example"


@pytest.mark.clause("4.2")
def test_a_wish_becomes_a_lead_that_nobody_has_and_that_earns_nobody_a_fee(client):
    assert client.post("/buy/", SENT)["Location"] == "/buy/thanks/"
    lead = Lead.objects.get()
    assert (lead.stage, lead.source, lead.registered_by, lead.by_engineer, lead.quantity) == (
        "open",
        "website",
        None,
        False,
        2,
    )
    assert (lead.consent_how, lead.consent_by, lead.consent_version) == ("website", None, PRIVACY_VERSION)
    assert client.get("/buy/thanks/").status_code == 200


@pytest.mark.clause("4.2")
@pytest.mark.parametrize(
    ("change", "status"),
    [({"consent": ""}, 422), ({"phone": "12"}, 422), ({"contact": ""}, 422), ({"website": "x"}, 422), ({"privacy_version": "2020"}, 422)],
)  # fmt: skip
def test_without_consent_or_with_nonsense_nothing_is_kept_and_nothing_typed_is_lost(client, change, status):
    answer = client.post("/buy/", SENT | change)
    assert answer.status_code == status and "送货用" in answer.content.decode()
    assert not Lead.objects.exists() and not Customer.objects.exists()


@pytest.mark.clause("4.2")
@pytest.mark.parametrize("address", ["/buy/", "/buy/thanks/"])
def test_it_says_how_the_consent_is_taken_back(client, address):
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    told = page.split("take your consent back at any time: ")[1]
    assert (
        told.startswith('a word on the hotline <a class="tel" href="tel:0523-89798888">')
        and 'href="/privacy/"' in told
    )


@pytest.mark.clause("4.2")
def test_a_flood_from_one_phone_stops_before_a_number_is_drawn(client):
    answers = [client.post("/buy/", SENT).status_code for _n in range(5)]
    assert (
        answers == [302, 302, 302, 429, 429] and Lead.objects.count() == 3 and Customer.objects.count() == 1
    )


# --- the report's status
@pytest.fixture
def ticket(people):
    return build.ticket(at_stage="assigned", at=timezone.now(), company=people)


def ask(client, body):
    return client.post(
        "/api/v1/reports/status", body, content_type="application/json", headers={"accept-language": "en"}
    )


@pytest.mark.clause("2.2")
def test_number_and_phone_or_the_token_say_where_a_report_stands_and_nobodys_name(client, ticket):
    for body in ({"number": ticket.number, "phone": "13812345678"}, {"token": links.token(ticket)}):
        answer = ask(client, body)
        assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
        assert set(answer.json()) == {
            "number",
            "stage",
            "stage_label",
            "received_at",
            "completed_at",
            "steps",
        }
        assert (answer.json()["number"], answer.json()["stage"]) == (ticket.number, "assigned")


@pytest.mark.clause("4.3")
def test_it_says_what_comes_next_and_by_when_without_a_name(client, people):
    ticket = build.ticket(at_stage="assigned", at=timezone.now() - build.HOUR, company=people)
    steps = ask(client, {"token": links.token(ticket)}).json()["steps"]
    due = {str(row.due_at.isoformat()) for row in Deadline.objects.of(ticket).filter(rule="contact")}
    called = next(step for step in steps if step["text"] == "Our engineer calls you")
    assert {dt.datetime.fromisoformat(called["due_at"]).astimezone(dt.UTC).isoformat()} == due
    assert (called["late"], people.eng.name in str(steps)) == (False, False)


@pytest.mark.clause("2.2")
def test_unknown_number_wrong_phone_and_dead_token_have_one_answer(client, ticket):
    bodies = [{"number": "BX20200101-0001", "phone": "13812345678"}, {"number": ticket.number, "phone": "13800000000"},
              {"token": "AAAA"}, {"token": links.token(ticket)[:-2] + "AA"}]  # fmt: skip
    answers = [ask(client, body) for body in bodies]
    assert {answer.status_code for answer in answers} == {422} and len(
        {answer.content for answer in answers}
    ) == 1


def test_guessing_is_limited_by_number_and_address(client, ticket):
    body = {"number": ticket.number, "phone": "13800000000"}
    assert [ask(client, body).status_code for _n in range(12)][-2:] == [429, 429]


def test_the_link_of_one_customer_counts_against_no_other(client, ticket):
    """With a link only address and all together are counted: eleven customers of a site ask in one hour."""
    answers = [
        client.post("/api/v1/reports/status", {"token": links.token(ticket)}, content_type="application/json",
                    REMOTE_ADDR=f"203.0.113.{n}").status_code
        for n in range(12)
    ]  # fmt: skip
    assert answers == [200] * 12


def test_a_link_at_hand_opens_no_way_to_guess_a_number(client, ticket):
    """A token beside the number is what is looked at: the number is not tried."""
    both = {"number": ticket.number, "phone": "13812345678", "token": "AAAA"}
    assert ask(client, both).status_code == 422


@pytest.mark.parametrize("body", [{}, {"number": "x"}, {"phone": "13812345678"}, {"token": None}])
def test_half_a_question_is_told_what_is_missing(client, body):
    assert ask(client, body).status_code == 422


# --- other sites
@pytest.fixture
def known_site(settings):
    settings.CORS_ALLOWED_ORIGINS = [SITE]


@pytest.mark.usefixtures("known_site")
@pytest.mark.parametrize("path", ["/api/v1/reports", "/api/v1/reports/status", "/api/v1/help"])
def test_a_site_on_the_list_may_ask_the_public_endpoints_without_cookies(client, path):
    answer = client.options(path, headers={"origin": SITE, "access-control-request-method": "POST",
                                           "access-control-request-headers": "content-type"})  # fmt: skip
    assert (
        answer.status_code == 200
        and answer["Access-Control-Allow-Origin"] == SITE
        and "origin" in answer["Vary"].lower()
    )
    assert (
        "Access-Control-Allow-Credentials" not in answer and "POST" in answer["Access-Control-Allow-Methods"]
    )
    assert "authorization" not in answer["Access-Control-Allow-Headers"]


@pytest.mark.usefixtures("known_site")
@pytest.mark.parametrize(
    ("path", "origin"),
    [("/api/v1/reports", "https://evil.example"), ("/api/v1/tickets", SITE), ("/api/v1/leads", SITE), ("/api/v1/reports/x", SITE),
     ("/track/", SITE), ("/api/v1/reports", "null")],
)  # fmt: skip
def test_no_other_site_and_no_other_endpoint(client, path, origin):
    for answer in (
        client.options(path, headers={"origin": origin, "access-control-request-method": "GET"}),
        client.get(path, headers={"origin": origin}),
    ):
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.usefixtures("known_site")
def test_the_answer_itself_bears_the_site_and_varies_by_it(client):
    answer = client.post("/api/v1/reports", {"contact": "王", "phone": "13812345678", "symptom": "响"},
                         content_type="application/json", headers={"origin": SITE})  # fmt: skip
    assert (
        answer.status_code == 201
        and answer["Access-Control-Allow-Origin"] == SITE
        and "origin" in answer["Vary"].lower()
    )


def test_without_the_setting_no_site_may_and_nobody_frames_us(client):
    answer = client.get("/report/", headers={"origin": SITE})
    assert "Access-Control-Allow-Origin" not in answer and answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


# --- by which link
@pytest.mark.clause("2.2")
def test_the_link_names_itself_and_its_reports_are_counted(client, people):
    page = client.get("/report/?source=poster-2026&model=FY-6").content.decode()
    assert 'value="poster-2026"' in page and 'value="FY-6"' in page
    client.post(
        "/report/", {"contact": "王", "phone": "13812345678", "symptom": "响", "source": "poster-2026"}
    )
    client.post("/api/v1/reports", {"contact": "王", "phone": "13812345678", "symptom": "响", "source": "site"},
                content_type="application/json")  # fmt: skip
    assert sorted(Ticket.objects.values_list("origin", flat=True)) == ["poster-2026", "site"]
    client.post("/report/", {"contact": "王", "phone": "13812345678", "symptom": "响", "source": "<x>"})
    assert Ticket.objects.latest("pk").origin == ""
    evil = client.get("/report/?source=%3Cscript%3E").content.decode()
    assert 'name="source"' in evil and "&lt;script" not in evil and "<script>" not in evil


@pytest.mark.clause("2.2")
def test_staff_take_link_snippet_code_and_poster(people, as_user):
    client = as_user(people.cs)
    page = client.get("/share/?source=poster").content.decode()
    assert "/report/?source=poster" in page and "&lt;a href=" in page and "<svg" in page
    svg, png = client.get("/share/code.svg?source=poster"), client.get("/share/code.png?source=poster")
    assert svg.content.startswith(b"<?xml") and png.content.startswith(b"\x89PNG")
    assert client.get("/share/code.exe").status_code == 404
    poster = client.get("/share/poster/?source=poster").content.decode()
    assert "0523-89798888" in poster and "<svg" in poster
    assert "source=" not in client.get("/share/?source=a b").context["url"]
