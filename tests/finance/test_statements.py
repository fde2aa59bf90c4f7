"""The statistics sheet 9.3: opened for each engineer and month, computed, confirmed, checked, adjusted."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from finance import logbook
from finance import rows as sheet_rows
from finance.models import Statement
from finance.rows import on_time, rows_for, totals
from finance.services import statements
from finance.services.statement_rows import rows_of, satisfaction
from finance.services.statements import open_statements
from notices.models import Notification
from repairs import services
from repairs.models import CallbackSurvey, Ticket
from tests import build

from .repaired import (
    APRIL,
    MARCH,
    MAY,
    another,
    close,
    done,
    labour,
    on,
    parcel,
    pay,
    reported,
    sold,
    under_warranty,
    used,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.9"), pytest.mark.clause("9.3")]


@pytest.fixture
def march(shop):
    """One ticket completed in March; the sheet of March is open."""
    done(shop)
    open_statements(on(4, 1, 0))
    return Statement.objects.get(engineer=shop.who.eng, month=MARCH)


# --- opened
def test_the_sheet_of_a_month_opens_on_the_first_and_is_due_on_the_fifth(shop):
    done(shop)
    assert [open_statements(on(3, 31, 23)), open_statements(on(4, 1, 0)), open_statements(on(4, 1, 3))] == [
        0,
        1,
        0,
    ]
    sheet = Statement.objects.get()
    clock = Deadline.objects.of(sheet).get()
    assert (sheet.number, sheet.engineer, sheet.month) == ("TJ20260401-0001", shop.who.eng, MARCH)
    assert (clock.rule, clock.clause, clock.assignee) == ("monthly_statement", "4.9", shop.who.eng)
    assert (clock.opened_at, clock.due_at) == (on(4, 1, 0), on(4, 6, 0))


def test_months_that_were_missed_are_caught_up_each_once_with_their_true_start(shop):
    done(shop)
    build.person("ENG")
    assert [open_statements(on(6, 3)), open_statements(on(6, 3))] == [6, 0]
    assert Statement.objects.filter(month=MAY).count() == 2
    assert set(Deadline.objects.filter(rule="monthly_statement").values_list("opened_at", flat=True)) == {
        on(4, 1, 0), on(5, 1, 0), on(6, 1, 0),
    }  # fmt: skip


def test_a_job_killed_between_two_people_goes_on_where_it_stood(shop):
    done(shop)
    open_statements(on(4, 1, 0))
    build.person("ENG")
    assert open_statements(on(4, 1, 1)) == 1
    assert Statement.objects.filter(month=MARCH).count() == 2


def test_a_clock_that_jumps_back_opens_nothing_anew(shop):
    done(shop)
    assert [open_statements(on(4, 2)), open_statements(on(3, 5)), open_statements(on(4, 3))] == [1, 0, 0]


def test_a_company_that_completed_nothing_owes_no_sheet(people):
    assert people.eng
    assert open_statements(on(4, 1)) == 0


def test_who_left_before_the_month_has_no_sheet_of_it_unless_he_completed_something(shop):
    gone = build.person("ENG")
    gone.postings.update(until=dt.date(2026, 3, 31))
    done(shop)
    open_statements(on(5, 2))
    assert list(Statement.objects.filter(engineer=gone).values_list("month", flat=True)) == [MARCH]


# --- computed
def test_a_row_says_what_the_ticket_earned_and_cost(shop):
    debt = sold(shop, "60.00", "35.00", pieces=2)
    ticket = done(shop)
    labour(ticket, "80.00", shop.at)
    parcel(ticket, "12.50", shop.at)
    pay(debt, "50.00", shop.at)
    open_statements(on(4, 1))
    [row] = rows_of(Statement.objects.get(), on(4, 2))
    assert (row.ticket, row.customer, row.model, row.vin) == (
        ticket.number, ticket.customer.number, ticket.model, ticket.vin,
    )  # fmt: skip
    assert (row.reported, row.completed, row.plan, row.fault, row.charge) == (
        dt.date(2026, 3, 2), dt.date(2026, 3, 2), "b", "worn", "charged",  # how it failed, by its quality report
    )  # fmt: skip
    assert (row.due, row.received, row.open) == (Decimal("200.00"), Decimal("50.00"), Decimal("150.00"))
    assert {name: amount for name, amount in row.amounts.items() if amount} == {
        "parts": Decimal("120.00"), "labour": Decimal("80.00"), "parts_cost": Decimal("70.00"), "freight": Decimal("12.50"),
    }  # fmt: skip
    assert row.on_time == {"contact": True, "plan": True}


def test_a_warranty_part_is_a_memo_and_its_old_part_is_counted(shop):
    release = under_warranty(shop, 2)
    used(shop, release)
    done(shop)
    shop.bring_back(release, "old", 1)
    open_statements(on(4, 1))
    [row] = rows_of(Statement.objects.get(), on(4, 2))
    assert (row.charge, row.amounts["warranty_cost"], row.amounts["parts_cost"]) == (
        "warranty",
        Decimal("80.00"),
        Decimal(0),
    )
    assert (row.old_due, row.old_in, row.old_open) == (2, 1, 1)


def test_rows_belong_to_the_month_of_completion_and_to_who_completed(shop):
    other = build.person("ENG")
    done(shop)
    another(shop, on(3, 31, 23), engineer=other)
    another(shop, on(4, 1, 0))
    open_statements(on(5, 1))
    counts = {(s.engineer, s.month): len(rows_of(s, on(5, 1))) for s in Statement.objects.all()}
    assert counts == {
        (shop.who.eng, MARCH): 1, (other, MARCH): 1, (shop.who.eng, APRIL): 1, (other, APRIL): 0,
    }  # fmt: skip


def test_a_second_round_is_a_row_of_its_own_month_and_nothing_counts_twice(shop):
    sold(shop)
    ticket = done(shop)
    services.call_back(
        ticket, by=shop.who.cs, at=on(3, 3), resolved=False, overall="dissatisfied", reasons=["quality"]
    )
    ticket = type(ticket).objects.get(pk=ticket.pk)
    assert ticket.round == 2
    shop.at = on(4, 2)
    who = type("Crew", (), {"eng": shop.who.eng, "cs": shop.who.cs})
    for step in build.road(ticket, who, "b")[2:6]:
        step(shop.now())
    open_statements(on(5, 1))
    sheets = {s.month: rows_of(s, on(5, 1)) for s in Statement.objects.all()}
    assert [(r.round, r.amounts["parts"]) for r in sheets[MARCH]] == [(1, Decimal("60.00"))]
    assert [(r.round, r.amounts["parts"]) for r in sheets[APRIL]] == [(2, Decimal(0))]


@pytest.mark.clause("3.3")
def test_satisfaction_is_shown_from_five_answers_on_and_never_of_one_ticket(shop, march):
    def answered(n):
        ticket = another(shop, on(3, 4 + n))
        services.call_back(
            ticket,
            by=shop.who.cs,
            at=on(3, 4 + n, 12),
            resolved=True,
            overall="very_satisfied" if n else "neutral",
        )

    for n in range(4):
        answered(n)
    assert satisfaction(rows_of(march, on(4, 1))) is None
    answered(4)
    assert CallbackSurvey.objects.count() == 5
    assert satisfaction(rows_of(march, on(4, 1))) == Decimal("4.60")
    assert "overall" not in {name for row in rows_of(march, on(4, 1)) for name in row.frozen()}


def test_a_clock_that_was_missed_is_not_on_time(shop):
    late = build.ticket(at_stage="completed", at=on(3, 5), company=shop.who, gap=13 * build.HOUR)
    reported(late, on(3, 9))
    done(shop)
    open_statements(on(4, 1))
    rows = rows_of(Statement.objects.get(engineer=shop.who.eng), on(4, 1))
    assert {row.ticket: row.on_time for row in rows}[late.number] == {"contact": False, "plan": False}
    assert on_time(rows) == {"contact": (1, 2), "plan": (1, 2)}


# --- without its quality report
class Unreported:
    """Takes a ticket's quality report away, and brings all back."""

    def add(self, number: str) -> None:
        Ticket.objects.filter(number=number).update(report_round=0)

    def clear(self) -> None:
        Ticket.objects.update(report_round=F("round"))


@pytest.fixture
def unreported():
    return Unreported()


def test_a_ticket_without_its_report_is_shown_but_does_not_count(shop, march, unreported):
    labour(shop.ticket, "80.00", shop.at)
    unreported.add(shop.ticket.number)
    [row] = rows_of(march, on(4, 1))
    assert (row.pending, row.amounts["labour"], totals([row])["labour"]) == (
        True,
        Decimal("80.00"),
        Decimal(0),
    )


def test_a_late_row_enters_the_first_open_month_once(shop, march, unreported):
    unreported.add(shop.ticket.number)
    march = statements.confirm(march, by=shop.who.eng, at=on(4, 3))
    assert march.pending == 1
    open_statements(on(6, 1))
    april, may = Statement.objects.filter(month__gt=MARCH).order_by("month")
    assert rows_of(april, on(6, 1)) == []
    unreported.clear()
    assert [(r.ticket, r.late_from) for r in rows_of(april, on(6, 1))] == [(shop.ticket.number, "2026-03")]
    assert rows_of(may, on(6, 1)) == []
    april = statements.confirm(april, by=shop.who.eng, at=on(6, 2))
    march = Statement.objects.get(pk=march.pk)
    assert (march.pending, [r.moved for r in rows_of(march, on(6, 2))]) == (0, ["2026-04"])
    assert rows_of(may, on(6, 2)) == []


def test_a_late_row_goes_back_with_the_sheet_that_is_sent_back(shop, march, unreported):
    unreported.add(shop.ticket.number)
    statements.confirm(march, by=shop.who.eng, at=on(4, 3))
    open_statements(on(5, 1))
    unreported.clear()
    april = Statement.objects.get(month=APRIL)
    april = statements.confirm(april, by=shop.who.eng, at=on(5, 2))
    statements.send_back(april, by=shop.who.fin, at=on(5, 3), reason="核对")
    assert Statement.objects.get(month=MARCH).pending == 1
    assert [r.late_from for r in rows_of(Statement.objects.get(month=APRIL), on(5, 3))] == ["2026-03"]


def test_a_row_that_counts_in_a_later_sheet_does_not_come_back_with_its_own(shop, march, unreported):
    unreported.add(shop.ticket.number)
    statements.confirm(march, by=shop.who.eng, at=on(4, 3))
    open_statements(on(5, 1))
    unreported.clear()
    statements.confirm(Statement.objects.get(month=APRIL), by=shop.who.eng, at=on(5, 2))
    statements.send_back(Statement.objects.get(month=MARCH), by=shop.who.fin, at=on(5, 3), reason="核对")
    [row] = rows_of(Statement.objects.get(month=MARCH), on(5, 3))
    assert (row.pending, row.moved) == (True, "2026-04")


# --- confirmed
def test_the_engineer_confirms_and_the_rows_stay_as_they_were(shop, march):
    before = rows_of(march, on(4, 2))
    march = statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    labour(shop.ticket, "80.00", on(4, 3))
    assert rows_of(Statement.objects.get(pk=march.pk), on(4, 9)) == before
    assert (march.stage, march.confirmed_at) == ("confirmed", on(4, 2))
    assert Deadline.objects.of(march).get().met_at == on(4, 2)


def test_an_empty_sheet_is_confirmed_with_one_tap(shop, march):
    open_statements(on(5, 1))
    april = statements.confirm(Statement.objects.get(month=APRIL), by=shop.who.eng, at=on(5, 4))
    assert (april.stage, april.rows) == ("confirmed", [])


def test_nobody_else_confirms_it_and_not_twice(shop, march):
    for person in (build.person("ENG"), shop.who.fin, shop.who.mgr):
        with pytest.raises(Denied):
            statements.confirm(march, by=person, at=on(4, 2))
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    with pytest.raises(OutOfTurn, match="Confirmed"):
        statements.confirm(march, by=shop.who.eng, at=on(4, 3))


# --- checked and adjusted
def test_finance_checks_what_was_confirmed(shop, march):
    with pytest.raises(OutOfTurn):
        statements.approve(march, by=shop.who.fin, at=on(4, 2))
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    march = statements.approve(march, by=shop.who.fin, at=on(4, 3))
    assert (march.stage, march.checked_by, march.checked_at) == ("checked", shop.who.fin, on(4, 3))


def test_a_sheet_sent_back_is_computed_anew_and_the_engineer_hears_why(shop, march):
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    march = statements.send_back(march, by=shop.who.fin, at=on(4, 3), reason="运费未计")
    parcel(shop.ticket, "9.00", on(3, 2, 12))
    assert (march.stage, march.confirmed_at, march.returned_why) == ("open", None, "运费未计")
    assert rows_of(march, on(4, 3))[0].amounts["freight"] == Decimal("9.00")
    notice = Notification.objects.filter(recipient=shop.who.eng, event_key__startswith="statement:").get()
    assert notice.params["reason"] == "运费未计"


@pytest.mark.clause("8.10")
def test_an_adjustment_is_a_line_of_its_own_with_its_reason(shop, march):
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    march = statements.adjust(
        march, by=shop.who.fin, at=on(4, 3), column="freight", amount=Decimal("-3.20"), reason="退运费"
    )
    line = march.adjustments.get()
    assert (line.column, line.amount, line.reason, line.by, line.month) == (
        "freight", Decimal("-3.20"), "退运费", shop.who.fin, MARCH,
    )  # fmt: skip
    assert totals(rows_of(march, on(4, 3)), march.adjustments.all())["freight"] == Decimal("-3.20")


def test_an_adjustment_of_a_closed_month_counts_in_the_first_open_one(shop, march):
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    close(MARCH, shop.who.fins, on(4, 6)), close(APRIL, shop.who.fins, on(5, 6))
    statements.adjust(march, by=shop.who.fin, at=on(5, 7), column="other", amount=Decimal(5), reason="补记")
    assert march.adjustments.get().month == MAY


def test_who_checked_does_not_adjust_and_who_adjusted_does_not_check(shop, march):
    two = build.person("FIN")
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    facts = {"at": on(4, 3), "column": "other", "amount": Decimal("1.00"), "reason": "补记"}
    statements.adjust(march, by=shop.who.fin, **facts)
    with pytest.raises(Denied, match="SD04"):
        statements.approve(march, by=shop.who.fin, at=on(4, 4))
    statements.approve(march, by=two, at=on(4, 4))
    with pytest.raises(Denied, match="SD04"):
        statements.adjust(march, by=two, **facts)
    statements.adjust(march, by=shop.who.fin, **facts)
    assert march.adjustments.count() == 2


def test_nobody_checks_or_adjusts_his_own_sheet(shop):
    both = build.person("ENG", "FIN")
    done(shop)
    open_statements(on(4, 1))
    own = statements.confirm(Statement.objects.get(engineer=both), by=both, at=on(4, 2))
    with pytest.raises(Denied, match="own"):
        statements.approve(own, by=both, at=on(4, 3))
    with pytest.raises(Denied, match="own"):
        statements.adjust(own, by=both, at=on(4, 3), column="other", amount=Decimal(1), reason="-")


@pytest.mark.parametrize("role", ["eng", "wh", "cs", "ga", "tech", "pur", "mgr", "sys", "aud"])
def test_only_finance_checks_sends_back_and_adjusts(shop, march, role):
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    who = getattr(shop.who, role)
    with pytest.raises(Denied):
        statements.approve(march, by=who, at=on(4, 3))
    with pytest.raises(Denied):
        statements.send_back(march, by=who, at=on(4, 3), reason="-")
    with pytest.raises(Denied):
        statements.adjust(march, by=who, at=on(4, 3), column="other", amount=Decimal(1), reason="-")


@pytest.mark.parametrize("amount", ["0.00", "1.005", "NaN", "100000000.00"])
def test_a_senseless_amount_is_refused_at_its_field(shop, march, amount):
    statements.confirm(march, by=shop.who.eng, at=on(4, 2))
    with pytest.raises(BadEntry) as refused:
        statements.adjust(
            march, by=shop.who.fin, at=on(4, 3), column="other", amount=Decimal(amount), reason="补记"
        )
    assert refused.value.field == "amount"


def test_nothing_is_adjusted_before_the_engineer_has_confirmed(shop, march):
    with pytest.raises(OutOfTurn):
        statements.adjust(
            march, by=shop.who.fin, at=on(4, 3), column="other", amount=Decimal(1), reason="补记"
        )


def test_a_row_survives_being_kept(shop, march):
    rows = rows_for(logbook.completions(MARCH), on(4, 1))
    assert [sheet_rows.thawed(row.frozen()) for row in rows] == rows


def test_five_rows_ask_no_more_than_one(shop, march, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rows_of(march, on(4, 1))
    with CaptureQueriesContext(connection) as one:
        assert len(rows_of(march, on(4, 1))) == 1
    for day in range(5, 9):
        another(shop, on(3, day))
    with django_assert_num_queries(len(one)):
        assert len(rows_of(march, on(4, 1))) == 5
