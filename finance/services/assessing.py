"""Assessments (8.9): finance drafts from the report and the standard, a leader approves, finance issues; then it is
deducted from the wage of its month, within the cap that protects everybody (domain 11).
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.models import next_number
from aftersales.money import is_amount
from aftersales.problems import BadEntry
from notices.services import tell

from ..models import Assessment, Deduction
from . import deducting

SERIES, CLAUSE = "KH", "8.9"


@transaction.atomic
def draft(
    *, person: Any, amount: Decimal, basis: str, by: Any, at: dt.datetime, report: str = "", clause: str = ""
) -> Assessment:
    """A draft of so many yuan for this person (J80); `report` is a number ZL…, `clause` one of the standard 9.7."""
    demand(by, "assessment.draft")
    if not is_amount(amount):
        raise BadEntry(_("An amount in yuan, more than 0.00, with two decimals at most."), CLAUSE, "amount")
    row = Assessment(person=person, amount=amount, basis=basis, report=report, clause=clause)
    row.number = next_number(SERIES, at)
    row.sign(by=by, at=at, why="draft")
    row.save()
    return row


@transaction.atomic
def approve(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """A leader approves (C37)."""
    demand(by, "assessment.approve", paper)
    apart(paper, by)
    return _moved(paper, "approve", by, at, approved_by=by, approved_at=at)


@transaction.atomic
def drop(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """A leader lets it fall."""
    demand(by, "assessment.approve", paper)
    apart(paper, by)
    return _moved(paper, "drop", by, at)


@transaction.atomic
def issue(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """Finance issues (C25): from now on a draft of this payroll month, or of the first one not yet confirmed."""
    demand(by, "assessment.issue", paper)
    apart(paper, by)
    done = _moved(paper, "issue", by, at, issued_by=by, issued_at=at)
    deducting.of_paper(Deduction.Kind.ASSESSMENT, done.person_id, done.number, done.amount, at, by=by)
    tell(
        [done.person_id], at=at, event_key=f"{done.number}:issued", kind="payment", url=done.get_absolute_url(),
        title=_("Assessment {number}: {amount} yuan (8.9)."),
        params={"number": done.number, "amount": str(done.amount)},
    )  # fmt: skip
    return done


def apart(paper: Assessment, by: Any) -> None:
    """SD08: never the one whom it concerns; who wrote it does not approve it, who approved it does not issue it."""
    if by.pk == paper.person_id:
        raise Denied(_("Nobody decides about his own assessment (SD08)."), CLAUSE)
    before = paper.approved_by_id or paper.made_by_id
    if by.pk == before:
        raise Denied(_("Who wrote or approved an assessment leaves the next step to another (SD08)."), CLAUSE)


def _moved(paper: Assessment, name: str, by: Any, at: dt.datetime, **entries: Any) -> Assessment:
    held = Assessment.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    held.move(name, **entries)
    held.sign(by=by, at=at, why=name)
    held.save()
    return held
