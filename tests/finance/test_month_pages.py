"""Months (C20, C21): closed and open on their page, who has not signed, the proof of the books on the ledger's page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from finance.models import Account, ClosedMonth, Kind, MonthReopening
from finance.services import months as services
from finance.services import reconciling
from tests import build
from tests.api.conftest import Program
from tests.finance import months
from tests.finance.test_deduction_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.10")]
PATH = "/finance/months/"


@pytest.fixture
def first(people):
    """The month of the first debt, with a reconciliation that nobody has signed."""
    row = months.debt(people.eng, due_on=months.last_month())
    reconciling.open_all(timezone.now())
    return f"{row.arose_on:%Y-%m}"


def close(client, month, reason=""):
    return client.post(f"{PATH}{month}/close/", {"reason": reason})


def test_the_page_says_what_is_open_and_who_has_not_signed(people, as_user, first):
    text = page(as_user(people.fin), PATH)
    assert first in text and str(people.eng) in text and f"Close the books of {first}" not in text
    assert f"Close the books of {first}" in page(as_user(people.fins), PATH)
    page(as_user(people.eng), PATH, 403)


def test_c20_a_month_that_somebody_has_not_signed_is_closed_with_a_reason(people, as_user, first):
    client = as_user(people.fins)
    assert close(client, first).status_code == 422
    assert ClosedMonth.objects.count() == 0
    assert close(client, first, "工程师离职").status_code == 302
    assert close(client, first, "again").status_code == 409
    text = page(client, PATH)
    assert "工程师离职" in text and f"Close the books of {first}" not in text
    assert ClosedMonth.objects.get().closed_by == people.fins


@pytest.mark.parametrize("who", ["fin", "mgr", "aud", "eng"])
def test_nobody_else_closes(people, as_user, first, who):
    assert close(as_user(getattr(people, who)), first, "x").status_code == 403


@pytest.mark.parametrize("month", ["2099-01", "2026-13", "x", "1999-12"])
def test_a_month_that_is_not_over_or_none_is_not_closed(people, as_user, first, month):
    assert close(as_user(people.fins), month, "x").status_code in (404, 409)
    assert ClosedMonth.objects.count() == 0


@pytest.mark.clause("8.10")
def test_over_the_api_a_month_closes_and_two_leaders_open_it_again(people, first):
    fins, one, two = (Program(who) for who in (people.fins, build.person("MGR"), build.person("MGR")))
    path = f"months/{first}"
    fins.post(f"{path}/close")
    assert fins.status == 422
    assert fins.post(f"{path}/close", {"reason": "未签"}) == {
        "month": first,
        "closed": True,
        "waits_for_second": False,
    }
    assert one.post(f"{path}/reopen", {"reason": "漏记"})["waits_for_second"] is True
    one.post(f"{path}/reopen")
    assert one.status == 403
    assert two.post(f"{path}/reopen") == {"month": first, "closed": False, "waits_for_second": False}
    two.post(f"{path}/reopen", {"reason": "x"})
    assert two.status == 404


def test_sd12_two_leaders_open_it_again(people, as_user, first):
    close(as_user(people.fins), first, "x")
    one, two, path = as_user(build.person("MGR")), as_user(build.person("MGR")), f"{PATH}{first}/reopen/"
    assert as_user(people.fins).post(path, {"reason": "x"}).status_code == 403
    assert one.post(path, {"reason": ""}).status_code == 422
    assert one.post(path, {"reason": "漏记一笔"}).status_code == 302
    assert "漏记一笔" in page(two, PATH)
    assert one.post(path).status_code == 403
    assert two.post(path).status_code == 302
    assert ClosedMonth.objects.get().reopened_at is not None
    assert two.post(path, {"reason": "x"}).status_code == 404


def test_a_proposal_is_dropped(people, as_user, first):
    close(as_user(people.fins), first, "x")
    client, path = as_user(people.mgr), f"{PATH}{first}/reopen/"
    client.post(path, {"reason": "x"})
    assert client.post(path, {"drop": "1"}).status_code == 302
    assert (
        MonthReopening.objects.get().dropped_at is not None and ClosedMonth.objects.get().reopened_at is None
    )


def test_the_page_asks_the_same_for_three_engineers(people, as_user, first):
    client = as_user(people.mgr)
    page(client, PATH)
    with CaptureQueriesContext(connection) as one:
        page(client, PATH)
    for _n in range(2):
        months.debt(build.person("ENG"), due_on=months.last_month())
    reconciling.open_all(timezone.now())
    with CaptureQueriesContext(connection) as three:
        page(client, PATH)
    assert len(three) == len(one), [q["sql"][:120] for q in three]


# --- the ledger
def test_the_ledger_shows_the_last_proof_and_its_faults(people, as_user, first):
    client = as_user(people.aud)
    assert "proof" not in page(client, "/finance/ledger/")
    services.prove(timezone.now())
    assert "everything adds up" in page(client, "/finance/ledger/")
    from accounts.services import audit

    audit("books.proved", by=None, at=timezone.now(), faults=["SK1 is used beyond its amount"], rows=1)
    text = page(client, "/finance/ledger/")
    assert "do not add up" in text and "SK1 is used beyond" in text
    assert AuditEvent.objects.filter(verb="books.proved").count() == 2


def test_an_account_shows_every_row_its_paper_and_a_closed_month(people, as_user):
    row = months.confirmed(people.eng, people)
    account = Account.objects.get(kind=Kind.WAGE)
    client = as_user(people.aud)
    text = page(client, f"/finance/ledger/{account.pk}/")
    assert f'href="{row.get_absolute_url()}"' in text and "¥300.00" in text and "closed month" not in text
    old = Account.objects.get(kind=Kind.RECEIVABLE, of=row.receivable.key)
    services.close(months.overdue_day(), by=people.fins, at=timezone.now(), reason="x")
    assert "closed month" in page(client, f"/finance/ledger/{old.pk}/")
