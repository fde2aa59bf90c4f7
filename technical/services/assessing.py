"""What finance answers to a final judgement (8.9): everything that follows from it is issued, or nothing follows."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from aftersales.paperwork import keep
from aftersales.problems import OutOfTurn

from .. import selectors
from ..flow import ReportStage
from ..models import Report
from .core import locked

CLAUSE = "8.9"


def held_final(report: Report) -> Report:
    """The report under its lock. Raises `OutOfTurn` unless its judgement is final and nothing was settled of it yet (C25)."""
    held = locked(report)
    if held.stage != ReportStage.FINAL:
        raise OutOfTurn(_("Only a judgement that is final and not under appeal is assessed (8.9)."), CLAUSE)
    return held


def apart(report: Report, by: Any) -> None:
    """SD08: who judged the case, decided its review or is or was held responsible has no hand in what is assessed."""
    review = selectors.review_of(report)
    judges = {report.judged_by_id, review.decided_by_id if review else None}
    if by.pk in judges or selectors.was_held(report, by):
        raise Denied(
            _("Who judged this case or is held responsible by it has no hand in its assessment (SD08)."),
            CLAUSE,
        )


@transaction.atomic
def assessed(report: Report, *, by: Any, at: dt.datetime, name: str = "assess") -> Report:
    """Finance is done with the case (`name`: as its history calls it); called by finance, which knows. Raises `OutOfTurn` where
    it is not final."""
    held = locked(report)
    held.move("assess", assessed_at=at)
    return keep(held, name, by=by, at=at)
