"""What a final judgement asks of our people by the clauses of the standard 9.7, and how that is computed (8.9)."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.selectors import members
from aftersales.money import plain
from technical import rules
from technical.flow import ReportStage
from technical.models import OURS, Method, Report, Share

from ..flow import UNDER_WAY, AssessmentStage
from ..models import Assessment
from . import quality_cost


@dataclass(frozen=True)
class Asked:
    """What a share of a case asks: of whom (None: its department had no head who was told), how many yuan, computed how."""

    share: Share
    person: Any
    amount: Decimal
    loss: Decimal
    basis: str


def asked(report: Report, at: dt.datetime) -> list[Asked]:
    """What the shares in force ask of our people by the clauses of the standard; only where that is more than 0.00 yuan."""
    loss = quality_cost.total(quality_cost.of(report, at))
    shares = _ours(report)
    found = [_asked(share, shares, loss) for share in shares]
    return [row for row in found if row.amount > 0]


def _ours(report: Report) -> list[Share]:
    rows = report.shares.filter(replaced=False, party__in=OURS)
    return list(rows.select_related("clause", "person", "told"))


def answerable(report: Report, at: dt.datetime) -> list[Asked]:
    """Whom an assessment by hand may name: by each share of ours of which none is written or left, and the most that its clause
    asks, which may be 0.00 yuan; for a department who was told as its head, or each of its people where it had none."""
    taken = Assessment.objects.filter(case=report, share__isnull=False).exclude(stage=AssessmentStage.DROPPED)
    shares, gone = _ours(report), set(taken.values_list("share", flat=True))
    loss = quality_cost.total(quality_cost.of(report, at))
    rows = [_asked(share, shares, loss) for share in shares if share.pk not in gone]
    return [one for row in rows for one in ([row] if row.person else _anybody(row, at))]


def _anybody(row: Asked, at: dt.datetime) -> list[Asked]:
    return [replace(row, person=who) for who in members(row.share.department, at).order_by("name", "pk")]


def _asked(share: Share, beside: list[Share], loss: Decimal) -> Asked:
    amount = by_clause(share, beside, loss)
    return Asked(share, share.person or share.told, amount, loss, computed(share, loss))


def by_clause(share: Share, beside: list[Share], loss: Decimal) -> Decimal:
    """Yuan that the clause of the standard asks of a share of a case that cost `loss` yuan, at most its cap (8.9). `beside`: the
    shares of ours; those of the same clause together are asked no more than their percents of it."""
    clause = share.clause
    whole = rules.whole_of(
        method=clause.method, loss=loss, amount=clause.amount, percent=clause.percent, factor=clause.factor
    )
    mine = rules.part_of(whole, share, [row for row in beside if row.clause_id == clause.pk])
    return mine if clause.cap is None else min(mine, clause.cap)


def computed(share: Share, loss: Decimal) -> str:
    """How the amount comes about, in the company's language: it stands on a paper that is issued (8.9)."""
    with translation.override(settings.LANGUAGE_CODE):
        return _computed(share, loss)


def _computed(share: Share, loss: Decimal) -> str:
    clause = share.clause
    facts = {
        "clause": clause.number, "factor": plain(clause.factor), "share": plain(share.percent), "amount": clause.amount,
        "percent": plain(clause.percent or Decimal(0)), "loss": loss, "cap": clause.cap,
    }  # fmt: skip
    text = (
        _("Clause {clause}: {percent} % of the loss of {loss} yuan × factor {factor} × {share} % of the case")
        if clause.method == Method.LOSS
        else _("Clause {clause}: {amount} yuan × factor {factor} × {share} % of the case")
    )
    most = "" if clause.cap is None else _("; at most {cap} yuan")
    return (text + most).format(**facts)


def asks_nothing(report: Report, at: dt.datetime) -> bool:
    """The case is final, its clauses ask 0.00 yuan, and no assessment of it is under way: it waits for somebody to say so."""
    if report.stage != ReportStage.FINAL or not report.ours:
        return False
    under_way = Assessment.objects.filter(case=report, stage__in=UNDER_WAY)
    return not unwritten(report, at) and not under_way.exists()


def unwritten(report: Report, at: dt.datetime) -> list[Asked]:
    """What a case asks and nobody has written an assessment of."""
    written = set(Assessment.objects.filter(case=report, share__isnull=False).values_list("share", flat=True))
    return [row for row in asked(report, at) if row.share.pk not in written]
