"""The reconciliation as a checklist (4.11, 8.8): figures with the rows that make them, both sign what was shown."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.models import Kind, Reconciliation, Unlocking
from finance.models.ledger import Account
from finance.selectors import account_of
from finance.services import evidence, ledger, payroll, reconciling
from finance.services.reasons import Why
from notices.models import Notification
from tests import build
from tests.finance import months
from tests.finance.test_deduction_pages import fields, page, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]
LIST = "/finance/reconciliations/"


def adjust(debt, amount):
    """Somebody books into last month after all."""
    return ledger.post(
        f"late:{amount}", source=Account.objects.of_kind(Kind.PARTS), target=account_of(debt), amount=Decimal(amount),
        day=months.last_month(), paper="旧单", why=Why.RERATED, by=None, at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def paper(people):
    """Last month's; the ones before it are signed by both."""
    months.debt(people.eng, "300.00")
    found = months.reconciliation(people.eng)
    for row in people.eng.reconciliations.filter(month__lt=found.month).order_by("month"):
        months.locked(row, by=people.fins)
    return found


def sign(client, row, name, **entries):
    text = page(client, step(row, name))
    return client.post(step(row, name), fields(text) | entries)


SECRET = {"secret": build.PASSWORD}


@pytest.mark.clause("4.11")
def test_the_checklist_shows_every_figure_the_rows_that_make_it_and_what_is_open(people, as_user, paper):
    debt = people.eng.receivables.get()
    adjust(debt, "20.00")
    for who in ("fin", "eng", "mgr", "aud"):
        text = page(as_user(getattr(people, who)), paper.get_absolute_url())
        assert "¥300.00" in text and "¥20.00" in text and "¥320.00" in text and debt.note in text
        assert "charge decided anew" in text and "0–30" in text


@pytest.mark.clause("8.8")
def test_the_rows_below_a_figure_sum_to_it_whatever_happened(people):
    """Issued, paid, deducted, refunded, reversed: evidence and figures are one arithmetic."""
    row = months.confirmed(people.eng, people, "500.00")
    months.paid(row, "120.00", by=people.fin)
    last = adjust(row.receivable, "30.00")
    ledger.reverse(last, by=build.person("FINS"), second=build.person("FINS"), at=timezone.now(), why="打错")
    for month in (months.overdue_day().replace(day=1), months.last_month(), months.this_month()):
        figures = reconciling.figures(people.eng, month).facts()
        found = evidence.rows_of(people.eng, month)
        for name in evidence.MOVED:
            assert sum((x.amount for x in found if x.figure == name), Decimal(0)) == figures[name], (
                month,
                name,
            )
        assert (
            sum((x.amount for x in evidence.open_debts(people.eng, month)), Decimal(0)) == figures["closing"]
        )


@pytest.mark.parametrize(
    ("days", "words"), [(-5, "0–30"), (0, "0–30"), (30, "0–30"), (31, "31–40"), (40, "31–40"), (41, "> 40")]
)
def test_ageing(days, words):
    assert evidence.ageing(days) == words


@pytest.mark.clause("4.11")
def test_b18_and_c11_both_sign_what_was_shown_and_the_month_is_locked(people, as_user, paper):
    eng, fin = as_user(people.eng), as_user(people.fin)
    assert sign(eng, paper, "sign_engineer").status_code == 302
    assert "The engineer has signed" in page(fin, paper.get_absolute_url())
    assert sign(fin, paper, "sign_finance").status_code == 422  # not without the password
    assert sign(fin, paper, "sign_finance", **SECRET).status_code == 302
    row = Reconciliation.objects.get(pk=paper.pk)
    assert (row.stage, str(row.closing), row.finance_signed_by) == ("locked", "300.00", people.fin)
    text = page(eng, paper.get_absolute_url())
    assert "the month is locked" in text and "/steps/sign_" not in text


@pytest.mark.clause("8.8")
def test_what_moved_since_it_was_shown_is_not_signed_and_is_shown_anew(people, as_user, paper):
    client = as_user(people.eng)
    before = fields(page(client, step(paper, "sign_engineer")))
    adjust(people.eng.receivables.get(), "20.00")
    answer = client.post(step(paper, "sign_engineer"), before)
    text = answer.content.decode()
    assert answer.status_code == 409 and "¥320.00" in text
    assert Reconciliation.objects.get(pk=paper.pk).stage == "open"
    assert client.post(step(paper, "sign_engineer"), fields(text)).status_code == 302


@pytest.mark.clause("8.8")
def test_a_signature_on_other_figures_is_void_and_says_so(people, as_user, paper):
    eng, fin = as_user(people.eng), as_user(people.fin)
    sign(eng, paper, "sign_engineer")
    adjust(people.eng.receivables.get(), "20.00")
    for client in (eng, fin):
        text = page(client, paper.get_absolute_url())
        assert "signature is void" in text and "¥300.00" in text and "¥320.00" in text
    assert "signature is void" in page(fin, step(paper, "sign_finance"))
    assert sign(fin, paper, "sign_finance", **SECRET).status_code == 302
    row = Reconciliation.objects.get(pk=paper.pk)
    assert (row.stage, row.engineer_signed_at) == ("finance", None)
    assert (
        Notification.objects.filter(recipient=people.eng, channel="app", event_key__contains=":void:").count()
        == 1
    )
    assert sign(eng, paper, "sign_engineer").status_code == 302
    assert Reconciliation.objects.get(pk=paper.pk).stage == "locked"


@pytest.mark.clause("8.8")
def test_who_signed_void_figures_may_sign_again_himself(people, as_user, paper):
    eng = as_user(people.eng)
    sign(eng, paper, "sign_engineer")
    assert eng.post(step(paper, "sign_engineer"), {"shown": "x"}).status_code == 409
    adjust(people.eng.receivables.get(), "20.00")
    assert sign(eng, paper, "sign_engineer").status_code == 302
    row = Reconciliation.objects.get(pk=paper.pk)
    assert (row.stage, str(row.closing)) == ("engineer", "320.00")


def test_a_double_click_signs_once(people, as_user, paper):
    client = as_user(people.eng)
    entries = fields(page(client, step(paper, "sign_engineer")))
    assert [client.post(step(paper, "sign_engineer"), entries).status_code for _n in range(2)] == [302, 302]
    assert (
        Reconciliation.objects.get(pk=paper.pk).history.filter(history_change_reason="engineer_signs").count()
        == 1
    )


def test_sd04_nobody_signs_both_sides_of_his_own_month(as_user):
    both = build.person("ENG", "FIN")
    months.debt(both, due_on=months.last_month())
    row = months.reconciliation(both)
    answer = as_user(both).post(step(row, "sign_finance"), SECRET | {"shown": "x"})
    assert answer.status_code == 403 and "SD04" in answer.content.decode()


def test_an_earlier_month_comes_first(people, as_user):
    months.debt(people.eng)
    row = months.reconciliation(people.eng)
    first = people.eng.reconciliations.order_by("month").first()
    assert first.number in page(as_user(people.eng), row.get_absolute_url())
    assert as_user(people.eng).post(step(row, "sign_engineer"), {"shown": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("who", "name"),
    [("mgr", "sign_finance"), ("eng", "sign_finance"), ("fin", "sign_engineer"), ("aud", "sign_finance")],
)
def test_nobody_signs_for_another(people, as_user, paper, who, name):
    assert as_user(getattr(people, who)).post(step(paper, name), SECRET | {"shown": "x"}).status_code == 403


def test_another_engineer_finds_nothing_of_it(people, as_user, paper):
    other = as_user(build.person("ENG"))
    page(other, paper.get_absolute_url(), 404)
    page(other, f"{paper.get_absolute_url()}print/", 404)
    assert paper.number not in page(other, LIST)


# --- unlocking
def test_sd12_two_leaders_unlock(people, as_user, paper):
    row, one, two = months.locked(paper, by=people.fins), build.person("MGR"), build.person("MGR")
    assert as_user(people.fins).post(step(row, "unlock"), {"reason": "x"}).status_code == 403
    assert as_user(one).post(step(row, "unlock"), {"reason": "漏了一笔"}).status_code == 302
    assert "漏了一笔" in page(as_user(two), row.get_absolute_url())
    assert as_user(one).post(step(row, "second_unlock")).status_code == 403
    assert as_user(two).post(step(row, "second_unlock")).status_code == 302
    row = Reconciliation.objects.get(pk=row.pk)
    assert (row.stage, row.engineer_signed_at, row.locked_at) == ("open", None, None)


def test_a_proposal_to_unlock_is_dropped_by_any_leader(people, as_user, paper):
    row, one = months.locked(paper, by=people.fins), build.person("MGR")
    as_user(one).post(step(row, "unlock"), {"reason": "x"})
    assert as_user(one).post(step(row, "drop_unlock")).status_code == 302
    assert Unlocking.objects.get().dropped_at is not None
    assert Reconciliation.objects.get(pk=row.pk).stage == "locked"
    assert as_user(one).post(step(row, "second_unlock")).status_code in (403, 409)


# --- lists, print
@pytest.mark.parametrize("who", ["fin", "mgr"])
def test_three_rows_ask_no_more_than_one(people, as_user, paper, who):
    client = as_user(getattr(people, who))
    page(client, LIST)
    with CaptureQueriesContext(connection) as one:
        assert page(client, LIST).count("data-item") == 1
    for _n in range(2):
        months.debt(build.person("ENG"))
    reconciling.open_all(timezone.now())
    with CaptureQueriesContext(connection) as three:
        assert page(client, LIST).count("data-item") == 3
    assert len(three) == len(one), [q["sql"][:120] for q in three]


def test_three_debts_ask_no_more_than_one(people, as_user, paper):
    client, debt = as_user(people.fin), people.eng.receivables.get()
    adjust(debt, "20.00")
    page(client, paper.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        page(client, paper.get_absolute_url())
    for amount in ("30.00", "40.00"):
        adjust(months.debt(people.eng), amount)
    with CaptureQueriesContext(connection) as three:
        page(client, paper.get_absolute_url())
    assert len(three) == len(one), [q["sql"][:120] for q in three]


def test_an_engineer_s_list_is_his_own_months(people, as_user, paper):
    assert page(as_user(people.eng), LIST).count("data-item") == people.eng.reconciliations.count() == 2
    assert '<div class="empty">' in page(as_user(people.fin), LIST, month="2019-01")


@pytest.mark.clause("8.8")
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_it_is_printed_on_a4(people, as_user, paper, language):
    months.locked(paper, by=people.fins)
    client = as_user(people.eng)
    text = client.get(f"{paper.get_absolute_url()}print/{language}").content.decode()
    assert paper.number in text and "300.00" in text and str(people.fins) in text
    answer = client.get(f"{paper.get_absolute_url()}pdf/{language}")
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "private, no-store"


def test_what_is_still_open_of_drafts_and_refunds_stands_on_it(people, as_user):
    row = months.confirmed(people.eng, people, "300.00")
    months.paid(row, "120.00", by=people.fin)
    paper = months.reconciliation(people.eng)
    text = page(as_user(people.fin), paper.get_absolute_url())
    assert "refund to be repaid" in text and row.number in text
    payroll.repay(
        row.refunds.get(), paid_on=months.today(), paid_how="bank", by=people.fins, at=timezone.now()
    )
    assert "refund to be repaid" not in page(as_user(people.fin), paper.get_absolute_url())


def test_every_link_on_it_opens_for_who_sees_it(people, as_user, paper):
    for who in ("fin", "eng", "mgr", "aud"):
        client = as_user(getattr(people, who))
        text = page(client, paper.get_absolute_url())
        main = text[text.index("<main") :]
        for url in set(re.findall(r'<a [^>]*href="(/[^"]+)"', main)):
            assert client.get(url).status_code == 200, (who, url)
