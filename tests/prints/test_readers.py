"""Paper shows a reader what his page shows him: phone and street by the policy, 9.5 by G02."""

import pytest

from accounts.models import AuditEvent
from repairs import prints
from repairs.models import Ticket

from .conftest import flat, text_of

PHONE, MASKED, STREET = "13812345678", "138****5678", "迎春东路"


@pytest.mark.parametrize("form", ["9.1", "9.2"])
@pytest.mark.parametrize("kind", [".pdf", "/"])
def test_a_masked_reader_gets_neither_phone_nor_street_nor_signature(story, company, desk, form, kind):
    answer = desk(company.tech, story, form, kind=kind)
    text = flat(text_of(answer.content) if kind == ".pdf" else answer.content.decode())
    assert MASKED in text
    assert PHONE not in text
    assert STREET not in text
    assert "王建国2026-03-03" not in text
    assert "paper-ink" not in text


@pytest.mark.parametrize(("role", "plain"), [("cs", True), ("eng", True), ("mgr", False), ("aud", False)])
def test_the_phone_is_plain_for_customer_service_and_the_engineer_only(story, company, monday, role, plain):
    text = flat(str(prints.SHEETS["9.1"](prints.read(story, by=getattr(company, role), at=monday))["parts"]))
    assert (PHONE in text) is plain
    assert (MASKED in text) is not plain


def test_a_plain_phone_on_paper_is_written_down_once_a_day(story, company, desk):
    for _turn in range(2):
        desk(company.cs, story, "9.1")
    assert AuditEvent.objects.filter(by=company.cs, subject=f"ticket:{story.number}").count() == 1


@pytest.mark.clause("3.3")
def test_the_survey_is_not_for_the_engineer(story, company, desk):
    assert desk(company.eng, story, "9.5").status_code == 403
    assert desk(company.cs, story, "9.5").status_code == 200


def test_another_engineer_and_a_visitor_get_nothing(story, company, desk, client):
    from tests import build

    assert desk(build.person("ENG"), story, "9.2").status_code in (403, 404)
    client.logout()
    assert client.get(f"/tickets/{story.number}/print/9.2.pdf").status_code == 302


@pytest.mark.parametrize(
    "path", ["9.3/", "9.3.pdf", "9.2/?round=2", "9.2/?round=x", "9.2.pdf?round=99999999999"]
)
def test_a_form_or_round_that_is_not_there(story, company, client, path):
    client.force_login(company.cs)
    assert client.get(f"/tickets/{story.number}/print/{path}").status_code == 404


def test_what_was_erased_is_not_printed(story, company, desk, monday):
    person = story.contact
    person.name = person.phone = person.alt_phone = person.organisation = person.street = ""
    person.erased_at = monday
    person.save()
    text = flat(text_of(desk(company.cs, Ticket.objects.get(pk=story.pk), "9.2").content))
    assert PHONE not in text
    assert "王建国" not in text
