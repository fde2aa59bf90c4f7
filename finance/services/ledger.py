"""The books: `post` moves an amount once however often it is called, `reverse` takes a row back by two persons (SD12)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.limits import local_day
from aftersales.problems import OutOfTurn, Refusal

from ..models import Account, Reversal, Transfer
from .booking import open_day

#: what must be the same when a key comes again; the day may have moved on, because a closed month takes no rows
FACTS = ("source_id", "target_id", "amount", "paper")


class OtherFacts(Refusal):
    """A key of the ledger came again with another amount, day, account or paper: a fault of the program, not of a person."""


def post(
    key: str,
    *,
    source: Account,
    target: Account,
    amount: Decimal,
    day: dt.date,
    paper: str,
    why: str,
    by: Any,
    at: dt.datetime,
) -> Transfer:
    """Move `amount` yuan (> 0) from `source` to `target`; the same `key` moves it once and answers the same row.

    Booked on `day`, or in the first open month after it. Raises `OtherFacts` when the key is known with other facts.
    Locks nothing: the unique key decides a race.
    """
    facts = {"source": source, "target": target, "amount": amount, "paper": paper}
    row, is_new = Transfer.objects.get_or_create(
        key=key, defaults=facts | {"why": why, "by": by, "at": at, "day": _Open(day, (source, target))}
    )
    if not is_new and any(getattr(row, name) != _as_stored(facts, name) for name in FACTS):
        raise OtherFacts(_("The ledger knows “{key}” with other facts."), key=key)
    return row


class _Open:
    """The open day, asked for only when the row is really written (`get_or_create` calls it then)."""

    def __init__(self, day: dt.date, accounts: tuple[Account, Account]) -> None:
        self.day, self.accounts = day, accounts

    def __call__(self) -> dt.date:
        return open_day(self.day, self.accounts)


def _as_stored(facts: dict[str, Any], name: str) -> Any:
    return facts[name.removesuffix("_id")].pk if name.endswith("_id") else facts[name]


def balance(account: Account) -> Decimal:
    """Yuan: the sum of what came in less the sum of what went out."""
    return account.balance()


@transaction.atomic
def reverse(transfer: Transfer, *, by: Any, second: Any, at: dt.datetime, why: str) -> Transfer:
    """Take a row back by the opposite one (C16): two persons who may (SD12), at most once, never a reversal itself."""
    for person in (by, second):
        demand(person, "ledger.reverse")
    if by.pk == second.pk:
        raise Denied(_("A reversal in the ledger needs two persons (SD12)."), field="second")
    if transfer.reverses_id is not None:
        raise OutOfTurn(_("This row is a reversal itself; it stays."))
    if Transfer.objects.filter(reverses=transfer).exists():
        raise OutOfTurn(_("This row has already been reversed."))
    facts = {"source": transfer.target, "target": transfer.source, "amount": transfer.amount}
    day = open_day(local_day(at), (transfer.source, transfer.target))
    return _opposite(transfer, facts | {"day": day, "paper": transfer.paper, "why": why}, by, at)


def _opposite(transfer: Transfer, facts: dict[str, Any], by: Any, at: dt.datetime) -> Transfer:
    """The unique `reverses` decides between two who do it at the same moment."""
    more = {"key": f"reverse:{transfer.pk}", "by": by, "at": at}
    row, is_new = Transfer.objects.get_or_create(reverses=transfer, defaults=facts | more)
    if not is_new:
        raise OutOfTurn(_("This row has already been reversed."))
    return row


@transaction.atomic
def propose_reversal(transfer: Transfer, *, by: Any, at: dt.datetime, reason: str) -> Reversal:
    """The first of the two says why (C16, SD12); the second carries it out."""
    demand(by, "ledger.reverse")
    if transfer.reverses_id or Transfer.objects.filter(reverses=transfer).exists():
        raise OutOfTurn(_("This row has already been reversed."))
    facts = {"reason": reason, "proposed_by": by, "proposed_at": at}
    row, is_new = Reversal.objects.get_or_create(
        transfer=transfer, done_at=None, dropped_at=None, defaults=facts
    )
    if not is_new:
        raise OutOfTurn(_("Its reversal has already been proposed and waits for the second person."))
    return row


@transaction.atomic
def second_reversal(row: Reversal, *, by: Any, at: dt.datetime) -> Transfer:
    """The second person carries the proposed reversal out."""
    held = waiting(row)
    done = reverse(held.transfer, by=held.proposed_by, second=by, at=at, why=held.reason)
    settle(held, by=by, at=at)
    return done


def propose(
    model: Any, *, by: Any, at: dt.datetime, clause: str = "", about: dict[str, Any], **facts: Any
) -> Any:
    """A proposal of what takes two persons (SD12), one at a time `about` the same; `OutOfTurn` while another waits."""
    facts |= {"proposed_by": by, "proposed_at": at}
    row, is_new = model.objects.get_or_create(**about, done_at=None, dropped_at=None, defaults=facts)
    if not is_new:
        raise OutOfTurn(_("It has already been proposed and waits for the second person."), clause)
    return row


def settle(held: Any, *, by: Any, at: dt.datetime) -> None:
    held.seconded_by, held.done_at = by, at
    held.save(update_fields=["seconded_by", "done_at"])


@transaction.atomic
def drop_reversal(row: Reversal, *, by: Any, at: dt.datetime) -> None:
    """Any of those who may reverse lets it fall."""
    demand(by, "ledger.reverse")
    let_fall(row, at=at)


def let_fall(row: Any, *, at: dt.datetime) -> None:
    """A proposal that waits for its second person is dropped; the caller has asked for the right."""
    held = open_proposal(row)
    held.dropped_at = at
    held.save(update_fields=["dropped_at"])


def waiting(row: Reversal) -> Reversal:
    """The proposal under its lock, or `OutOfTurn` when somebody has settled it."""
    return open_proposal(row, "transfer", "proposed_by")


def open_proposal(row: Any, *related: str) -> Any:
    """Any proposal that waits for its second person (SD12), under its lock; `OutOfTurn` when somebody has settled it."""
    rows = type(row).objects.select_for_update(of=("self",)).select_related(*(related or ("proposed_by",)))
    held = rows.get(pk=row.pk)
    if not held.is_open:
        raise OutOfTurn(_("This proposal has already been settled."))
    return held
