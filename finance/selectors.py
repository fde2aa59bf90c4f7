"""Reading the books: what a receipt still holds, what is open, what waits for a signature."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from parts.models import Release, ReleaseLine
from parts.selectors import to_sign
from repairs.models import Quotation
from repairs.quote_flow import QuoteStage

from .models import Account, Kind, Receipt, ReceiptUse, Receivable, Transfer


def yuan(total: Decimal | None) -> Decimal:
    """A sum over amounts comes back in yuan, of nothing as None."""
    return total or Decimal("0.00")


def used(receipt: Receipt, *, but: Release | None = None, for_releases: bool = False) -> Decimal:
    """How much of a receipt covers signed releases (of others than `but`) and has paid debts, or the releases alone."""
    rows = ReceiptUse.objects.filter(receipt=receipt)
    rows = rows.exclude(release=but) if but is not None else rows
    rows = rows.exclude(release=None) if for_releases else rows
    return yuan(rows.aggregate(total=Sum("amount"))["total"])


def paid_back(receipt: Receipt) -> Decimal:
    """How much of a receipt went back to the customer (C29)."""
    rows = ReceiptUse.objects.filter(receipt=receipt).exclude(refund=None)
    return yuan(rows.aggregate(total=Sum("amount"))["total"])


def free(receipt: Receipt, *, but: Release | None = None) -> Decimal:
    """What of a receipt covers nothing yet; nothing once it is reversed."""
    return Decimal(0) if receipt.reversed_at else receipt.amount - used(receipt, but=but)


def free_of(receipts: Iterable[Receipt]) -> dict[int, Decimal]:
    """`free` of many receipts in one statement."""
    rows = list(receipts)
    found = ReceiptUse.objects.filter(receipt__in=[row.pk for row in rows])
    taken = dict(found.order_by().values_list("receipt").annotate(total=Sum("amount")))
    return {row.pk: Decimal(0) if row.reversed_at else row.amount - yuan(taken.get(row.pk)) for row in rows}


def receipts_for(release: Release) -> list[tuple[Receipt, Decimal]]:
    """Receipts of the release's debtor that still hold enough for it, with what they hold; of its own ticket first."""
    rows = (
        Receipt.objects.filter(customer=release.debtor, reversed_at=None).order_by("pk")
        if release.debtor_id
        else []
    )
    held = free_of(rows)
    enough = [(row, held[row.pk]) for row in rows if held[row.pk] >= release.total]
    return sorted(enough, key=lambda pair: not _of_this(pair[0], release))


def _of_this(receipt: Receipt, release: Release) -> bool:
    return (receipt.ticket_id, receipt.order_id) == (release.ticket_id, release.order_id)


# --- what is owed
def account_of(receivable: Receivable) -> Account:
    return Account.objects.of_kind(Kind.RECEIVABLE, receivable.key)


def open_amounts(rows: Iterable[Receivable]) -> dict[int, Decimal]:
    """What of each is still open: the balances of their accounts, in two statements."""
    by_key = {row.key: row.pk for row in rows}
    balances = _balances(Kind.RECEIVABLE, by_key)
    return {pk: balances.get(key, Decimal(0)) for key, pk in by_key.items()}


def _balances(kind: str, of: Iterable[str]) -> dict[str, Decimal]:
    names = list(of)
    sums: dict[str, Decimal] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = Transfer.objects.filter(**{f"{side}__kind": kind, f"{side}__of__in": names}).order_by()
        for name, total in rows.values_list(f"{side}__of").annotate(total=Sum("amount")):
            sums[name] = sums.get(name, Decimal(0)) + sign * yuan(total)
    return sums


def balances(accounts: Iterable[Account]) -> dict[int, Decimal]:
    """Balances of many accounts in two statements."""
    ids = [account.pk for account in accounts]
    sums = dict.fromkeys(ids, Decimal(0))
    for side, sign in (("target", 1), ("source", -1)):
        rows = Transfer.objects.filter(**{f"{side}__in": ids}).order_by()
        for pk, total in rows.values_list(side).annotate(total=Sum("amount")):
            sums[pk] += sign * yuan(total)
    return sums


def credit_of(number: str) -> Decimal:
    """What a customer has paid and not used up: the other side of his account (over-payment is his credit)."""
    return -_balances(Kind.CUSTOMER, [number]).get(number, Decimal(0))


class Due(NamedTuple):
    """What somebody who pays is expected to pay, in yuan: the accepted quotations, what came in for them, what is open."""

    quotes: list[Quotation]
    quoted: Decimal
    received: Decimal
    open: Decimal

    @property
    def left(self) -> Decimal:
        """What is still to come: of the quotations, at least what is owed already."""
        return max(self.quoted - self.received, self.open, Decimal(0))


def due_from(customer: Any, ticket: Any = None, order: Any = None) -> Due:
    """What this ticket or order, else everything of this customer, still has to bring in (8.6, 8.7, 9.4)."""
    about: dict[str, Any] = {"ticket": ticket} if ticket else {"order": order} if order else {}
    theirs = Q(**about) if about else Q(ticket__customer=customer) | Q(order__customer=customer)
    quotes = list(Quotation.objects.filter(theirs, stage=QuoteStage.ACCEPTED).order_by("pk"))
    received = Receipt.objects.filter(reversed_at=None, **(about or {"customer": customer}))
    owed = open_amounts(Receivable.objects.filter(**(about or {"customer": customer})))
    return Due(
        quotes, sum((quote.total for quote in quotes), Decimal(0)),
        yuan(received.aggregate(total=Sum("amount"))["total"]), sum(owed.values(), Decimal(0)),
    )  # fmt: skip


# --- what waits for a signature
QUEUED = (
    "pk", "number", "submitted_at", "basis", "total", "agreed_day", "ticket__number", "order__number", "requester__name",
    "debtor__number", "debtor__person__organisation", "consent_by__name", "waivers",
)  # fmt: skip


def queue(after: tuple[dt.datetime, int] | None = None) -> QuerySet[Any]:
    """`QUEUED` of the submitted releases, the oldest first, with how many of their lines wait for a waiver; `after`: of
    those that come behind this moment and key."""
    waiting = ReleaseLine.objects.filter(release=OuterRef("pk"), signed_at=None).exclude(waiver="")
    counted = waiting.order_by().values("release").annotate(n=Count("pk")).values("n")
    rows = to_sign().select_related(None).annotate(waivers=Coalesce(Subquery(counted), 0))
    if after is not None:
        at, key = after
        rows = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=key))
    return rows.values_list(*QUEUED, named=True)


def uses_of(receipt: Receipt) -> list[dict[str, Any]]:
    """What of a receipt covers which release, the newest first."""
    rows = (
        ReceiptUse.objects.filter(receipt=receipt)
        .exclude(release=None)
        .order_by()
        .values("release")
        .annotate(total=Sum("amount"))
    )
    totals = {row["release"]: yuan(row["total"]) for row in rows}
    releases = Release.objects.filter(pk__in=totals).select_related("ticket", "order").order_by("-pk")
    return [{"release": release, "amount": totals[release.pk]} for release in releases]


def debts_of(receipt: Receipt) -> list[dict[str, Any]]:
    """Which debts a receipt pays, the newest first, less what has become free again."""
    rows = ReceiptUse.objects.filter(receipt=receipt).exclude(receivable=None).order_by()
    totals = dict(rows.values_list("receivable").annotate(total=Sum("amount")))
    debts = Receivable.objects.filter(pk__in=[pk for pk, total in totals.items() if total])
    return [
        {"debt": row, "amount": totals[row.pk]}
        for row in debts.select_related("ticket", "order").order_by("-pk")
    ]


def of_account(account: Account) -> Q:
    return Q(source=account) | Q(target=account)


def of_kind(kind: str) -> Q:
    return Q(source__kind=kind) | Q(target__kind=kind)


PERSONAL = (Kind.WAGE, Kind.SHARE, Kind.FEE, Kind.SELLER, Kind.TRAVEL)


def name_persons(accounts: list[Account]) -> None:
    """The accounts of persons bear their names, not their logins; one statement, if there are any."""
    theirs = [row for row in accounts if row.kind in PERSONAL]
    if not theirs:
        return
    keys = {row.of for row in theirs}
    numbers = [int(key) for key in keys if key.isdecimal()]
    people = User.objects.filter(Q(username__in=keys) | Q(pk__in=numbers))
    names = {key: str(user) for user in people for key in (user.username, str(user.pk))}
    for row in theirs:
        row.whose = names.get(row.of, "")
