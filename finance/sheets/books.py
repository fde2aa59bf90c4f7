"""Finance's workbooks (8.10): the month of 9.3 and the year's accounts, laid out to be printed; a clerk changes nothing."""

import datetime as dt
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from accounts.models import User
from accounts.services import audit
from aftersales.laid import Laid, summing, write_book
from aftersales.xlsx import held
from parts.models import UnreturnedLine, UnreturnedList
from parts.services import monthly

from ..flow import DeductionStage
from ..models import Column, Deduction, Statement, YearEnd, month_name
from ..rows import Row, answers, counted, customers, totals
from ..rules import ZERO, profit
from ..services import accounts
from ..services.statement_rows import rows_of_many, satisfaction
from . import words

OWED = ("due", "received", "open")


def _words() -> tuple[str, str]:
    return _("Total"), _("The portal's own total")


# --- the month
def month(first: dt.date, *, by: Any, at: dt.datetime) -> IO[bytes]:
    """`/finance/statements/<YYYY-MM>.xlsx`: total sheet, a sheet per engineer, unreturned parts, deductions; logged (C27)."""
    papers = Statement.objects.filter(month=first).select_related("engineer", "checked_by")
    sheets = list(papers.prefetch_related("adjustments").order_by("engineer__name", "pk"))
    names = words.columns(may(by, "cost.view"))
    rows = rows_of_many(sheets, at)
    shown = customers(row for found in rows.values() for row in found)
    leaves = [_totals(first, sheets, rows, names)]
    leaves += [_engineer(sheet, rows[sheet.pk], names, shown) for sheet in sheets]
    leaves += [_unreturned(first), _deductions(first)]
    out = held(lambda out: write_book(out, leaves))
    audit(
        "finance.export",
        by=by,
        at=at,
        subject=f"statements:{month_name(first)}",
        rows=sum(x.count for x in leaves),
    )
    return out


def _totals(first: dt.date, sheets: list[Statement], rows: dict[int, list[Row]], names: list[str]) -> Laid:
    head = [_("Engineer"), _("Sheet"), _("Stage"), _("Tickets"), _("Reports to come"), _("Due"), _p("money", "Received"),
            _("Still open"), *map(words.word, names), _("Profit of the month"), _("Satisfaction")]  # fmt: skip
    grades = answers(row for found in rows.values() for row in found)
    lines = [_engineers_line(sheet, rows[sheet.pk], names, grades) for sheet in sheets]
    count, last = len(names), 8 + len(names)
    return Laid(
        _("Totals {month}").format(month=month_name(first)), head, lines, [14, 18, 14, 9, 9, *[12] * (count + 4), 10],
        own=summing(lines, {*range(3, last + 1)}), words=_words(), money=range(5, last + 1),
    )  # fmt: skip


def _engineers_line(sheet: Statement, rows: list[Row], names: list[str], grades: Any) -> list[Any]:
    mine, sums = counted(rows), totals(rows, sheet.adjustments.all())
    owed = [sum((getattr(row, name) for row in mine), ZERO) for name in OWED]
    return [
        str(sheet.engineer), sheet.number, sheet.stage_label(), len(mine), sum(row.waits for row in rows), *owed,
        *(sums[name] for name in names), profit(sums), satisfaction(mine, grades),
    ]  # fmt: skip


def _engineer(sheet: Statement, rows: list[Row], names: list[str], shown: dict[str, str]) -> Laid:
    """The tickets that count, then finance's own lines; below the totals those whose report is still to come."""
    head = [
        _("Ticket"), _("Customer"), _("Region"), _("Model"), _("VIN"), _("Reported"), _("Completed"), _("Plan"), _("Fault"),
        _("Charge"), _("Due"), _p("money", "Received"), _("Still open"), *map(words.word, names), _("Profit"),
        _("Above the standard"), _("Approved by"), _("Old parts due"), _("Old parts in"), _("Old parts open"), _("In time"),
        _("Quality report"),
    ]  # fmt: skip
    lines = [_line(row, names, shown) for row in counted(rows)]
    lines += [_adjustment(line, names) for line in sheet.adjustments.all()]
    waiting = [_line(row, names, shown) for row in rows if row.pending]
    over = 14 + len(names)
    money = [10, 11, 12, *range(13, over + 1)]
    widths = [18, 20, 14, 14, 20, 11, 11, 6, 10, 10, *[11] * (4 + len(names)), 11, 12, 8, 8, 8, 16, 14]
    return Laid(
        str(sheet.engineer), head, lines, widths, own=summing(lines, {*money, over + 2, over + 3, over + 4}), words=_words(),
        money=money, after=[[_("Not counted: quality report to come")], *waiting] if waiting else (),
    )  # fmt: skip


def _line(row: Row, names: list[str], shown: dict[str, str]) -> list[Any]:
    return [
        row.ticket, shown.get(row.customer, row.customer), row.region, row.model, row.vin, row.reported, row.completed,
        words.plan(row), words.fault(row), words.charge(row), row.due, row.received, row.open, *words.money_of(row, names),
        profit(row.amounts), row.over, row.over_by, row.old_due, row.old_in, row.old_open, words.in_time(row), words.report(row),
    ]  # fmt: skip


def _adjustment(line: Any, names: list[str]) -> list[Any]:
    """A line of finance's own: its amount stands in its column, its reason beside it."""
    own = [line.amount if name == line.column else None for name in names]
    return [_("Adjustment"), line.reason, *[None] * 11, *own, profit({line.column: line.amount}), *[None] * 7]


def _unreturned(first: dt.date) -> Laid:
    """5.6, as submitted or as it stands now."""
    found = UnreturnedList.objects.filter(month=first).first()
    lines = [
        [x.line.release.number, x.line.release.about.number, x.line.part.code, x.line.part.name, x.quantity, x.amount,
         str(x.line.holder or x.line.release.engineer), str(UnreturnedLine.State(x.state).label)]
        for x in (monthly.rows_of(found) if found else [])
    ]  # fmt: skip
    head = [
        _("Release"),
        _("Ticket"),
        _("Part code"),
        _("Part name"),
        _("Pieces"),
        _("Amount"),
        _("Engineer"),
        _("State"),
    ]
    return Laid(
        _("Parts not returned"), head, lines, [18, 18, 14, 24, 8, 12, 14, 14], own=summing(lines, {4, 5}), words=_words(),
        money=[5],
    )  # fmt: skip


def _deductions(first: dt.date) -> Laid:
    """The deductions of this payroll month (8.8)."""
    rows = Deduction.objects.filter(month=first).select_related(
        "engineer", "receivable__ticket", "receivable__order"
    )
    lines, gone = list[list[Any]](), list[list[Any]]()
    for x in rows.order_by("engineer__name", "pk"):
        facts = [
            x.number,
            str(x.engineer),
            str(x.get_kind_display()),
            _for(x),
            x.due_on,
            x.amount,
            x.confirmed,
            x.stage_label(),
        ]
        (gone if x.stage in (DeductionStage.DROPPED, DeductionStage.ROLLED) else lines).append(facts)
    head = [
        _("Number"),
        _("Engineer"),
        _("Kind"),
        _("For"),
        _("Due on"),
        _("Amount"),
        _("Confirmed"),
        _("Stage"),
    ]
    return Laid(
        _("Deductions"), head, lines, [18, 14, 16, 20, 12, 12, 12, 20], own=summing(lines, {5, 6}), words=_words(), money=[5, 6],
        after=[[_("Not counted: dropped, or moved to the next month")], *gone] if gone else (),
    )  # fmt: skip


def _for(row: Deduction) -> str:
    debt = row.receivable
    return row.paper or (str(debt.about.number if debt.about else debt.note) if debt else "")


# --- the year
def year(number: int, *, by: Any, at: dt.datetime) -> IO[bytes]:
    """`/finance/accounts/<YYYY>.xlsx`: by engineer with the share, by month, by model, by region; logged (C27)."""
    amounts, names = accounts.of_year(number), words.columns(may(by, "cost.view"))
    people = dict(User.objects.values_list("pk", "name"))
    months = {first: accounts.by_engineer(accounts.of_month(first)) for first in accounts.months_of(number)}
    leaves = [_shares(number, amounts, names, people), _months(number, months, names)]
    for title, groups in (
        (_("By model"), accounts.by_model(amounts)),
        (_("By region"), accounts.by_region(amounts)),
    ):
        lines = [[key or _("without"), *_amounts(group, names)] for key, group in sorted(groups.items())]
        leaves.append(_leaf(number, title, _by(title), lines, names))
    leaves += [_own(number, key, months, names, people) for key in _people(amounts, people)]
    out = held(lambda out: write_book(out, leaves))
    audit("finance.export", by=by, at=at, subject=f"accounts:{number}", rows=sum(x.count for x in leaves))
    return out


def _amounts(group: Any, names: list[str]) -> list[Decimal]:
    return [*(group[name] for name in names), profit(group)]


def _by(title: str) -> str:
    """What the first column holds: by model → model."""
    return {_("By model"): _("Model"), _("By region"): _("Region")}[title]


def _leaf(number: int, title: str, first: str, lines: list[list[Any]], names: list[str], *more: Any) -> Laid:
    """`first`: the word over the first column; `more`: further columns of yuan."""
    head = [first, *map(words.word, names), _("Profit"), *more]
    places = range(1, len(head))
    return Laid(
        f"{title} {number}",
        head,
        lines,
        [22, *[13] * (len(head) - 1)],
        own=summing(lines, places),
        words=_words(),
        money=places,
    )


def _shares(number: int, amounts: accounts.Amounts, names: list[str], people: dict[int, str]) -> Laid:
    found = YearEnd.objects.filter(year=number).exclude(stage="dropped").first()
    share = dict(found.shares.values_list("engineer", "share")) if found else {}
    groups = sorted(accounts.by_engineer(amounts).items(), key=lambda item: people.get(item[0], ""))
    lines = [[people.get(key, _("nobody")), *_amounts(group, names), share.get(key)] for key, group in groups]
    return _leaf(number, _("By engineer"), _("Engineer"), lines, names, _("Share"))


#: month → engineer → column → yuan
Months = dict[dt.date, dict[Any, dict[str, Decimal]]]


def _months(number: int, months: Months, names: list[str]) -> Laid:
    lines = [[first, *_amounts(accounts.total(groups), names)] for first, groups in months.items()]
    return _leaf(number, _("By month"), _("Month"), lines, names)


def _people(amounts: accounts.Amounts, people: dict[int, str]) -> list[Any]:
    """The engineers of the year by name; what belongs to nobody has no sheet of its own."""
    return sorted(
        (key for key in accounts.by_engineer(amounts) if key is not None), key=lambda key: people.get(key, "")
    )


def _own(number: int, key: Any, months: Months, names: list[str], people: dict[int, str]) -> Laid:
    """One engineer's year, month by month (8.10)."""
    nothing = dict.fromkeys(Column.values, ZERO)
    lines = [[first, *_amounts(groups.get(key, nothing), names)] for first, groups in months.items()]
    return _leaf(number, people.get(key, str(key)), _("Month"), lines, names)
