"""What parts cost whom (4.5a–c, 8.8): charged once at the issue, given back piece by piece, never forgotten."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.access import Denied
from aftersales.charter import Fact
from aftersales.limits import moment_of
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from deadlines.models import Deadline
from finance.models import Account, Deduction, Kind, Receivable, Transfer
from finance.selectors import credit_of, free, open_amounts
from finance.services import deducting, giving_up, signing
from parts.services import issuing, rerating
from tests import build

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def balance(kind: str, of: str = "") -> Decimal:
    account = Account.objects.filter(kind=kind, of=of).first()
    return account.balance() if account else Decimal(0)


def total(kind: str) -> Decimal:
    return sum((a.balance() for a in Account.objects.filter(kind=kind)), Decimal(0))


def open_of(row: Receivable) -> Decimal:
    return open_amounts([row])[row.pk]


# --- charged
@pytest.mark.clause("4.5c")
@pytest.mark.clause("8.8")
def test_unpaid_parts_become_one_receivable_an_issue_due_on_the_agreed_day(shop):
    first, second = shop.part("60.00"), shop.part("12.50")
    release = shop.sign(shop.charged("unpaid", (first, 2), (second, 4)), opinion="未付款")
    shop.issue(release, {1: 2, 2: 1})
    row = Receivable.objects.get()
    assert (row.amount, open_of(row), row.customer, row.engineer, row.ticket) == (
        Decimal("132.50"), Decimal("132.50"), shop.customer, shop.who.eng, shop.ticket,
    )  # fmt: skip
    assert (row.arose_on, row.due_on, row.key) == (
        shop.at.date(),
        release.agreed_day,
        f"slip:{release.slips.get().number}",
    )
    shop.issue(release, {2: 3})
    assert sorted(Receivable.objects.values_list("amount", flat=True)) == [
        Decimal("37.50"),
        Decimal("132.50"),
    ]
    assert total(Kind.PARTS) == Decimal("-170.00")


@pytest.mark.clause("8.8")
def test_who_agreed_to_send_first_stays_liable_after_a_re_assignment(shop):
    from repairs import services

    release, before = (
        shop.sign(shop.charged("unpaid", (shop.part("60.00"), 1)), opinion="未付款"),
        shop.who.eng,
    )
    services.reassign(
        shop.ticket, by=shop.who.cs_head, at=shop.now(), engineer=build.person("ENG"), reason="休假"
    )
    shop.issue(release, 1)
    assert Receivable.objects.get().engineer == before


@pytest.mark.clause("4.5b")
def test_paid_parts_are_settled_from_the_customers_credit_at_once(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 2)), shop.receipt("150.00")
    shop.issue(shop.sign(release, receipt=receipt), 2)
    row = Receivable.objects.get()
    assert (row.amount, open_of(row), row.due_on) == (Decimal("120.00"), Decimal(0), shop.at.date())
    assert (credit_of(shop.customer.number), free(receipt)) == (Decimal("30.00"), Decimal("30.00"))


@pytest.mark.clause("4.7")
def test_a_paid_piece_that_comes_back_unused_is_the_customers_credit_again(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 2)), shop.receipt("120.00")
    shop.issue(shop.sign(release, receipt=receipt), 2)
    shop.bring_back(release, "unused", 1)
    assert (open_of(Receivable.objects.get()), total(Kind.PARTS)) == (0, Decimal("-60.00"))
    assert (credit_of(shop.customer.number), free(receipt)) == (Decimal("60.00"), Decimal("60.00"))


@pytest.mark.clause("4.7")
def test_an_unpaid_piece_that_comes_back_unused_is_owed_no_more(shop):
    release = shop.sign(shop.charged("unpaid", (shop.part("60.00"), 3)), opinion="未付款")
    shop.issue(release, 2), shop.issue(release, 1)
    shop.bring_back(release, "unused", 2)
    first, second = Receivable.objects.order_by("pk")
    assert (open_of(first), open_of(second), credit_of(shop.customer.number)) == (0, Decimal("60.00"), 0)


@pytest.mark.clause("4.5b")
def test_what_is_struck_needs_no_money(shop):
    part, receipt = shop.part("60.00"), shop.receipt("120.00")
    release = shop.sign(shop.charged("paid", (part, 2)), receipt=receipt)
    shop.issue(release, 1)
    issuing.strike(release, line=release.lines.get(), by=shop.who.eng, at=shop.now(), reason="不要了")
    assert (free(receipt), credit_of(shop.customer.number)) == (Decimal("60.00"), Decimal("60.00"))


@pytest.mark.clause("4.5b")
def test_what_is_short_takes_its_money_along_to_its_own_sheet(shop):
    release, receipt = shop.charged("paid", (shop.part("60.00"), 3)), shop.receipt("180.00")
    release = shop.sign(release, receipt=receipt)
    shop.issue(release, 1)
    rest = issuing.split_short(release, by=shop.who.wh, at=shop.now())
    assert free(receipt) == 0
    shop.bring_back(release, "unused", 1)
    assert free(receipt) == Decimal("60.00")
    shop.issue(rest, 2)
    assert [open_of(row) for row in Receivable.objects.order_by("pk")] == [0, 0]
    assert (credit_of(shop.customer.number), total(Kind.PARTS)) == (Decimal("60.00"), Decimal("-120.00"))


# --- awaiting
@pytest.mark.clause("4.5a")
def test_a_warranty_part_stands_charged_until_its_old_part_is_in_and_is_no_receivable(shop):
    release = shop.sign(shop.release("warranty", (shop.part("80.01", recyclable=True), 3)))
    shop.issue(release, 3)
    name = f"{release.number}/1"
    assert (balance(Kind.AWAITED, name), Receivable.objects.count(), total(Kind.PARTS)) == (
        Decimal("240.03"),
        0,
        0,
    )
    shop.bring_back(release, "old", 1)
    assert balance(Kind.AWAITED, name) == Decimal("160.02")
    shop.bring_back(release, "old", 2)
    assert (balance(Kind.AWAITED, name), total(Kind.PENDING)) == (0, 0)


@pytest.mark.clause("4.5a")
def test_a_later_waiver_reverses_like_a_return(shop):
    release = shop.sign(shop.release("warranty", (shop.part("80.00", recyclable=True), 2)))
    shop.issue(release, 2)
    line = release.lines.get()
    signing.waive(line, by=shop.who.fins, at=shop.now(), pieces=1, reason="客户已丢弃")
    assert balance(Kind.AWAITED, f"{release.number}/1") == Decimal("80.00")
    with pytest.raises(BadEntry):
        signing.waive(line, by=shop.who.fins, at=shop.now(), pieces=2, reason="x")
    with pytest.raises(Denied):
        signing.waive(line, by=shop.who.fin, at=shop.now(), pieces=1, reason="x")


@pytest.mark.clause("5.6")
@pytest.mark.clause("8.8")
def test_an_old_part_that_never_came_becomes_a_receivable_due_that_day(shop):
    from repairs import services

    release = shop.sign(shop.release("warranty", (shop.part("80.00", recyclable=True), 2)))
    shop.issue(release, 2)
    line = release.lines.get()
    with pytest.raises(OutOfTurn, match="4.5a"):
        signing.convert(line, by=shop.who.fins, at=shop.now(), pieces=1)
    services.plan(
        shop.ticket.__class__.objects.get(pk=shop.ticket.pk),
        by=shop.who.eng,
        at=shop.now(),
        **build.plan_entries("b", shop.at),
    )
    deadlines.record(Fact.OLD_PART_OWED, line, at=shop.now(), by=shop.who.eng)
    shop.at += 16 * DAY
    row = signing.convert(line, by=shop.who.fins, at=shop.now(), pieces=1)
    assert (row.kind, row.amount, row.due_on, row.engineer, row.customer) == (
        "old_part", Decimal("80.00"), shop.at.date(), shop.who.eng, shop.customer,
    )  # fmt: skip
    assert (balance(Kind.AWAITED, f"{release.number}/1"), total(Kind.PENDING), open_of(row)) == (
        Decimal("80.00"), Decimal("-80.00"), Decimal("80.00"),
    )  # fmt: skip


@pytest.mark.clause("4.5a")
def test_free_parts_cost_nobody_anything(shop):
    release = shop.sign(shop.release("warranty", (shop.part("30.00"), 2)))
    shop.issue(release, 2)
    assert Transfer.objects.count() == 0 and Receivable.objects.count() == 0


# --- decided anew (7.1)
@pytest.mark.clause("7.1")
def test_an_overturned_judgement_moves_the_charge_and_what_was_paid_is_credit(shop):
    release, receipt = shop.charged("paid", (shop.part("80.00", recyclable=True), 2)), shop.receipt("160.00")
    shop.issue(shop.sign(release, receipt=receipt), 2)
    line = release.lines.get()
    rerating.rerate(line, damage="not_human", by=build.person("TECH"), at=shop.now(), why="材料缺陷")
    assert (open_of(Receivable.objects.get()), balance(Kind.AWAITED, f"{release.number}/1")) == (
        0,
        Decimal("160.00"),
    )
    assert (credit_of(shop.customer.number), free(receipt), total(Kind.PARTS)) == (
        Decimal("160.00"),
        Decimal("160.00"),
        0,
    )
    rerating.rerate(line, damage="human", by=build.person("TECH"), at=shop.now(), why="复议")
    assert [open_of(row) for row in Receivable.objects.all()] == [
        0,
        0,
    ]  # the second is paid by the same receipt
    assert balance(Kind.AWAITED, f"{release.number}/1") == 0
    assert (credit_of(shop.customer.number), free(receipt), total(Kind.PARTS)) == (0, 0, Decimal("-160.00"))


def judged(shop, line, damage):
    line.refresh_from_db()
    return rerating.rerate(line, damage=damage, by=build.person("TECH"), at=shop.now(), why="判定")


def clocks(row):
    return [(clock.opened_at, clock.met_at is None) for clock in Deadline.objects.of(row)]


@pytest.mark.clause("4.11")
@pytest.mark.clause("8.8")
def test_what_a_judgement_charges_again_is_a_new_debt_with_forty_days_of_its_own(shop):
    release = shop.sign(shop.charged("unpaid", (shop.part("60.00"), 2)), opinion="未付款")
    shop.issue(release, 2)
    first = Receivable.objects.get()
    judged(shop, release.lines.get(), "not_human")
    shop.at += 70 * DAY
    judged(shop, release.lines.get(), "human")
    again = Receivable.objects.exclude(pk=first.pk).get()
    today = shop.at.date()
    assert (again.arose_on, again.due_on, again.engineer) == (today, today, first.engineer)
    assert (open_of(first), open_of(again), total(Kind.PARTS)) == (0, Decimal("120.00"), Decimal("-120.00"))
    assert ([met for _day, met in clocks(first)], clocks(again)) == ([False], [(moment_of(today), True)])
    assert deducting.draft_due(shop.now()) == 0
    assert deducting.draft_due(shop.at + 40 * DAY) == 0
    assert deducting.draft_due(shop.at + 41 * DAY) == 1
    assert Deduction.objects.get().receivable == again


@pytest.mark.clause("8.8")
def test_a_line_charged_again_does_not_join_an_older_debt_of_its_slip(shop):
    parts = (shop.part("60.00"), 1), (shop.part("12.50"), 2)
    release = shop.sign(shop.charged("unpaid", *parts), opinion="未付款")
    shop.issue(release, {1: 1, 2: 2})
    first = Receivable.objects.get()
    judged(shop, release.lines.get(position=2), "not_human")
    shop.at += 70 * DAY
    judged(shop, release.lines.get(position=2), "human")
    again = Receivable.objects.exclude(pk=first.pk).get()
    assert (open_of(first), open_of(again)) == (Decimal("60.00"), Decimal("25.00"))
    assert [paper.receivable for paper in drafted(shop.now())] == [first]


def drafted(at):
    deducting.draft_due(at)
    return list(Deduction.objects.all())


@pytest.mark.clause("8.8")
def test_pieces_that_come_back_are_off_the_debt_on_which_they_stand_by_then(shop):
    release = shop.sign(shop.charged("unpaid", (shop.part("60.00"), 3)), opinion="未付款")
    shop.issue(release, 2)
    for damage in ("not_human", "human"):
        judged(shop, release.lines.get(), damage)
    release.refresh_from_db()
    shop.issue(shop.sign(release, opinion="未付款"), 1)
    first, again, later = Receivable.objects.order_by("pk")
    shop.bring_back(release, "unused", 1)
    assert [open_of(row) for row in (first, again, later)] == [0, Decimal("60.00"), Decimal("60.00")]
    shop.bring_back(release, "unused", 2)
    assert [open_of(row) for row in (first, again, later)] == [0, 0, 0]
    assert total(Kind.PARTS) == 0


@pytest.mark.clause("8.6")
@pytest.mark.clause("8.8")
def test_what_was_paid_or_given_up_of_the_first_debt_stays_right_beside_the_second(shop):
    release = shop.sign(shop.charged("unpaid", (shop.part("60.00"), 2)), opinion="未付款")
    shop.issue(release, 2)
    first, receipt = Receivable.objects.get(), shop.receipt("50.00")
    given_up = giving_up.propose(
        first, amount=Decimal("20.00"), reason="和解", by=shop.who.fins, at=shop.now()
    )
    giving_up.second(given_up, by=build.person("FINS"), at=shop.now())
    assert open_of(first) == Decimal("50.00")
    for damage in ("not_human", "human"):
        judged(shop, release.lines.get(), damage)
    again = Receivable.objects.exclude(pk=first.pk).get()
    assert (open_of(first), open_of(again), free(receipt)) == (0, Decimal("120.00"), Decimal("50.00"))
    assert (credit_of(shop.customer.number), total(Kind.LOSS)) == (Decimal("50.00"), 0)


def test_money_is_neither_made_nor_lost(shop):
    release, receipt = shop.charged("paid", (shop.part("0.03"), 3)), shop.receipt("7.00")
    shop.issue(shop.sign(release, receipt=receipt), 3)
    shop.bring_back(release, "unused", 1)
    assert sum((a.balance() for a in Account.objects.all()), Decimal(0)) == 0
    assert receipt.uses.aggregate(t=Sum("amount"))["t"] == Decimal("0.06")
