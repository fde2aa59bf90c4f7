"""统计表 9.3 on A4: tickets, money, costs, finance's own lines, totals, hands."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.paper.sheets import Plain, cell, column, section, table
from aftersales.paper.whole import whole

from ..models import Statement, month_name
from ..rows import counted, on_time, totals
from ..rules import PROFIT, profit
from . import words
from .statements import Shown
from .words import yuan

INCOME = [name for name, counts in PROFIT.items() if counts > 0]


def statement(paper: Statement, *, by: Any, at: dt.datetime) -> Plain:
    """The sheet as its reader sees it; the engineer's own copy names the cost of parts as a sum only (C32)."""
    shown = Shown(paper, by, at)
    parts = [
        _head(shown),
        _tickets(shown),
        _income(shown),
        _costs(shown),
        _lines(shown),
        _totals(shown),
        _hands(shown),
    ]
    numbers = {_p("form", "Statistics sheet number"): paper.number}
    drawn = whole(
        _p("form", "After-sales statistics sheet"),
        paper,
        parts,
        by=by,
        at=at,
        form="9.3",
        numbers=numbers,
        row=8.0,
    )
    return drawn | {
        "hands": _p("form", "Opened by the portal: {when}").format(when=moments.when(paper.made_at))
    }


def _head(shown: Shown) -> Plain:
    paper = shown.paper
    return section(
        _p("form section", "Sheet"),
        [cell(_p("form", "Month"), month_name(paper.month), 6), cell(_p("form", "After-sales engineer"), paper.engineer, 6)],
        [cell(_p("form", "Submitted at"), paper.confirmed_at, 6), cell(_p("form", "Stage"), paper.stage_label(), 6)],
    )  # fmt: skip


def _tickets(shown: Shown) -> Plain:
    rows = [
        (row.ticket, shown.customers.get(row.customer, ""), row.region, f"{row.model} {row.vin}".strip(),
         f"{moments.when(row.reported)}\n{moments.when(row.completed)}", f"{words.plan(row)} {words.fault(row)}".strip(),
         words.charge(row), words.old_parts(row), words.in_time(row).replace(" · ", "\n"), words.report(row))
        for row in shown.rows
    ]  # fmt: skip
    return table(_p("form section", "Tickets"), [
        column(_p("form", "Repair order number"), 13), column(_p("form", "Customer"), 13), column(_p("form", "Region"), 6),
        column(_p("form", "Model / VIN"), 15), column(_p("form", "Reported, completed"), 9),
        column(_p("form", "Plan, fault"), 6), column(_p("form", "Charge"), 5),
        column(_p("form", "Old parts: due / in / open"), 4), column(_p("form", "In time"), 5),
        column(_p("form", "Quality report"), 4),
    ], rows or [("",) * 10])  # fmt: skip


def _income(shown: Shown) -> Plain:
    names = [name for name in shown.columns if name in INCOME]
    rows = [
        (
            row.ticket,
            *map(yuan, words.money_of(row, names)),
            yuan(row.due),
            yuan(row.received),
            yuan(row.open),
        )
        for row in counted(shown.rows)
    ]
    sums, owed = totals(shown.rows), [yuan(shown.sum(name)) for name in ("due", "received", "open")]
    rows.append((_p("form", "Total"), *(yuan(sums[name]) for name in names), *owed))
    return table(_p("form section", "Income"), [
        column(_p("form", "Repair order number"), 14), *(column(words.word(name), 10) for name in names),
        column(_p("form", "Due"), 10), column(_p("money", "Received"), 10), column(_p("form", "Still open"), 10),
    ], rows)  # fmt: skip


def _costs(shown: Shown) -> Plain:
    names = [name for name in shown.columns if name not in INCOME]
    sums = totals(shown.rows)
    rows = [(row.ticket, *map(yuan, words.money_of(row, names))) for row in counted(shown.rows)]
    rows.append(
        (
            _p("form", "Total"),
            *(yuan(sums[name]) for name in names),
        )
    )
    heads = [column(_p("form", "Repair order number"), 14), *(column(words.word(name), 7) for name in names)]
    return table(_p("form section", "Costs"), heads, rows)


def _lines(shown: Shown) -> Plain:
    rows = [
        (line.get_column_display(), yuan(line.amount), line.reason, f"{line.by} {moments.when(line.at)}") for line in shown.lines
    ]  # fmt: skip
    return table(_p("form section", "Adjustments by finance"), [
        column(_p("form", "Column"), 10), column(_p("form", "Amount"), 9), column(_p("form", "Reason"), 40),
        column(_p("form", "By, at"), 11),
    ], rows or [("",) * 4])  # fmt: skip


def _totals(shown: Shown) -> Plain:
    amounts = [(str(name), amount) for name, amount in words.summed(shown.totals, words.columns(True))[:-1]]
    text = " · ".join(f"{name} {amount}" for name, amount in amounts)
    clocks = " · ".join(
        f"{words.clause(rule)} {good} / {of}" for rule, (good, of) in on_time(shown.rows).items()
    )
    grade = "" if shown.satisfaction is None else str(shown.satisfaction)
    return section(
        _p("form section", "Totals"),
        [cell(_p("form", "Sums, adjustments included"), text, 12, lines=2)],
        [cell(_p("form", "Profit of the month"), yuan(profit(shown.totals)), 4),
         cell(_p("form", "Satisfaction (mean, from five answers on)"), grade, 4), cell(_p("form", "In time"), clocks, 4)],
    )  # fmt: skip


def _hands(shown: Shown) -> Plain:
    paper = shown.paper
    confirmed = f"{paper.engineer} {moments.when(paper.confirmed_at)}" if paper.confirmed_at else ""
    checked = f"{paper.checked_by} {moments.when(paper.checked_at)}" if paper.checked_at else ""
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Confirmed by the engineer, at"), confirmed, 6, lines=2),
         cell(_p("form", "Checked by finance, at"), checked, 6, lines=2)],
    )  # fmt: skip
