"""The ledger: one row moves one positive amount from one account to another, so the books balance by construction."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.appendonly import append_only
from aftersales.money import MoneyField

from .two_people import TwoPeople, one_open, two_people


class Kind(models.TextChoices):
    """What an account stands for; `of` on the account says whose or which."""

    BANK = "bank", pgettext_lazy("account", "bank and cash")
    CUSTOMER = "customer", pgettext_lazy("account", "customer's credit")
    RECEIVABLE = "receivable", pgettext_lazy("account", "receivable")
    AWAITED = "awaited", pgettext_lazy("account", "awaited old parts")
    PARTS = "parts", pgettext_lazy("account", "income from parts")
    LABOUR = "labour", pgettext_lazy("account", "income from labour")
    OTHER = "other", pgettext_lazy("account", "other income")
    PENDING = "pending", pgettext_lazy("account", "parts charged until the old part is back")
    OPENING = "opening", pgettext_lazy("account", "opening balances")
    WAGE = "wage", pgettext_lazy("account", "kept back from the wage of")
    LOSS = "loss", pgettext_lazy("account", "written off")
    PROFIT = "profit", pgettext_lazy("account", "profit of the year")
    SHARE = "share", pgettext_lazy("account", "share of the profit of")
    FEE = "fee", pgettext_lazy("account", "information fee of")
    TRAVEL = "travel", pgettext_lazy("account", "travel costs of")
    SELLER = "seller", pgettext_lazy("account", "information fee owed by")


class AccountQuerySet(models.QuerySet["Account"]):
    def of_kind(self, kind: str, of: Any = "") -> "Account":
        """The account, opened when it is first needed."""
        return self.get_or_create(kind=kind, of=str(of))[0]


class Account(models.Model):
    """`receivable` of a receivable's number, `customer` of a customer's, `bank` of nobody …"""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    of = models.CharField(_("of"), max_length=40, blank=True)

    objects = AccountQuerySet.as_manager()
    whose = ""  # the name of the person it is for, where a page has read it

    class Meta:
        constraints = [models.UniqueConstraint("kind", "of", name="account_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.whose or self.number}".strip()

    @property
    def number(self) -> str:
        """What it is for, as people write it: of `labour:BX20260302-0001:1` the ticket, of `opening:001` the number."""
        words = self.of.split(":")
        return words[1] if len(words) > 1 else self.of

    def balance(self) -> Decimal:
        """Yuan that came in less what went out."""
        came = self.incoming.aggregate(total=Sum("amount"))["total"]
        went = self.outgoing.aggregate(total=Sum("amount"))["total"]
        return (came or Decimal("0.00")) - (went or Decimal("0.00"))


@append_only
class Transfer(models.Model):
    """One movement of money. `key` makes a job or a second click move it once; a mistake is reversed, never edited."""

    key = models.CharField(max_length=100, unique=True)
    source = models.ForeignKey(Account, models.PROTECT, related_name="outgoing", verbose_name=_("from"))
    target = models.ForeignKey(Account, models.PROTECT, related_name="incoming", verbose_name=_("to"))
    amount = MoneyField(_("amount"))
    day = models.DateField(_("day"))
    paper = models.CharField(_("paper"), max_length=20, db_index=True)
    why = models.CharField(_("why"), max_length=200)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("transfer")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="transfer_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="transfer_goes_somewhere"),
        ]
        indexes = [models.Index(fields=["day"], name="transfer_day")]

    def __str__(self) -> str:
        return self.key


class Reversal(TwoPeople):
    """A row that one person wants taken back; another one carries it out (SD12)."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="reversals")

    class Meta:
        constraints = [one_open("reversal", "transfer"), two_people("reversal")]
