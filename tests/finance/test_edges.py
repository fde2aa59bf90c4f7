"""Edges of the newest rules: days, odd fen, hands, numbers beyond sense, counts that were typed or corrected."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry
from finance.models import Receivable
from parts import services as store
from parts.models import ConsumptionReport, ReleaseLine
from parts.services import issuing, monthly, releases, returning
from repairs import services
from tests import build
from tests.finance.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def handed_over(shop, engineer):
    services.reassign(fresh(shop.ticket), by=shop.who.cs_head, at=shop.now(), engineer=engineer, reason="x")


def completed(shop, pieces: int = 3):
    """Plan c, everything lent was used, the work is completed."""
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), pieces), kind="loan"))
    shop.issue(sheet, pieces)
    at = shop.now()
    services.plan(fresh(shop.ticket), by=shop.who.eng, at=at, **build.plan_entries("c", at, needs_parts=True))
    services.begin(fresh(shop.ticket), by=shop.who.eng, at=shop.now())
    declare(shop, sheet, used=pieces, unused=0)
    services.complete(fresh(shop.ticket), by=shop.who.eng, at=shop.now(), work_done="换件", signer="王小明")
    return fresh(sheet)


def declare(shop, sheet, **counts):
    row = sheet.lines.get()
    returning.declare(fresh(sheet), by=shop.who.eng, at=shop.now(), said={row.pk: counts})


# --- money
@pytest.mark.clause("8.8")
def test_a_debt_is_not_due_before_it_arises(shop):
    sheet = shop.sign(shop.charged("unpaid", (shop.part("300.00"), 1)), opinion="未付款")
    shop.at += 20 * DAY  # the agreed day has passed before anything left
    shop.issue(fresh(sheet), 1)
    row = Receivable.objects.get()
    assert row.due_on == row.arose_on > sheet.agreed_day


@pytest.mark.clause("5.6")
def test_the_monthly_list_and_the_books_say_the_same_odd_fen(shop):
    line = ReleaseLine(
        amount=Decimal("100.00"), quantity=3, issued=1, used=1, struck=2, charge="awaiting", old_part="must"
    )
    assert monthly.outstanding(line) == Decimal("33.34")


@pytest.mark.clause("4.5")
def test_a_total_that_no_receipt_could_cover_is_refused(shop):
    part = shop.part("99999999.99", good=0)
    with pytest.raises(BadEntry, match="more than an amount can be"):
        shop.release("unpaid", (part, 9999), submit=False)


@pytest.mark.clause("4.5")
def test_another_remark_costs_neither_signature_nor_consent(shop):
    sheet = shop.sign(shop.charged("unpaid", (shop.part("300.00"), 1)), opinion="未付款")
    hand = {"by": shop.who.eng, "at": shop.now()}
    found = releases.change_header(fresh(sheet), basis="unpaid", remark="轻放", **hand)
    assert (found.stage, found.consent_by, found.remark) == ("signed", shop.who.eng, "轻放")


# --- hands
@pytest.mark.clause("5.1")
def test_sd02_the_new_engineer_does_not_issue_to_himself(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), kind="loan"))
    both = build.person("ENG", "WH")
    handed_over(shop, both)
    with pytest.raises(Denied, match="SD02"):
        issuing.issue(fresh(sheet), by=both, at=shop.now(), pieces={sheet.lines.get().pk: 1})


@pytest.mark.clause("5.3")
def test_sd02_who_had_the_part_does_not_confirm_it_though_another_handed_it_in(shop):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), 1), kind="loan"))
    both = build.person("ENG", "WH")
    handed_over(shop, both)
    shop.issue(sheet, 1)
    declare(shop, sheet, used=0, unused=1)
    pieces = {sheet.lines.get().pk: 1}
    paper = returning.hand_in(fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces=pieces)
    with pytest.raises(Denied, match="SD02"):
        returning.confirm(paper, by=both, at=shop.now(), received={})


# --- numbers and codes
@pytest.mark.clause("4.7")
def test_the_same_code_is_not_handed_in_for_two_pieces(shop):
    part = shop.part("300.00", valuable=True)
    sheet = shop.sign(shop.release("warranty", (part, 2), kind="loan"))
    line, codes = sheet.lines.get(), [f"{part.code}-1", f"{part.code}-2"]
    issuing.issue(sheet, by=shop.who.wh, at=shop.now(), pieces={line.pk: 2}, codes={line.pk: codes})
    declare(shop, sheet, used=0, unused=2)
    twice = {line.pk: [codes[0], codes[0].lower()]}
    with pytest.raises(BadEntry, match="there twice"):
        returning.hand_in(
            fresh(sheet), by=shop.who.eng, at=shop.now(), kind="unused", pieces={line.pk: 2}, codes=twice
        )


@pytest.mark.clause("5.1")
def test_a_part_is_counted_once_on_a_sheet(shop):
    rows = [{"part": shop.part("30.00"), "counted": n} for n in (1, 2)]
    rows[1]["part"] = rows[0]["part"]
    with pytest.raises(BadEntry, match="counted twice"):
        store.propose_count("good", rows, reason="盘点", by=shop.who.wh, at=shop.now())


@pytest.mark.clause("5.1")
def test_more_undeclared_pieces_than_the_ticket_can_say_stay_undeclared(shop):
    part = shop.part("30.00", good=40_000)
    sheet = shop.sign(shop.release("warranty", *[(part, 9999)] * 4, kind="loan"))
    shop.issue(sheet, dict.fromkeys(range(1, 5), 9999))
    assert fresh(shop.ticket).undeclared_parts == 32_767


@pytest.mark.clause("5.2")
def test_a_part_does_not_arrive_on_a_day_that_has_passed(shop):
    paper = store.ask(shop.part("30.00", good=0), 5, by=shop.who.wh, at=shop.now())
    with pytest.raises(BadEntry, match="has passed"):
        store.answer(paper, by=shop.who.pur, at=shop.now(), can_have=True, arrives_on=dt.date(2026, 3, 1))


# --- consumption
@pytest.mark.clause("5.5")
def test_what_was_not_used_after_all_is_taken_off_the_report_and_checked_again(shop):
    sheet = completed(shop)
    report = ConsumptionReport.objects.get()
    store.confirm_consumption(report, by=shop.who.wh, at=shop.now())
    declare(shop, sheet, used=1, unused=2)
    report, row = fresh(report), report.lines.get()
    assert (row.quantity, row.confirmed, report.confirmed_at) == (1, None, None)
    declare(shop, sheet, used=2, unused=1)
    assert fresh(row).quantity == 2


@pytest.mark.clause("5.5")
@pytest.mark.parametrize("typed", ["-1", "1.5", "abc", "９", "1234567"])
def test_what_is_no_number_of_used_pieces_confirms_nothing(shop, as_user, one_factor, typed):
    completed(shop)
    report = ConsumptionReport.objects.get()
    path = f"{report.get_absolute_url()}confirm/"
    answer = as_user(shop.who.wh).post(path, {f"line_{report.lines.get().pk}": typed})
    assert (answer.status_code, fresh(report).confirmed_at) == (422, None)


@pytest.mark.clause("5.5")
def test_full_width_digits_are_digits(shop, as_user, one_factor):
    completed(shop)
    report = ConsumptionReport.objects.get()
    row = report.lines.get()
    as_user(shop.who.wh).post(f"{report.get_absolute_url()}confirm/", {f"line_{row.pk}": "２"})
    assert fresh(row).confirmed == 2
