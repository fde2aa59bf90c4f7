"""Reconciliation and assessment on A4 (8.8, 8.9): company head, number, figures, rows, a place for both signatures."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at, yuan
from aftersales.money import in_words
from aftersales.paper.sheets import Plain, cell, column, section, table
from aftersales.paper.whole import whole

from ..models import Assessment, Reconciliation, month_name
from ..services.evidence import MOVED, ageing
from . import reconciliations as shown
from .assessments import appealed, clause_of, deductions_of
from .ways import about


def plain(amount: Any) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def reconciliation(paper: Reconciliation, *, by: Any, at: dt.datetime) -> Plain:
    """对账单: seven figures, the rows that make them, what is open at the end of the month, both hands."""
    found = shown.checklist(paper)
    facts = found.figures.facts()
    parts = [
        section(
            _p("form section", "Reconciliation"),
            [cell(_p("form", "Engineer"), paper.engineer, 4), cell(_p("form", "Month"), month_name(paper.month), 4),
             cell(_p("form", "State"), str(paper.get_stage_display()), 4)],
        ),
        table(
            _p("form section", "Figures"), [column("", 3), column(_p("form", "Figure"), 20), column(_p("form", "Amount"), 12)],
            [(sign, str(word), plain(facts[name])) for name, (word, sign) in shown.FORMULA.items()],
        ),
        _rows(found), _open(found), _hands(paper),
    ]  # fmt: skip
    numbers = {_p("form", "Reconciliation number"): paper.number}
    drawn = whole(
        _p("form", "Monthly reconciliation"), paper, parts, by=by, at=at, form="8.8", numbers=numbers, row=8.0
    )
    return drawn | {
        "hands": _p("form", "Opened by the portal: {when}").format(when=moments.when(paper.made_at))
    }


def _rows(found: shown.Checklist) -> Plain:
    rows = [
        (str(shown.FORMULA[name][0]), moments.when(x.row.day), x.row.paper, shown.words(x), about(x.debt), plain(x.amount))
        for name in MOVED for x in found.rows if x.figure == name
    ]  # fmt: skip
    return table(_p("form section", "Rows of the month"), [
        column(_p("form", "Figure"), 9), column(_p("form", "Day"), 8), column(_p("form", "Paper"), 12),
        column(_p("form", "Why"), 14), column(_p("form", "Ticket or order"), 12), column(_p("form", "Amount"), 9),
    ], rows)  # fmt: skip


def _open(found: shown.Checklist) -> Plain:
    rows = [
        (about(x.debt), x.debt.customer.number if x.debt.customer else "", moments.when(x.debt.due_on), str(max(x.days, 0)),
         ageing(x.days), plain(x.amount))
        for x in found.open
    ]  # fmt: skip
    if rows:
        rows.append((_p("form", "Total"), "", "", "", "", plain(shown.sum_of(found.open))))
    return table(_p("form section", "Open at the end of the month"), [
        column(_p("form", "Ticket or order"), 12), column(_p("form", "Customer"), 10), column(_p("form", "Due on"), 9),
        column(_p("form", "Days overdue"), 8), column(_p("form", "Ageing"), 8), column(_p("form", "Amount"), 10),
    ], rows)  # fmt: skip


def _hands(paper: Reconciliation) -> Plain:
    return section(
        _p("form section", "Signatures"),
        [cell(_p("form", "The engineer, at"), by_at(paper.engineer, paper.engineer_signed_at), 6, lines=2),
         cell(_p("form", "Finance, at"), by_at(paper.finance_signed_by, paper.finance_signed_at), 6, lines=2)],
    )  # fmt: skip


def assessment(paper: Assessment, *, by: Any, at: dt.datetime) -> Plain:
    """考核文件: whom, how much in figures and words, on what it rests, who approved and issued it."""
    months = ", ".join(month_name(row.month) for row in deductions_of(paper, by))
    parts = [
        section(
            _p("form section", "Assessment"),
            [cell(_p("form", "Person"), paper.person, 4), cell(_p("form", "Quality report"), paper.about, 4),
             cell(_p("form", "Loss of the case"), "" if paper.loss is None else yuan(paper.loss), 4)],
            [cell(_p("form", "Clause of the standard 9.7"), clause_of(paper), 8),
             cell(_p("form", "Result of the appeal"), appealed(paper), 4)],
            [cell(_p("form", "Amount"), yuan(paper.amount), 4), cell(_p("form", "Total in words"), in_words(paper.amount), 8)],
            [cell(_p("form", "How it was computed"), paper.basis, 12, lines=3)],
            [cell(_p("form", "Payroll month"), months, 6), cell(_p("form", "State"), str(paper.get_stage_display()), 6)],
        ),
        section(
            _p("form section", "Hands"),
            [cell(_p("form", "Approved by, at"), by_at(paper.approved_by, paper.approved_at), 4, lines=2),
             cell(_p("form", "Issued for finance, at"), by_at(paper.issued_by, paper.issued_at), 4, lines=2),
             cell(_p("form", "Taken note of, at"), "", 4, lines=2)],
        ),
    ]  # fmt: skip
    numbers = {_p("form", "Assessment number"): paper.number}
    return whole(
        _p("form", "Assessment document"), paper, parts, by=by, at=at, form="8.9", numbers=numbers, row=9.0
    )
