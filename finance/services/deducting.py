"""Day 40 (4.11, 8.8): a nightly draft, the engineer's objection, what is not confirmed rolls on. Never automatic: finance
confirms (`payroll.py`), within the cap.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.limits import first_of, following, local_day
from aftersales.models import next_number
from notices.services import tell
from policy import figures

from ..flow import DeductionStage
from ..models import Deduction, Payroll, Receipt, Receivable, Transfer
from ..selectors import open_amounts
from ..wages import is_over, payroll_month
from . import owing
from .reasons import Why

SERIES, CLAUSE = "KK", "8.8"
LIVE = owing.LIVE


def days() -> int:
    """The forty days of the charter."""
    return int(figures.value("receivable_days"))


# --- the nightly draft
def draft_due(now: dt.datetime) -> int:
    """A draft for every debt whose 40th day is over and that has none; what its month left unconfirmed rolls on first.

    Safe to run any number of times, late, or twice at once: one row per debt and payroll month. Answers how many are new.
    """
    roll_on(now)
    today, made = local_day(now), 0
    for row in _overdue(today):
        with transaction.atomic():
            made += _draft(owing.hold(row), now) is not None
    return made


def _overdue(today: dt.date) -> list[Receivable]:
    """Debts over their 40th day with something left, without a live draft, and whose objection was not upheld."""
    last = today - dt.timedelta(days=days() + 1)
    rows = Receivable.objects.filter(due_on__lte=last).exclude(deductions__stage__in=LIVE)
    rows = rows.exclude(deductions__in=Deduction.objects.filter(upheld=True))
    found = list(rows.order_by("due_on", "pk"))
    amounts = open_amounts(found)
    return [row for row in found if amounts[row.pk] > 0]


def _draft(row: Receivable, now: dt.datetime) -> Deduction | None:
    amount = owing.left(row)
    if (
        amount <= 0
        or not is_over(row.due_on, days(), local_day(now))
        or row.deductions.filter(stage__in=LIVE).exists()
    ):
        return None
    month = first_free(row.engineer_id, max(payroll_month(row.due_on, days()), first_of(local_day(now))))
    paper = write(
        Deduction(kind=Deduction.Kind.DEBT, engineer_id=row.engineer_id, receivable=row, due_on=row.due_on, amount=amount),
        month, now,
    )  # fmt: skip
    _tell(paper, now)
    return paper


def first_free(person: int, month: dt.date) -> dt.date:
    """The first payroll month from `month` on that is not confirmed for this person yet (domain 10)."""
    taken = set(Payroll.objects.filter(person=person, month__gte=month).values_list("month", flat=True))
    while month in taken:
        month = following(month)
    return month


def of_paper(
    kind: str, person: int, paper: str, amount: Decimal, at: dt.datetime, *, by: Any = None
) -> Deduction:
    """For an assessment or a fine: due on the day on which it is issued, of the first payroll month not yet confirmed."""
    today = local_day(at)
    row = Deduction(kind=kind, engineer_id=person, paper=paper, due_on=today, amount=amount)
    return write(row, first_free(person, first_of(today)), at, by=by)


def write(paper: Deduction, month: dt.date, at: dt.datetime, *, by: Any = None) -> Deduction:
    """Give the draft its month, key and number; a month that already had a row of this source counts up."""
    source = f"deduct:{paper.receivable_id or paper.paper}:{month:%Y%m}"
    again = Deduction.objects.filter(key__startswith=source).count()
    paper.month, paper.key = month, f"{source}:{again + 1}" if again else source
    paper.number = next_number(SERIES, at)
    paper.sign(by=by, at=at)
    paper.save()
    return paper


def _tell(paper: Deduction, at: dt.datetime) -> None:
    tell(
        [paper.engineer_id], at=at, event_key=f"{paper.key}:draft", kind="payment",
        title=_("{amount} yuan are to be deducted from your wage of {month}; you may object (8.8)."),
        params={"amount": str(paper.amount), "month": f"{paper.month:%Y-%m}"}, url=paper.get_absolute_url(),
    )  # fmt: skip


# --- what is not confirmed rolls on
def roll_on(now: dt.datetime) -> int:
    """Drafts and open objections of a payroll month that is over move to the first one that is neither past nor confirmed."""
    this = first_of(local_day(now))
    rows, moved = Deduction.objects.filter(stage__in=LIVE, month__lt=this).order_by("pk"), 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Deduction.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.stage in LIVE and row.month < this:
                moved += roll(row, this, at=now) is not None
    return moved


def roll(
    row: Deduction, month: dt.date, *, at: dt.datetime, by: Any = None, amount: Decimal | None = None,
    carried: bool | None = None,
) -> Deduction:  # fmt: skip
    """The row ends as moved; the first free month from `month` on has one of its own, with the objection if one is open."""
    objected = row.stage == DeductionStage.OBJECTED
    if row.stage in LIVE:
        row.move("roll")
        row.sign(by=by, at=at, why="moved to the next month")
        row.save()
    new = Deduction(
        kind=row.kind, engineer_id=row.engineer_id, receivable=row.receivable, paper=row.paper, due_on=row.due_on,
        amount=row.amount if amount is None else amount, carried=row.carried if carried is None else carried,
        objection=row.objection, objected_at=row.objected_at, decision=row.decision, decided_at=row.decided_at,
        decided_by=row.decided_by,
    )  # fmt: skip
    if objected:
        new.move("object", objection=row.objection, objected_at=row.objected_at)
    return write(new, first_free(row.engineer_id, month), at, by=by)


# --- objection
@transaction.atomic
def object_to(paper: Deduction, *, by: Any, at: dt.datetime, objection: str) -> Deduction:
    """The engineer says why it is wrong (C14); it is not confirmed before a leader has decided."""
    return _moved(paper, "object", by, at, objection=objection, objected_at=at)


@transaction.atomic
def uphold(paper: Deduction, *, by: Any, at: dt.datetime, decision: str) -> Deduction:
    """A leader agrees with the engineer (C34): dropped for good."""
    return _decided(paper, "uphold", by, at, decision)


@transaction.atomic
def overrule(paper: Deduction, *, by: Any, at: dt.datetime, decision: str) -> Deduction:
    """A leader does not agree (C34): the draft passes on."""
    return _decided(paper, "overrule", by, at, decision)


def _decided(paper: Deduction, name: str, by: Any, at: dt.datetime, decision: str) -> Deduction:
    demand(by, "deduction.decide_objection", paper)
    apart(paper, by)
    done = _moved(paper, name, by, at, decision=decision, decided_by=by, decided_at=at)
    tell(
        [done.engineer_id], at=at, event_key=f"{done.key}:decided", kind="payment", url=done.get_absolute_url(),
        title=_("A leader has decided about your objection to {number} (8.8)."), params={"number": done.number},
    )  # fmt: skip
    return done


def _moved(paper: Deduction, name: str, by: Any, at: dt.datetime, **entries: Any) -> Deduction:
    held = Deduction.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    held.move(name, **entries)
    held.sign(by=by, at=at, why=name)
    held.save()
    return held


def apart(paper: Deduction, by: Any) -> None:
    """SD07: neither the engineer concerned nor whoever recorded a payment of that debt."""
    apart_from([paper], by)


def not_himself(by: Any, *people: int) -> None:
    """SD07: a month without drafts is closed to later ones by its confirmation, so it counts as well."""
    if by.pk in people:
        raise Denied(_("Nobody decides about what is taken from his own wage (SD07)."), CLAUSE)


def apart_from(papers: Iterable[Deduction], by: Any) -> None:
    """SD07 for many at once, in one statement."""
    rows = list(papers)
    not_himself(by, *(row.engineer_id for row in rows))
    debts = [row.receivable_id for row in rows if row.receivable_id]
    paid = Q(uses__receivable__in=debts) | Q(uses__release__receivables__in=debts)
    if debts and Receipt.objects.filter(paid, made_by=by).exists():
        raise Denied(
            _("Who recorded a payment of this debt does not decide about its deduction (SD07)."), CLAUSE
        )
    keys = Receivable.objects.filter(pk__in=debts).values("key")
    if debts and Transfer.objects.filter(key__in=keys, why=Why.OPENING, by=by).exists():
        raise Denied(
            _("Who took this debt over from paper does not decide about its deduction (SD07)."), CLAUSE
        )
