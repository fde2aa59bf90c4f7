"""What parts cost whom: every row follows from a line's counts and carries a key, so that nothing is charged twice.

`charged`: income → receivable, one a slip; what a later judgement charges is a new debt with its own 40 days. `awaiting`:
pending → awaited old parts, which is no debt (domain 4). A piece that comes back takes the opposite way; what was paid for it
becomes the customer's credit.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum, Value

from aftersales.limits import local_day
from aftersales.money import MoneyField
from parts.models import IssueKind, Release, ReleaseLine, Slip, SlipLine
from parts.rules import Charge
from sales.selectors import who_is_now

from ..models import Account, Kind, Receivable, Transfer
from ..rules import Counts, Pieces, overlaps
from ..selectors import account_of, yuan
from . import covering, ledger, owing, paying
from .reasons import Why


class Books:
    """The rows of one part line at one moment. The line's counts have moved already: it is read anew."""

    def __init__(self, line: ReleaseLine, *, by: Any, at: dt.datetime, paper: str) -> None:
        rows = ReleaseLine.objects.select_related("release__ticket", "release__order", "release__debtor")
        self.line = rows.get(pk=line.pk)
        self.release: Release = self.line.release
        self.by, self.at, self.day, self.paper = by, at, local_day(at), paper
        self.pieces = Pieces(self.line.amount, self.line.quantity)
        self.counts = counts_of(self.line)
        self.prefix = f"line:{self.line.pk}:"

    # --- accounts
    @property
    def income(self) -> Account:
        return Account.objects.of_kind(Kind.PARTS)

    @property
    def awaited(self) -> tuple[Account, Account]:
        """(pending, awaited old parts of this line)."""
        name = f"{self.release.number}/{self.line.position}"
        return Account.objects.of_kind(Kind.PENDING), Account.objects.of_kind(Kind.AWAITED, name)

    def post(self, key: str, source: Account, target: Account, amount: Decimal, why: Why) -> None:
        """A row under this line's key; nothing for nothing (a part that costs 0.00)."""
        if amount:
            ledger.post(
                key, source=source, target=target, amount=amount, day=self.day, paper=self.paper, why=why, by=self.by, at=self.at
            )  # fmt: skip

    @staticmethod
    def is_posted(key: str) -> bool:
        return Transfer.objects.filter(key=key).exists()

    # --- what happens
    def issued(self, quantity: int, slip: Slip) -> None:
        """Pieces left the store: charged from now on, or until the old part is back."""
        first, end = self.counts.issued - quantity, self.counts.issued
        amount, key = self.pieces.between(first, end), f"{self.prefix}issue:{end}"
        if self.line.charge == Charge.CHARGED:
            self.charge(key, f"slip:{slip.number}", amount, Why.ISSUED)
        elif self.line.charge == Charge.AWAITING:
            self.post(key, *self.awaited, amount, Why.AWAITED)

    def returned(self, quantity: int) -> None:
        """Unused pieces are back: what was charged for them goes back."""
        if self.line.charge == Charge.CHARGED:
            self.give_back(self.counts.returned - quantity, self.counts.returned)
            covering.cover(self.release, by=self.by, at=self.at)
        elif self.line.charge == Charge.AWAITING:
            self.settled(quantity, Why.UNUSED)

    def settled(self, quantity: int, why: Why = Why.OLD_PART) -> None:
        """The old parts of so many pieces are in or waived: they are free, piece by piece."""
        if self.line.charge == Charge.AWAITING:
            end = self.counts.gone
            pending, awaited = self.awaited
            self.post(
                f"{self.prefix}gone:{end}", awaited, pending, self.pieces.between(end - quantity, end), why
            )

    def converted(self, quantity: int) -> Receivable | None:
        """Old parts that never came are charged for good: a receivable due that day (J31)."""
        self.settled(quantity, Why.CONVERTED)
        end = self.counts.gone
        amount = self.pieces.between(end - quantity, end)
        name = f"old:{self.release.number}/{self.line.position}:{end}"
        return self.owe(f"{self.prefix}convert:{end}", name, amount, Why.CONVERTED, Receivable.Kind.OLD_PART)

    def rerated(self) -> None:
        """The charge was decided anew: what stood is taken back, what holds now is posted for the pieces that are out."""
        mark = f"rerate:{self.at.timestamp():.6f}"
        if Transfer.objects.filter(key__startswith=f"{self.prefix}{mark}:").exists():
            return
        self.undo(mark)
        covering.cover(self.release, by=self.by, at=self.at)
        if self.line.charge == Charge.CHARGED:
            for slip, first, end in overlaps(self.slips(), self.counts.returned, self.counts.issued):
                amount = self.pieces.between(first, end)
                self.charge(f"{self.prefix}{mark}:{end}", self.anew(f"slip:{slip}"), amount, Why.RERATED)
        elif self.line.charge == Charge.AWAITING:
            self.await_again(mark)

    def await_again(self, mark: str) -> None:
        """Pieces whose old part is still to come wait; those that were charged for good before are owed again."""
        gone, kept = self.counts.gone, self.counts.gone - self.counts.converted
        amount = self.pieces.between(gone, self.counts.issued)
        self.post(f"{self.prefix}{mark}:awaited", *self.awaited, amount, Why.RERATED)
        owed, name = self.pieces.between(kept, gone), self.anew(f"old:{self.release.number}")
        self.owe(f"{self.prefix}{mark}:old", name, owed, Why.RERATED, Receivable.Kind.OLD_PART)

    def anew(self, name: str) -> str:
        """The debt that this judgement makes: due from its day on, whatever was owed or paid before it (8.8)."""
        return f"{name}{self.again}{self.at.timestamp():.0f}"

    @property
    def again(self) -> str:
        """What follows the number in the name of every debt that a judgement made of this line."""
        return f"/{self.line.position}:r"

    # --- how it is posted
    def charge(self, key: str, name: str, amount: Decimal, why: Why) -> None:
        """A part of a slip's receivable; paid at once from what the release's receipt holds (4.5b)."""
        row = self.owe(key, name, amount, why, Receivable.Kind.PARTS)
        if row is not None:
            self.pay(row, key, amount)

    def owe(self, key: str, name: str, amount: Decimal, why: Why, kind: str) -> Receivable | None:
        if not amount:
            return None
        row, is_new = self.receivable(name, kind, amount, key)
        self.post(key, self.income, account_of(row), amount, why)
        if is_new:
            owing.arose(row)
        return row

    def receivable(self, name: str, kind: str, amount: Decimal, key: str) -> tuple[Receivable, bool]:
        """One an issue (domain 11): the first line of a slip opens it, the others add to it."""
        found = Receivable.objects.filter(key=name).first()
        if found is None:
            return Receivable.objects.create(key=name, kind=kind, amount=amount, **self.liability(kind)), True
        if not self.is_posted(key):
            more = Value(amount, output_field=MoneyField())
            Receivable.objects.filter(pk=found.pk).update(amount=F("amount") + more)
        return found, False

    def liability(self, kind: str) -> dict[str, Any]:
        """Who owes it, who answers for it (8.8): who agreed to send first, else the responsible engineer; and by when: an
        agreed day that passed before the parts left cannot begin the 40 days before there is a debt."""
        release, about = self.release, self.release.about
        responsible = about.engineer_id or release.engineer_id
        old = kind == Receivable.Kind.OLD_PART
        debtor, agreed = release.debtor or about.customer, release.agreed_day or self.day
        return {
            "ticket": release.ticket, "order": release.order, "release": release,
            "customer": None if not debtor or (old and self.line.kind == IssueKind.LOAN) else who_is_now(debtor),
            "engineer_id": responsible if old else release.consent_by_id or responsible,
            "arose_on": self.day, "due_on": self.day if old else max(agreed, self.day), "made_at": self.at,
        }  # fmt: skip

    def pay(self, row: Receivable, key: str, amount: Decimal) -> None:
        """The customer's credit that was set aside at the signature settles the charge."""
        left = min(amount, covering.unspent(self.release))
        if left > 0 and row.customer is not None and not self.is_posted(f"paid:{key}"):
            customer = Account.objects.of_kind(Kind.CUSTOMER, row.customer.number)
            self.post(f"paid:{key}", account_of(row), customer, left, Why.PAID)
            owing.follow(row, by=self.by, at=self.at)

    def give_back(self, first: int, end: int) -> None:
        """Pieces of a charged line come back, each off the receivable on which its slip stands."""
        for slip, low, high in overlaps(self.slips(), first, end):
            amount, key = self.pieces.between(low, high), f"{self.prefix}back:{high}"
            if amount:
                row = self.charged_on(slip)
                self.post(key, account_of(row), self.income, amount, Why.UNUSED)
                self.lessened(row, key)

    def charged_on(self, slip: str) -> Receivable:
        """Where this line's pieces of a slip are charged by now: the last of its receivables that it was posted to."""
        mine = Q(target__of=f"slip:{slip}") | Q(target__of__startswith=f"slip:{slip}{self.again}")
        rows = Transfer.objects.filter(mine, key__startswith=self.prefix, target__kind=Kind.RECEIVABLE)
        name = rows.order_by("pk").values_list("target__of", flat=True).last()
        return Receivable.objects.get(key=name)

    def lessened(self, row: Receivable, key: str) -> None:
        """Less is owed than before: what the engineer bears beyond it comes back to him, then what was given up is none any
        more, then the customer's part (8.8)."""
        paying.lighten(row, paper=self.paper, why=Why.UNUSED, day=self.day, by=self.by, at=self.at)
        self.regain(row, key)
        self.credit(row, key)
        owing.follow(row, by=self.by, at=self.at)

    def regain(self, row: Receivable, key: str) -> None:
        """A debt that was given up and is owed no more is no loss: nobody paid it, so it is nobody's credit."""
        back = min(-account_of(row).balance(), owing.given_up(row))
        if back > 0:
            self.post(
                f"regain:{key}", Account.objects.of_kind(Kind.LOSS), account_of(row), back, Why.WRITTEN_OFF
            )

    def credit(self, row: Receivable, key: str) -> None:
        """What was paid for more than is owed now is the customer's credit."""
        if row.customer is None:
            return
        account = account_of(row)
        over = -account.balance()
        if over > 0:
            customer = Account.objects.of_kind(Kind.CUSTOMER, row.customer.number)
            self.post(f"credit:{key}", customer, account, over, Why.CREDIT)
            paying.free_again(row, over, by=self.by, at=self.at)

    def undo(self, mark: str) -> None:
        """Take back whatever of this line stands, account by account."""
        for place, (source, target, amount) in enumerate(self.standing()):
            key = f"{self.prefix}{mark}:undo:{place}"
            self.post(key, target, source, amount, Why.RERATED)
            if target.kind == Kind.RECEIVABLE:
                self.lessened(Receivable.objects.get(key=target.of), key)

    def standing(self) -> Iterator[tuple[Account, Account, Decimal]]:
        """(from, to, amount) of every pair of accounts between which this line has moved more one way than back."""
        rows = Transfer.objects.filter(key__startswith=self.prefix).order_by()
        sums = {
            (source, target): yuan(total)
            for source, target, total in rows.values_list("source", "target").annotate(total=Sum("amount"))
        }
        accounts = Account.objects.in_bulk({pk for pair in sums for pk in pair})
        for (source, target), amount in sorted(sums.items()):
            left = amount - sums.get((target, source), Decimal(0))
            if left > 0:
                yield accounts[source], accounts[target], left

    def slips(self) -> list[tuple[str, int]]:
        """The slips that issued this line's pieces, in their order."""
        rows = SlipLine.objects.filter(line=self.line).order_by("pk")
        return list(rows.values_list("slip__number", "quantity"))


def counts_of(line: ReleaseLine) -> Counts:
    return Counts(line.issued, line.returned, line.old_in + line.old_waived, line.converted)
