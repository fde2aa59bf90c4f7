"""年终核算 (8.10): prepared and signed by finance, approved by a leader who has no share (SD13), then locked and booked."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.models import User
from accounts.services import audit
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn, Stale
from notices.services import tell
from policy import figures

from ..flow import YearEndStage
from ..models import Account, ClosedMonth, Kind, Transfer, TravelCost, YearEnd, YearShare
from ..rules import profit, share_of
from . import accounts, ledger
from .reasons import Why

CLAUSE = "8.10"
FIRST, LAST = 2000, 9990
Y = YearEndStage


@transaction.atomic
def prepare(year: int, *, by: Any, at: dt.datetime) -> YearEnd:
    """Compute every engineer's profit of the year and his share, from closed months, and sign it (C22)."""
    demand(by, "yearend.prepare")
    rate = _ready(year, at)
    own = accounts.by_engineer(accounts.of_year(year))
    shares = [_share(pk, amounts, rate) for pk, amounts in sorted(own.items(), key=str) if pk is not None]
    if by.pk in {share.engineer_id for share in shares}:
        raise Denied(_("Who has a share in the year's profit does not prepare it (SD13)."), CLAUSE)
    paper = _written(YearEnd(year=year, revision=1, rate=rate, prepared_by=by, prepared_at=at))
    for share in shares:
        share.year_end = paper
    YearShare.objects.bulk_create(shares)
    audit("year_end.prepare", by=by, at=at, subject=str(year), shares=len(shares))
    return paper


def _written(paper: YearEnd) -> YearEnd:
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:
        raise OutOfTurn(
            _("The year end of {year} has already been prepared."), CLAUSE, year=paper.year
        ) from None
    return paper


def _ready(year: int, at: dt.datetime) -> Decimal:
    """The share in force on 31 December, once the year is over and every month with entries is closed."""
    if not FIRST <= year <= LAST:
        raise BadEntry(_("Please look at the year."), CLAUSE, "year")
    if local_day(at) <= dt.date(year, 12, 31):
        raise OutOfTurn(_("The year {year} is not over yet."), CLAUSE, year=year)
    if left := open_months(year):
        names = ", ".join(f"{month:%Y-%m}" for month in left)
        raise OutOfTurn(_("These months are not closed yet: {months}."), CLAUSE, months=names)
    return Decimal(figures.value("year_share", dt.date(year, 12, 31)))


def open_months(year: int) -> list[dt.date]:
    """The months of the year that have rows of the portal's own in the ledger, or costs of trips, and are not closed; December
    in any case."""
    closed = set(
        ClosedMonth.objects.filter(month__year=year, reopened_at=None).values_list("month", flat=True)
    )
    days = Transfer.objects.exclude(why=Why.OPENING).filter(
        day__gte=dt.date(year, 1, 1), day__lte=dt.date(year, 12, 31)
    )
    costs = TravelCost.objects.filter(day__year=year)
    used = {*days.dates("day", "month"), *costs.dates("day", "month"), dt.date(year, 12, 1)}
    return sorted(used - closed)


def _share(engineer: int, amounts: dict[str, Decimal], rate: Decimal) -> YearShare:
    own = profit(amounts)
    kept = {column: str(amount) for column, amount in amounts.items() if amount}
    return YearShare(engineer_id=engineer, amounts=kept, profit=own, share=share_of(own, rate))


# --- the leader
@transaction.atomic
def approve(paper: YearEnd, *, by: Any, at: dt.datetime) -> YearEnd:
    """Approve and lock it (C23): not the preparer, nobody with a share; each share is booked once."""
    held = _judged(paper, by)
    _unchanged(held)
    held.move("approve", decided_by=by, decided_at=at)
    _save(held)
    for share in held.shares.select_related("engineer").order_by("pk"):
        _book(held, share, by, at)
    audit("year_end.approve", by=by, at=at, subject=str(held.year))
    return held


@transaction.atomic
def send_back(paper: YearEnd, *, by: Any, at: dt.datetime, reason: str) -> YearEnd:
    """Not approved, with the reason; finance prepares another one."""
    held = _judged(paper, by)
    held.move("send_back", decided_by=by, decided_at=at, decision=reason)
    _save(held)
    audit("year_end.send_back", by=by, at=at, subject=str(held.year), reason=reason)
    return held


def _judged(paper: YearEnd, by: User) -> YearEnd:
    """The paper under its lock, for who may decide about it (SD13)."""
    held = YearEnd.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    demand(by, "yearend.approve", held)
    if by.pk == held.prepared_by_id:
        raise Denied(_("Who prepared the year end does not approve it (SD13)."), CLAUSE)
    if held.shares.filter(engineer=by).exists():
        raise Denied(_("Who has a share in the year's profit does not approve it (SD13)."), CLAUSE)
    return held


def _unchanged(held: YearEnd) -> None:
    """A month that was opened again since may have changed what was prepared."""
    now = accounts.by_engineer(accounts.of_year(held.year))
    there = {share.engineer_id: share.profit for share in held.shares.all()}
    if (
        open_months(held.year)
        or {pk: profit(amounts) for pk, amounts in now.items() if pk is not None} != there
    ):
        raise Stale(_("The accounts of the year have changed since this was prepared; send it back."), CLAUSE)


def _save(held: YearEnd) -> None:
    held.revision += 1
    held.save()


def _book(held: YearEnd, share: YearShare, by: Any, at: dt.datetime) -> None:
    """Profit of the year → share of the engineer, on the day of the approval."""
    if share.share:
        ledger.post(
            f"share:{held.year}:{share.engineer.username}", source=Account.objects.of_kind(Kind.PROFIT, held.year),
            target=Account.objects.of_kind(Kind.SHARE, share.engineer_id), amount=share.share, day=local_day(at),
            paper=str(held.year), why=Why.SHARE, by=by, at=at,
        )  # fmt: skip
    tell(
        [share.engineer_id], at=at, event_key=f"share:{held.year}:{share.engineer_id}:approved", kind="payment",
        title=_("Your share of the profit of {year} is approved: {amount} yuan (8.10)."),
        params={"year": held.year, "amount": str(share.share)}, url=held.get_absolute_url(),
    )  # fmt: skip
