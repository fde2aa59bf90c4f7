"""Two customers were one (A23): receipts, receivables and credit follow; the ledger's rows stay, a posting moves the balance."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aftersales.limits import local_day
from parts.models import Basis, Release
from repairs.models import PartsOrder, Ticket

from ..models import Account, Kind, Receipt, Receivable, Transfer
from ..selectors import credit_of, free_of
from . import covering, ledger
from .reasons import Why

Only = dict[str, list[int]] | None
HIS: tuple[tuple[Any, str], ...] = ((Ticket, "customer"), (PartsOrder, "customer"), (Release, "debtor"))


def follow(kept: Any, gone: Any, only: Only, *, by: Any, at: dt.datetime) -> dict[str, list[int]]:
    """What was `gone`'s is `kept`'s; with `only` (an earlier answer) exactly that goes back, as far as it still lies there."""
    _hold(gone)
    found = {"receipts": _receipts(kept, gone, only, by, at), "receivables": _receivables(kept, gone, only)}
    if only is None:
        return found | {"credit": bring_over(gone, kept, by=by, at=at)}
    return found | {"credit": give_back(gone, kept, by=by, at=at)}


def _hold(gone: Any) -> None:
    """His tickets, orders and sheets before the money: the order in which everybody locks."""
    for model, name in HIS:
        rows = model.objects.select_for_update(of=("self",)).filter(**{name: gone}).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _receipts(kept: Any, gone: Any, only: Only, by: Any, at: dt.datetime) -> list[int]:
    rows = Receipt.objects.filter(customer=gone)
    rows = rows if only is None else rows.filter(pk__in=only.get("receipts", []))
    moved = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.customer = kept
        row.sign(by=by, at=at, why="customer merged")
        row.save()
        moved.append(row.pk)
    return moved


def _receivables(kept: Any, gone: Any, only: Only) -> list[int]:
    rows = Receivable.objects.filter(customer=gone)
    rows = rows if only is None else rows.filter(pk__in=only.get("receivables", []))
    moved = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Receivable.objects.filter(pk__in=moved).update(customer=kept)
    return moved


def account_of(customer: Any) -> Account:
    return Account.objects.of_kind(Kind.CUSTOMER, customer.number)


def bring_over(gone: Any, kept: Any, *, by: Any, at: dt.datetime) -> list[int]:
    """Empty the account of `gone` into `kept`'s: his credit (a negative balance), or what was taken back from him."""
    here, there = account_of(gone), account_of(kept)
    balance = here.balance()
    if not balance:
        return []
    source, target = (here, there) if balance > 0 else (there, here)
    key = f"merged:{gone.number}:{kept.number}:{at.timestamp():.6f}"
    return [_post(key, source, target, abs(balance), gone.number, by, at).pk]


def give_back(here: Any, there: Any, *, by: Any, at: dt.datetime) -> list[int]:
    """The way back: credit lies where the receipts lie that it comes from, whatever they paid or lost meanwhile."""
    receipts = Receipt.objects.filter(customer=there, reversed_at=None)
    sheets = Release.objects.filter(debtor=there, basis=Basis.PAID).exclude(receipt="")
    wanted = sum(free_of(receipts).values(), Decimal(0)) + sum(map(covering.unspent, sheets), Decimal(0))
    amount = min(wanted - credit_of(there.number), credit_of(here.number))
    if amount <= 0:
        return []
    key = f"unmerged:{here.number}:{there.number}:{at.timestamp():.6f}"
    return [_post(key, account_of(there), account_of(here), amount, there.number, by, at).pk]


def _post(
    key: str, source: Account, target: Account, amount: Decimal, paper: str, by: Any, at: dt.datetime
) -> Transfer:
    return ledger.post(
        key,
        source=source,
        target=target,
        amount=amount,
        day=local_day(at),
        paper=paper,
        why=Why.MERGED,
        by=by,
        at=at,
    )


def to_its_customer(receipt: Receipt, back: Transfer, *, by: Any, at: dt.datetime) -> None:
    """A receipt was reversed on the account on which it was booked; the credit may lie with another customer since."""
    now = account_of(receipt.customer)
    if back.target_id != now.pk:
        _post(f"merged:{back.key}", back.target, now, back.amount, receipt.number, by, at)
