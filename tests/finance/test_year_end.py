"""年终核算 (8.10): 40 % of each engineer's own profit; prepared by finance, approved by a leader without a share, locked."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from accounts.models import AuditEvent
from aftersales.problems import BadEntry, OutOfTurn, Stale
from finance.models import Account, ClosedMonth, Kind, Transfer, YearEnd
from finance.services import year_end
from notices.models import Notification
from policy.figures import Step, defaults, figures
from tests import build

from .repaired import MARCH, close, labour, on, parcel, pay, sold

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.10")]
NEXT_YEAR = on(1, 8, year=2027)
DECEMBER = dt.date(2026, 12, 1)


@pytest.fixture
def year(shop):
    """2026: one engineer earned 100.01 − 12.50, another one lost 7.00; every month with entries is closed."""
    pay(labour(shop.ticket, "100.01", on(3, 2)), "100.01", on(3, 9))
    parcel(shop.ticket, "12.50", on(3, 10))
    other = build.person("ENG")
    ticket = build.ticket(
        at_stage="assigned", at=on(3, 11), company=type("Crew", (), {"eng": other, "cs": shop.who.cs})
    )
    parcel(ticket, "7.00", on(3, 12))
    close(MARCH, shop.who.fins, on(4, 6)), close(DECEMBER, shop.who.fins, on(1, 6, year=2027))
    return shop, other


def test_the_share_is_forty_percent_of_the_own_profit_and_a_loss_is_nothing(year):
    shop, other = year
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    assert {(x.engineer, x.profit, x.share) for x in paper.shares.all()} == {
        (shop.who.eng, Decimal("87.51"), Decimal("35.00")), (other, Decimal("-7.00"), Decimal("0.00")),
    }  # fmt: skip
    assert paper.shares.get(engineer=shop.who.eng).amounts == {"labour": "100.01", "freight": "12.50"}
    assert (paper.rate, paper.stage, paper.prepared_by) == (Decimal("0.40"), "prepared", shop.who.fin)


def test_the_rate_is_that_of_the_last_day_of_the_year(year):
    shop, _other = year
    steps = [(dt.date.min, "0.40"), (dt.date(2026, 12, 31), "0.50"), (dt.date(2027, 1, 1), "0.60")]
    dated = [Step(since, number, Decimal(value)) for number, (since, value) in enumerate(steps, 1)]
    figures.assume(defaults() | {"year_share": dated})
    assert year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR).rate == Decimal("0.50")


def test_a_leader_approves_and_each_share_is_booked_once(year):
    shop, _other = year
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    paper = year_end.approve(paper, by=shop.who.mgr, at=on(1, 9, year=2027))
    row = Transfer.objects.get(key__startswith="share:")
    assert (row.key, row.amount, row.source.kind, row.source.of, row.target.kind, row.day) == (
        f"share:2026:{shop.who.eng.username}", Decimal("35.00"), Kind.PROFIT, "2026", Kind.SHARE, dt.date(2027, 1, 9),
    )  # fmt: skip
    assert Account.objects.get(kind=Kind.SHARE).balance() == Decimal("35.00")
    told = Notification.objects.get(
        event_key__startswith="share:2026:", channel="app", recipient=shop.who.eng
    )
    assert (told.recipient, told.params["amount"], told.url) == (
        shop.who.eng,
        "35.00",
        paper.get_absolute_url(),
    )
    assert (paper.stage, paper.decided_by) == ("locked", shop.who.mgr)
    with pytest.raises(OutOfTurn):
        year_end.approve(paper, by=build.person("MGR"), at=on(1, 10, year=2027))
    assert Transfer.objects.filter(key__startswith="share:").count() == 1
    assert set(AuditEvent.objects.filter(subject="2026").values_list("verb", flat=True)) == {
        "year_end.prepare", "year_end.approve",
    }  # fmt: skip


def test_a_year_is_prepared_once_until_it_is_sent_back(year):
    shop, _other = year
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    with pytest.raises(OutOfTurn, match="already"):
        year_end.prepare(2026, by=shop.who.fins, at=NEXT_YEAR)
    paper = year_end.send_back(paper, by=shop.who.mgr, at=NEXT_YEAR, reason="缺运费")
    assert (paper.stage, paper.decision) == ("dropped", "缺运费")
    year_end.prepare(2026, by=shop.who.fins, at=NEXT_YEAR)
    assert YearEnd.objects.exclude(stage="dropped").count() == 1


# --- who
def test_who_prepared_it_does_not_approve_it(year):
    both = build.person("FIN", "MGR")
    paper = year_end.prepare(2026, by=both, at=NEXT_YEAR)
    with pytest.raises(Denied, match="SD13"):
        year_end.approve(paper, by=both, at=NEXT_YEAR)
    with pytest.raises(Denied, match="SD13"):
        year_end.send_back(paper, by=both, at=NEXT_YEAR, reason="-")


def test_nobody_with_a_share_approves_or_prepares_it(year):
    shop, other = year
    from accounts.models import Posting, User

    for role in ("management", "finance"):
        Posting.objects.create(user=other, department=role, since=build.LONG_AGO)
    leader = User.objects.get(pk=other.pk)
    with pytest.raises(Denied, match="SD13"):
        year_end.prepare(2026, by=leader, at=NEXT_YEAR)
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    with pytest.raises(Denied, match="SD13"):
        year_end.approve(paper, by=leader, at=NEXT_YEAR)


@pytest.mark.parametrize("role", ["eng", "wh", "sys", "aud", "mgr", "cs"])
def test_only_finance_prepares(year, role):
    shop, _other = year
    with pytest.raises(Denied):
        year_end.prepare(2026, by=getattr(shop.who, role), at=NEXT_YEAR)


@pytest.mark.parametrize("role", ["eng", "fin", "fins", "wh", "sys", "aud"])
def test_only_leaders_approve(year, role):
    shop, _other = year
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    with pytest.raises(Denied):
        year_end.approve(paper, by=getattr(shop.who, role), at=NEXT_YEAR)


# --- when
def test_a_year_that_is_not_over_or_has_an_open_month_is_refused(year):
    shop, _other = year
    with pytest.raises(OutOfTurn, match="not over"):
        year_end.prepare(2026, by=shop.who.fin, at=on(12, 31, 23))
    ClosedMonth.objects.filter(month=MARCH).update(reopened_at=NEXT_YEAR)
    with pytest.raises(OutOfTurn, match="2026-03"):
        year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)


def test_a_senseless_year_is_refused(shop):
    for year in (0, 1999, 9999):
        with pytest.raises(BadEntry):
            year_end.prepare(year, by=shop.who.fin, at=NEXT_YEAR)


def test_accounts_that_changed_since_are_not_approved(year):
    shop, _other = year
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    ClosedMonth.objects.filter(month__in=(MARCH, DECEMBER)).update(reopened_at=NEXT_YEAR)
    pay(labour(shop.ticket, "5.00", on(3, 3)), "5.00", on(3, 20))
    close(MARCH, shop.who.fins, NEXT_YEAR), close(DECEMBER, shop.who.fins, NEXT_YEAR)
    with pytest.raises(Stale, match="changed"):
        year_end.approve(paper, by=shop.who.mgr, at=NEXT_YEAR)
    year_end.send_back(paper, by=shop.who.mgr, at=NEXT_YEAR, reason="重开")
    again = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    assert again.shares.get(engineer=shop.who.eng).profit == Decimal("92.51")


def test_money_that_is_owed_or_deducted_shares_nothing(shop):
    sold(shop)
    close(MARCH, shop.who.fins, on(4, 6)), close(DECEMBER, shop.who.fins, on(1, 6, year=2027))
    paper = year_end.prepare(2026, by=shop.who.fin, at=NEXT_YEAR)
    assert paper.shares.count() == 0
    assert year_end.approve(paper, by=shop.who.mgr, at=NEXT_YEAR).stage == "locked"
