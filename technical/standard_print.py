"""The standard 9.7 on A4: its clauses with what each asks, who drafted and who published it."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.http import Http404
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at
from aftersales.money import plain
from aftersales.paper.sheets import Plain, cell, column, section, table
from aftersales.paper.whole import whole

from . import selectors
from .models import Clause, Standard


def among(user: Any, number: str) -> Standard:
    """The version with this key among those that he may read, else 404."""
    found = selectors.standards_for(user).filter(pk=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise Http404
    return found


def standard(paper: Standard, *, by: Any, at: dt.datetime) -> Plain:
    """《售后质量责任判定与考核标准》, one version."""
    head = SimpleNamespace(
        number=paper.version, revision=1, made_at=paper.drafted_at, made_by=paper.drafted_by,
        get_absolute_url=paper.get_absolute_url,
    )  # fmt: skip
    parts = [_version(paper), _clauses(paper), _hands(paper)]
    return whole(
        paper.title, head, parts, by=by, at=at, form="9.7", numbers={_p("form", "Version"): paper.version}
    )


def _version(paper: Standard) -> Plain:
    return section(
        _p("form section", "Version"),
        [cell(_p("form", "Effective from"), moments.when(paper.effective_on), 6),
         cell(_p("form", "Stage"), paper.get_stage_display(), 6)],
    )  # fmt: skip


def _clauses(paper: Standard) -> Plain:
    heads = [
        column(_p("form", "Clause"), 6), column(_p("form", "Category"), 9), column(_p("form", "Criterion"), 22),
        column(_p("form", "Who answers"), 10), column(_p("form", "Severity"), 7), column(_p("form", "Assessed by"), 10),
        column(_p("form", "How much"), 14), column(_p("form", "Factor"), 6), column(_p("form", "Appeal, working days"), 8),
    ]  # fmt: skip
    return table(_p("form section", "Clauses"), heads, [_row(row) for row in selectors.clauses_of(paper)])


def _row(row: Clause) -> tuple[Any, ...]:
    return (
        row.number, row.get_category_display(), row.criterion, row.party, row.get_severity_display(), row.get_method_display(),
        _much(row), plain(row.factor), row.appeal_days,
    )  # fmt: skip


def _much(row: Clause) -> str:
    """What a clause asks: yuan, percent of the loss, or points; and at most how much."""
    asked = [
        f"{row.amount:,.2f}" if row.amount is not None else "",
        f"{plain(row.percent)} %" if row.percent is not None else "",
        _p("form", "{n} points").format(n=row.points) if row.points is not None else "",
        _p("form", "at most {amount}").format(amount=f"{Decimal(row.cap):,.2f}")
        if row.cap is not None
        else "",
    ]
    return " · ".join(word for word in asked if word)


def _hands(paper: Standard) -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Drafted by, at"), by_at(paper.drafted_by, paper.drafted_at), 6),
         cell(_p("form", "Published by, at"), by_at(paper.published_by, paper.published_at), 6)],
    )  # fmt: skip
