"""The monthly reconciliation with each engineer (4.11, 8.8): seven figures from the ledger, both sign them, the month locks."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.models import Posting, User
from accounts.selectors import members
from aftersales.charter import Department, Fact
from aftersales.limits import first_of, following, local_day, moment_of
from aftersales.models import next_number
from aftersales.problems import OutOfTurn, Stale
from deadlines import services as deadlines
from notices.services import tell
from parts.rules import digest

from ..flow import ReconciliationStage
from ..models import Kind, Receivable, Reconciliation, Transfer, Unlocking
from . import booking, ledger
from .reasons import Why

SERIES, CLAUSE = "DZ", "8.8"
LAST_DAY = 5  # of the month: reconciled by then (4.11)
C = ReconciliationStage
NOTHING = Decimal("0.00")
#: which rows are new debts; what is neither new, paid, deducted nor refunded adjusts
NEW = (Why.ISSUED, Why.CONVERTED, Why.LABOUR, Why.OPENING)


class Figures(NamedTuple):
    """Yuan. closing = opening + new + adjusted − collected − deducted + refunded, by construction: every row is in one."""

    opening: Decimal
    new: Decimal
    adjusted: Decimal
    collected: Decimal
    deducted: Decimal
    refunded: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.new + self.adjusted - self.collected - self.deducted + self.refunded

    def digest(self) -> str:
        """Of what both sign."""
        return digest(*(f"{name}={value}" for name, value in self.facts().items()))

    def facts(self) -> dict[str, Decimal]:
        return self._asdict() | {"closing": self.closing}


def figures(engineer: Any, month: dt.date) -> Figures:
    """What the ledger says of his debts in that month. A locked month before gives the opening; only this month is summed."""
    last = Reconciliation.objects.filter(
        engineer=engineer, month=booking.before(month), stage=C.LOCKED
    ).values_list("closing", flat=True)
    opening = last.first()
    if opening is None:
        opening = sum(_sums(engineer, Q(day__lt=month)).values(), NOTHING)
    sums = _sums(engineer, booking.of_month(month))
    named = {
        "new": sum((sums.pop((why, 1), NOTHING) for why in NEW), NOTHING),
        "collected": -_both(sums, Why.PAID) - _both(sums, Why.CREDIT),
        "deducted": -_both(sums, Why.DEDUCTED),
        "refunded": _both(sums, Why.REFUNDED),
    }
    return Figures(opening=opening, adjusted=sum(sums.values(), NOTHING), **named)


def _both(sums: dict[tuple[str, int], Decimal], why: str) -> Decimal:
    return sums.pop((why, 1), NOTHING) + sums.pop((why, -1), NOTHING)


def _sums(engineer: Any, when: Q) -> dict[tuple[str, int], Decimal]:
    """(why, +1 onto his debts or −1 off them) → signed yuan."""
    keys = Receivable.objects.filter(engineer=engineer).values("key")
    found: dict[tuple[str, int], Decimal] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = Transfer.objects.filter(
            when, **{f"{side}__kind": Kind.RECEIVABLE, f"{side}__of__in": keys}
        ).order_by()
        for why, total in rows.values_list("why").annotate(total=Sum("amount")):
            found[why, sign] = found.get((why, sign), NOTHING) + sign * total
    return found


# --- the paper of the month
def open_all(now: dt.datetime) -> int:
    """A reconciliation for each engineer of every month that has ended: twice is once, late catches up."""
    made = 0
    for month in _missing(now):
        there = set(Reconciliation.objects.filter(month=month).values_list("engineer", flat=True))
        for engineer in engineers_of(month):
            made += _open(engineer, month, now) if engineer.pk not in there else 0
    return made


def _missing(now: dt.datetime) -> list[dt.date]:
    """Ended months since the portal holds debts; all of them, because an engineer may have come to one later. What was
    taken over from paper arose before that and is the first month's opening: no month before the portal is reconciled."""
    first = Receivable.objects.order_by("made_at").values_list("made_at", flat=True).first()
    last = Reconciliation.objects.order_by("-month").values_list("month", flat=True).first()
    if first is None:
        return []
    begin = first_of(local_day(first))
    return booking.months_between(max(begin, last or begin), local_day(now))


def engineers_of(month: dt.date) -> list[User]:
    """Who was posted as an engineer on any day of the month, or is liable for a debt that had arisen by its end."""
    last = booking.last_of(month)
    posted = Posting.objects.filter(department=Department.ENGINEERS, pending=False, since__lte=last)
    posted = posted.filter(Q(until=None) | Q(until__gte=month))
    liable = Receivable.objects.filter(
        engineer=OuterRef("pk"), arose_on__lte=last
    )  # one of his is enough, whatever the past
    return list(User.objects.filter(Q(pk__in=posted.values("user")) | Exists(liable)))


@transaction.atomic
def _open(engineer: User, month: dt.date, now: dt.datetime) -> int:
    # two jobs at once take turns for him; no_key: papers that name him are written meanwhile
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=engineer.pk).order_by("pk"))
    found = Reconciliation.objects.filter(engineer=engineer, month=month).first()
    if found is None:
        found = Reconciliation(engineer=engineer, month=month, number=next_number(SERIES, now))
        found.sign(by=None, at=now)
        found.save()
        deadlines.record(Fact.RECONCILIATION_OPENED, found, at=moment_of(following(month)), by=None)
        return 1
    return 0


# --- signing
def shown(paper: Reconciliation) -> Figures:
    """What the page shows and a signature covers: frozen once locked, else as the ledger stands."""
    if paper.stage == C.LOCKED:
        return Figures(*(getattr(paper, name) for name in Figures._fields))
    return figures(paper.engineer, paper.month)


@transaction.atomic
def sign_engineer(paper: Reconciliation, *, by: Any, at: dt.datetime, shown: str = "") -> Reconciliation:
    """The engineer signs his month (B18); the second of the two signatures locks it."""
    demand(by, "reconcile.confirm_engineer", paper)
    held, now = _ready(paper, by, at, shown)
    moved = "engineer_locks" if held.stage == C.FINANCE else "engineer_signs"
    return _signed(held, moved, now, Fact.ENGINEER_RECONCILED, by, at, signed_at=at)


@transaction.atomic
def sign_finance(paper: Reconciliation, *, by: Any, at: dt.datetime, shown: str = "") -> Reconciliation:
    """Finance signs (C11), never the engineer himself."""
    demand(by, "reconcile.confirm_finance", paper)
    if by.pk == paper.engineer_id:
        raise Denied(_("Nobody signs both sides of his own month (SD04)."), CLAUSE)
    held, now = _ready(paper, by, at, shown)
    moved = "finance_locks" if held.stage == C.ENGINEER else "finance_signs"
    return _signed(held, moved, now, Fact.FINANCE_RECONCILED, by, at, signed_at=at, signed_by=by)


def _ready(paper: Reconciliation, by: Any, at: dt.datetime, seen: str) -> tuple[Reconciliation, Figures]:
    """Under its lock with nobody booking meanwhile; a first signature on other figures than now is void (both sign the same)."""
    booking.hold(paper.month)
    held = Reconciliation.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if local_day(at) < following(held.month):
        raise OutOfTurn(_("The month is not over yet."), CLAUSE)
    if refused := first_earlier(held):
        raise refused
    now = figures(held.engineer, held.month)
    if seen and seen != now.digest():
        raise Stale(_("The figures have moved since they were shown. Nothing was signed; below they stand as they are now."),
                    CLAUSE)  # fmt: skip
    if is_void(held, now):
        _tell_void(held, by, at)
        held.move("open_again")
    return held, now


def first_earlier(paper: Reconciliation) -> OutOfTurn | None:
    """Months are signed in their order: why this one is not yet to be, or None."""
    before = Reconciliation.objects.filter(engineer=paper.engineer_id, month__lt=paper.month).exclude(
        stage=C.LOCKED
    )
    earlier = before.order_by("month").first()
    if earlier is None:
        return None
    return OutOfTurn(_("First {number} of {month} is reconciled."), CLAUSE, number=earlier.number,
                     month=f"{earlier.month:%Y-%m}")  # fmt: skip


def is_void(paper: Reconciliation, now: Figures) -> bool:
    """Whether one side has signed other figures than these: both sign the same, so that signature counts no more."""
    return paper.stage in (C.ENGINEER, C.FINANCE) and _frozen(paper) != now.facts()


def void_moved(now: dt.datetime) -> int:
    """Daily: whose signature stands on figures that have moved since is told, and a clock of his runs again. Answers how many;
    twice is once."""
    made = 0
    for paper in Reconciliation.objects.filter(stage__in=(C.ENGINEER, C.FINANCE)).order_by("pk"):
        made += _void(paper, now) if is_void(paper, figures(paper.engineer, paper.month)) else 0
    return made


@transaction.atomic
def _void(paper: Reconciliation, at: dt.datetime) -> int:
    booking.hold(paper.month)
    held = Reconciliation.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if not is_void(held, figures(held.engineer, held.month)):
        return 0
    _tell_void(held, None, at)
    side = RULE_OF[held.stage]
    held.move("open_again")
    held.sign(by=None, at=at, why="void")
    held.save()
    _once_more(held, [side], at)
    return 1


#: who signed first, by the clock that it met
RULE_OF: dict[str, str] = {C.ENGINEER: "reconciliation", C.FINANCE: "reconcile_finance"}


def _once_more(held: Reconciliation, rules: Iterable[str], at: dt.datetime) -> None:
    """These sides sign again: their clocks were met, new ones run until the 5th that comes next."""
    held.once_more = frozenset(rules)
    day = local_day(at)
    begins = at if day.day <= LAST_DAY else moment_of(following(day))
    deadlines.record(Fact.RECONCILIATION_OPENED, held, at=begins, by=None)


def _tell_void(paper: Reconciliation, by: Any, at: dt.datetime) -> None:
    """Whose signature it was is asked to sign again."""
    whose = paper.engineer_id if paper.stage == C.ENGINEER else paper.finance_signed_by_id
    if whose is None or (by is not None and whose == by.pk):
        return
    tell(
        [whose], at=at, event_key=f"{paper.number}:void:{paper.revision}", kind="payment", url=paper.get_absolute_url(),
        title=_("The figures of {number} have moved: your signature is void, please sign again."),
        params={"number": paper.number},
    )  # fmt: skip


def _frozen(paper: Reconciliation) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in (*Figures._fields, "closing")}


def _signed(
    held: Reconciliation, move: str, now: Figures, fact: str, by: Any, at: dt.datetime, **entries: Any
) -> Reconciliation:
    if held.stage == C.OPEN and move.endswith("_locks"):  # the other's signature was void
        move = move.replace("_locks", "_signs")
    held.move(move, **entries)
    for name, value in now.facts().items():
        setattr(held, name, value)
    held.sign(by=by, at=at, why=move)
    held.save()
    deadlines.record(fact, held, at=at, by=by)
    return held


# --- unlocking, by two (SD12)
@transaction.atomic
def propose_unlock(paper: Reconciliation, *, by: Any, at: dt.datetime, reason: str) -> Unlocking:
    """The first of two leaders says why (C21)."""
    demand(by, "month.reopen")
    _may_unlock(Reconciliation.objects.select_for_update(of=("self",)).get(pk=paper.pk))
    about = {"reconciliation": paper}
    row: Unlocking = ledger.propose(Unlocking, by=by, at=at, clause=CLAUSE, about=about, reason=reason)
    return row


@transaction.atomic
def second_unlock(row: Unlocking, *, by: Any, at: dt.datetime) -> Reconciliation:
    """Another leader opens it again; both sign once more."""
    demand(by, "month.reopen")
    held = ledger.open_proposal(row)
    if by.pk == held.proposed_by_id:
        raise Denied(_("Unlocking needs two persons (SD12)."), CLAUSE)
    paper = Reconciliation.objects.select_for_update(of=("self",)).get(pk=held.reconciliation_id)
    _may_unlock(paper)
    paper.move("open_again")
    paper.sign(by=by, at=at, why=held.reason)
    paper.save()
    ledger.settle(held, by=by, at=at)
    _once_more(paper, RULE_OF.values(), at)
    return paper


@transaction.atomic
def drop_unlock(row: Unlocking, *, by: Any, at: dt.datetime) -> None:
    """Any leader lets the proposal fall; what both have signed stays locked."""
    demand(by, "month.reopen")
    ledger.let_fall(row, at=at)


def _may_unlock(paper: Reconciliation) -> None:
    if paper.stage != C.LOCKED:
        raise OutOfTurn(_("Only what both have signed is unlocked."), CLAUSE)
    if Reconciliation.objects.filter(
        engineer=paper.engineer_id, month__gt=paper.month, stage=C.LOCKED
    ).exists():
        raise OutOfTurn(
            _("A later month is reconciled and begins with this one's closing; unlock that one first."),
            CLAUSE,
        )
    if booking.is_closed(paper.month):
        raise OutOfTurn(_("The books of this month are closed; open them first."), CLAUSE)


# --- the fifth
def unsigned(month: dt.date) -> list[Reconciliation]:
    """Whose month is not signed by both."""
    rows = Reconciliation.objects.filter(month=month).exclude(stage=C.LOCKED)
    return list(rows.select_related("engineer").order_by("engineer__name"))


def tell_unsigned(now: dt.datetime) -> int:
    """From the 5th on, once a month: finance and the heads hear who has not signed (domain 5)."""
    day = local_day(now)
    month = booking.before(day)
    rows = unsigned(month) if day.day >= 5 else []
    if not rows:
        return 0
    who: Iterable[Any] = [*members(Department.FINANCE, now), *(row.engineer for row in rows)]
    names = "、".join(str(row.engineer) for row in rows)
    tell(
        list(dict.fromkeys(person.pk for person in who)), at=now, event_key=f"unsigned:{month:%Y-%m}", kind="payment",
        title=_("Not reconciled for {month}: {names}"), params={"month": f"{month:%Y-%m}", "names": names},
        url=reverse("finance:reconciliations"),
    )  # fmt: skip
    return len(rows)
