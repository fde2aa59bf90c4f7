"""The company starts with a full store: open loans and awaited old parts are taken over from paper (J46)."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook

from aftersales.limits import local_day, moment_of
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import Part
from deadlines.models import Deadline
from finance.models import Account, Kind, Receivable, Transfer
from finance.services import signing
from parts.flow import ReleaseStage
from parts.imports import opening
from parts.models import GoodsReceipt, PartCode, Release, ReleaseLine, Slip, UnreturnedList
from parts.services import drift, on_hand, returning
from parts.services.monthly import rows_of
from repairs.models import PartsOrder
from sales.merging import merge
from tests import build

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ISSUED = dt.date(2026, 2, 10)  # 20 days before that Monday: the fifteenth is over


def workbook(stock=(), loans=(), awaited=()) -> io.BytesIO:
    book, out = Workbook(), io.BytesIO()
    for sheet, rows in zip(
        (book.active, book.create_sheet(), book.create_sheet()), (stock, loans, awaited), strict=True
    ):
        for row in (["head"], *rows):
            sheet.append(row)
    book.save(out)
    out.seek(0)
    return out


@pytest.fixture
def take(people, monday):
    """Take a workbook in as the page does."""

    def take_in(**sheets):
        run = opening.dry_run(workbook(**sheets), monday)
        return opening.take_in(run, source="期初.xlsx", by=people.wh, at=monday)

    return take_in


@pytest.fixture
def who(people, monday):
    """(engineer's sign-in name, customer's number)"""
    return people.eng.username, build.customer(monday).number


@pytest.fixture
def awaited(take, who):
    """Three pieces at 100.00 yuan altogether, of 10 February; with the engineer, or with the customer."""

    def bring(plan=None, pieces=3, amount=100, part=None):
        take(awaited=[[*who, (part or build.spare()).code, pieces, amount, "纸-07", ISSUED, plan]])
        return ReleaseLine.objects.get()

    return bring


def clock(line) -> Deadline:
    return Deadline.objects.of(line).get(rule="old_part")


def credit(kind) -> Decimal:
    return sum((account.balance() for account in Account.objects.filter(kind=kind)), Decimal(0))


# --- all or nothing, every bad cell named
def test_the_template_holds_three_sheets():
    out = io.BytesIO()
    opening.template(out)
    assert opening.dry_run(out, dt.datetime.now(dt.UTC)).faults[0].cell == "A2"
    assert list(opening.SHEETS) == ["stock", "loans", "awaited"]


def test_every_bad_cell_of_every_sheet_is_named(who, people, monday):
    for code in ("A", "B"):
        build.spare(code)
    build.spare("M", valuable=True)
    build.spare("MOVED", good=1, by=people.wh, at=monday)
    fine, today = [*who, "A", 1, None, "纸-1", ISSUED], monday.date()
    loans = [
        fine, ["nobody", "KH0", "NONE", 0, None, None, "yesterday"], [*who, "M", 2, "m1", "纸-1", today + DAY], fine,
        [people.wh.username, who[1], "MOVED", 1, None, "纸-2", "1999-12-31"], [*who, "B", 1, "x1 x1", "纸-2", ISSUED],
    ]  # fmt: skip
    old = [
        [*who, "A", 1, "12", "纸-9", ISSUED, "b"],
        [*who, "A", 1, 0, "纸-9", ISSUED, "A"],
        [*who, "A", 1, -1, "", ISSUED],
    ]
    run = opening.dry_run(workbook([["A", "x"]], loans, old), monday)
    found = [fault.cell.split("!") for fault in run.faults]
    sheets = [name for name, _cell in found]
    assert [cell for name, cell in found if name == sheets[0]] == ["B2"]
    assert [cell for name, cell in found if name == "Sheet1"] == [
        "A3", "B3", "C3", "D3", "F3", "G3", "G4", "E4", "F5", "A6", "C6", "G6", "E7",
    ]  # fmt: skip
    assert [cell for name, cell in found if name == "Sheet2"] == ["E2", "H2", "E3", "F4", "E4"]
    with pytest.raises(BadEntry):
        opening.take_in(run, source="x", by=people.wh, at=monday)


def test_a_fault_in_one_sheet_keeps_the_others_out(who, take):
    build.spare("A")
    with pytest.raises(BadEntry):
        take(
            stock=[["A", 5]],
            loans=[[*who, "A", 1, None, "纸-1", ISSUED]],
            awaited=[[*who, "A", 1, 5, "纸-2", None]],
        )
    assert not GoodsReceipt.objects.exists() and not Release.objects.exists()


def test_the_page_takes_all_three_sheets_in(who, people, as_user):
    build.spare("A")
    file = workbook([["A", 5]], [[*who, "A", 1, None, "纸-1", ISSUED]], [[*who, "A", 2, 80, "纸-2", ISSUED]])
    file.name = "opening.xlsx"
    client = as_user(people.wh)
    assert client.post("/parts/opening/", {"file": file, "act": "take"}).status_code == 302
    sheet = Release.objects.get()
    assert (sheet.stage, sheet.lines.count(), sheet.slips.count()) == (ReleaseStage.ISSUED, 2, 2)
    assert "纸-1" in client.get(sheet.slips.get(paper_number="纸-1").get_absolute_url()).content.decode()
    assert client.get(sheet.get_absolute_url()).status_code == 200


def test_the_same_slip_is_taken_in_once(who, take, people, monday):
    build.spare("A")
    row = [*who, "A", 1, None, "纸-1", ISSUED]
    take(loans=[row])
    run = opening.dry_run(workbook(loans=[row, [*who, "A", 1, None, "纸-2", ISSUED]]), monday)
    assert [fault.cell for fault in run.faults] == ["Sheet1!F2"]


def test_customers_that_are_gone_are_not_found(who, people, monday):
    build.spare("A")
    gone = build.customer(monday)
    merge(build.customer(monday), gone, by=people.cs_head, at=monday)
    run = opening.dry_run(workbook(loans=[[who[0], gone.number, "A", 1, None, "纸-1", ISSUED]]), monday)
    assert [fault.cell for fault in run.faults] == ["Sheet1!B2"]


# --- the sheets that stand afterwards
@pytest.mark.clause("4.5")
def test_nobody_s_signature_is_made_up(awaited):
    line = awaited()
    release = line.release
    assert (release.stage, release.basis, release.signed_by, release.signed_at) == (
        "issued",
        "warranty",
        None,
        None,
    )
    assert (line.opening, line.signed_by, line.digest, release.header_digest) == (True, None, "", "")


@pytest.mark.clause("4.5")
def test_only_what_is_from_before_the_portal_is_taken_over(people, monday):
    release = build.released(people, monday)
    with pytest.raises(OutOfTurn, match="before the portal"):
        release.move("take_over", issued_at=monday)
    assert Release.objects.get(pk=release.pk).stage == ReleaseStage.DRAFT


@pytest.mark.clause("5.4")
def test_slips_are_numbered_on_their_true_day_beside_the_paper_one(awaited, take, who):
    awaited()
    take(loans=[[*who, "B" if build.spare("B") else "", 1, None, "纸-8", "2026-01-05"]])
    assert set(Slip.objects.values_list("number", "paper_number", "kind")) == {
        ("JC20260210-0001", "纸-07", "loan"), ("JC20260105-0001", "纸-8", "loan"),
    }  # fmt: skip
    assert Slip.objects.get(paper_number="纸-07").made_at == moment_of(ISSUED)


@pytest.mark.clause("8.7")
def test_one_order_holds_what_an_engineer_has_open_with_a_customer(take, who, people, monday):
    build.spare("A")
    other = build.customer(monday).number
    take(loans=[[*who, "A", 1, None, "纸-1", ISSUED], [who[0], other, "A", 1, None, "纸-2", ISSUED]])
    take(awaited=[[*who, "A", 1, 10, "纸-3", ISSUED]])
    assert sorted(PartsOrder.objects.values_list("customer__number", "engineer__username")) == sorted(
        [(who[1], who[0]), (other, who[0])]
    )
    assert Release.objects.filter(order__customer__number=who[1]).count() == 2


# --- loans
@pytest.mark.clause("4.7")
def test_a_loan_lies_with_the_engineer_until_he_declares_it(take, who, people, monday):
    part = build.spare("M", valuable=True)
    take(stock=[["M", 1, "s1"]], loans=[[*who, "M", 3, "m1 m2,M3", "纸-1", ISSUED]])
    line = ReleaseLine.objects.get()
    assert (on_hand(part, "good"), on_hand(part, "engineer", people.eng), line.undeclared) == (1, 3, 3)
    code = PartCode.objects.get(code="M1")
    assert (code.zone, code.holder, code.events.get().what) == ("engineer", people.eng, "lent")
    release = line.release
    returning.declare(
        release,
        by=people.eng,
        at=monday + DAY,
        said={line.pk: {"used": 1, "unused": 2}},
        codes={line.pk: ["M1"]},
    )
    assert Deadline.objects.of(line).get(rule="unused_return").opened_at == monday + DAY
    paper = returning.hand_in(
        release,
        by=people.eng,
        at=monday + DAY,
        kind="unused",
        pieces={line.pk: 2},
        codes={line.pk: ["M2", "M3"]},
    )
    returning.confirm(paper, by=people.wh, at=monday + 2 * DAY, received={})
    line.refresh_from_db()
    assert (on_hand(part, "good"), on_hand(part, "engineer", people.eng), line.returned) == (3, 0, 2)
    assert (Release.objects.get().stage, drift()) == (ReleaseStage.SETTLED, [])
    assert not Transfer.objects.exists()  # a loan of before costs nothing here


def test_a_loan_without_its_codes_or_of_a_moved_part_stays_out(who, people, monday):
    build.spare("M", valuable=True)
    build.spare("T", good=2, by=people.wh, at=monday)
    rows = [[*who, "M", 1, None, "纸-1", ISSUED], [*who, "T", 1, None, "纸-1", ISSUED]]
    assert [f.cell for f in opening.dry_run(workbook(loans=rows), monday).faults] == [
        "Sheet1!E2",
        "Sheet1!C3",
    ]


# --- awaited old parts
@pytest.mark.clause("4.5a")
@pytest.mark.parametrize(
    ("plan", "kind", "lies"), [("a", "outbound", "old_left"), (None, "loan", "old_taken")]
)
def test_an_awaited_old_part_counts_as_used_and_charged_since_its_true_day(awaited, plan, kind, lies):
    line = awaited(plan)
    assert (line.kind, line.issued, line.used, getattr(line, lies), line.old_due) == (kind, 3, 3, 3, 3)
    row = Transfer.objects.get()
    assert (row.amount, row.day, row.paper) == (Decimal("100.00"), ISSUED, line.slip_lines.get().slip.number)
    assert (credit(Kind.PENDING), credit(Kind.AWAITED)) == (Decimal("-100.00"), Decimal("100.00"))
    assert not Receivable.objects.exists()


@pytest.mark.clause("4.7")
def test_its_clock_runs_from_the_true_day_and_does_not_begin_anew(awaited, people, monday):
    line = awaited()
    row = clock(line)
    assert (row.opened_at, row.assignee) == (moment_of(ISSUED), people.eng)
    assert local_day(row.due_at - DAY) == ISSUED + 15 * DAY and row.due_at < monday
    returning.declare(
        line.release, by=people.eng, at=monday, said={line.pk: {"used": 3, "old_taken": 2, "old_left": 1}}
    )
    again = clock(line)
    assert (again.opened_at, again.due_at, again.edition) == (row.opened_at, row.due_at, row.edition)


@pytest.mark.clause("5.3")
def test_old_parts_that_come_back_are_free_piece_by_piece(awaited, people, monday):
    line = awaited()
    for left in ("66.66", "33.33", "0.00"):
        paper = returning.hand_in(line.release, by=people.eng, at=monday, kind="old", pieces={line.pk: 1})
        returning.confirm(paper, by=people.wh, at=monday + DAY, received={})
        assert credit(Kind.AWAITED) == Decimal(left)
    assert (on_hand(line.part, "old"), line.slip_lines.get().old_in) == (3, 3)
    assert (clock(line).met_at, Release.objects.get().stage) == (monday + DAY, ReleaseStage.SETTLED)


@pytest.mark.clause("5.6")
def test_finance_waives_or_charges_them_for_good(awaited, people, monday):
    """The 15 days were over before the portal began, so it may convert at once."""
    line = awaited()
    signing.waive(line, by=people.fins, at=monday, pieces=1, reason="无回收价值")
    owed = signing.convert(line, by=people.fins, at=monday, pieces=2)
    assert (owed.amount, owed.engineer, owed.due_on) == (Decimal("66.66"), people.eng, monday.date())
    assert (credit(Kind.AWAITED), Release.objects.get().stage) == (Decimal(0), ReleaseStage.SETTLED)


@pytest.mark.clause("5.6")
def test_they_stand_on_the_list_of_the_month(awaited, monday):
    line = awaited()
    paper = UnreturnedList.objects.create(month=dt.date(2026, 3, 1), opened_at=monday + 30 * DAY)
    assert [(row.line, row.quantity, row.amount) for row in rows_of(paper)] == [(line, 3, Decimal("100.00"))]


@pytest.mark.clause("7.1")
def test_a_later_judgement_keeps_the_amount_of_the_paper(awaited, people, monday):
    from parts.services.rerating import rerate

    line = rerate(awaited(), damage="human", by=people.tech, at=monday, why="人为")
    assert (line.charge, line.amount, credit(Kind.AWAITED)) == ("charged", Decimal("100.00"), Decimal(0))
    assert Receivable.objects.get().amount == Decimal("100.00")


def test_more_than_a_sheet_holds_goes_on_a_second_one(take, who):
    codes = [build.spare().code for _ in range(41)]
    take(loans=[[*who, code, 1, None, "纸-1", ISSUED] for code in codes])
    assert sorted(sheet.lines.count() for sheet in Release.objects.all()) == [1, 40]
    assert Part.objects.filter(stocks__zone="engineer", stocks__quantity=1).count() == 41
