"""Months: closed books, reconciliation with each engineer (4.11, 8.8), statistics sheet (4.9, 9.3), accounts (8.10)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from aftersales.money import MoneyField
from aftersales.paperwork import Paper

from ..flow import ReconciliationFlow, StatementFlow, YearEndFlow
from .two_people import TwoPeople, one_open, two_people

U = settings.AUTH_USER_MODEL


def month_name(month: dt.date) -> str:
    """2026-11."""
    return f"{month:%Y-%m}"


class OfAMonth:
    """A numbered paper of one engineer and month: whose it is, and what its clock says of it."""

    number: Any
    engineer: Any
    engineer_id: int
    month: dt.date

    def is_own(self, user: Any, action: str) -> bool:
        return self.engineer_id == user.pk

    def clock_cycle(self, rule: str) -> str:
        return month_name(self.month)

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return f"{self.engineer} · {month_name(self.month)}"


class ClosedMonth(models.Model):
    """The books of this month take no more rows: the database itself refuses them while this row stands (`closing.py`)."""

    month = models.DateField(_("month"))
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(U, models.PROTECT, related_name="+", verbose_name=_("closed by"))
    reason = models.CharField(_("why closed although something is open"), max_length=200, blank=True)
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month"]
        verbose_name = _("closed month")
        constraints = [
            models.UniqueConstraint("month", condition=Q(reopened_at=None), name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="closed_month_is_a_month"),
        ]

    def __str__(self) -> str:
        return month_name(self.month)


class MonthReopening(TwoPeople):
    """Two persons open a closed month again (C21, SD12)."""

    closed = models.ForeignKey(ClosedMonth, models.PROTECT, related_name="reopenings")

    class Meta:
        constraints = [one_open("reopening", "closed"), two_people("reopening")]


class MonthlyQuerySet(models.QuerySet[Any]):
    """Papers of one engineer and month: all, or his own."""

    action = ""

    def visible_to(self, user: Any) -> Any:
        letter = user.cell(self.action)
        return self if letter == "Y" else self.filter(engineer=user) if letter == "O" else self.none()


class ReconciliationQuerySet(MonthlyQuerySet):
    action = "reconcile.view"


class Reconciliation(OfAMonth, ReconciliationFlow, Paper):
    """对账单 DZ: what the customers of one engineer owed at the beginning, what came and went, what is left.

    The seven figures are what both sign: written when the first one signs, compared when the second does.
    """

    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="reconciliations", verbose_name=_("engineer"), editable=False
    )
    month = models.DateField(_("month"), editable=False)
    opening = MoneyField(_("opening"), null=True, editable=False)
    new = MoneyField(_("new"), null=True, editable=False)
    adjusted = MoneyField(_("adjusted"), null=True, editable=False)
    collected = MoneyField(_("collected"), null=True, editable=False)
    deducted = MoneyField(_("deducted"), null=True, editable=False)
    refunded = MoneyField(_("refunded"), null=True, editable=False)
    closing = MoneyField(_("closing"), null=True, editable=False)
    engineer_signed_at = models.DateTimeField(_("the engineer signed"), null=True, editable=False)
    finance_signed_at = models.DateTimeField(_("finance signed"), null=True, editable=False)
    finance_signed_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+", verbose_name=_("signed for finance"), editable=False
    )
    locked_at = models.DateTimeField(_("locked"), null=True, editable=False)
    history = HistoricalRecords()

    objects = ReconciliationQuerySet.as_manager()
    #: sides whose signature has just lost its worth: their clocks run a second time
    once_more: frozenset[str] = frozenset()

    class Meta:
        ordering = ["-month", "number"]
        verbose_name = _("reconciliation")
        constraints = [
            models.UniqueConstraint("engineer", "month", name="reconciliation_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reconciliation_of_a_month"),
        ]
        indexes = [models.Index(fields=["month", "stage"], name="reconciliation_month")]

    def get_absolute_url(self) -> str:
        return reverse("finance:reconciliation", args=[self.number])

    def clock_cycle(self, rule: str) -> str:
        once = super().clock_cycle(rule)
        return f"{once}.{self.revision}" if rule in self.once_more else once


class Unlocking(TwoPeople):
    """Two persons unlock a reconciliation that both had signed (C21, SD12)."""

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="unlockings")

    class Meta:
        constraints = [one_open("unlocking", "reconciliation"), two_people("unlocking")]


class StatementQuerySet(MonthlyQuerySet):
    action = "statement.view"


class Statement(OfAMonth, StatementFlow, Paper):
    """售后服务统计表 TJ (9.3): one engineer, one month, a row per ticket; computed until confirmed, then as it was confirmed."""

    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="statements", verbose_name=_("engineer"), editable=False
    )
    month = models.DateField(_("month"), editable=False)
    rows = models.JSONField(default=list, editable=False)  # frozen at the confirmation; amounts as text
    pending = models.PositiveSmallIntegerField(
        default=0, editable=False
    )  # frozen rows that count in no sheet yet
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    checked_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by"), editable=False
    )
    returned_why = models.CharField(_("sent back because"), max_length=200, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["rows", "pending"])

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "number"]
        verbose_name = _("statistics sheet")
        constraints = [
            models.UniqueConstraint("engineer", "month", name="statement_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_of_a_month"),
        ]
        indexes = [
            models.Index(fields=["engineer", "month"], condition=Q(pending__gt=0), name="statement_pending")
        ]

    def get_absolute_url(self) -> str:
        return reverse("finance:statement", args=[self.number])


class Column(models.TextChoices):
    """The amounts of sheet 9.3 and of the accounts; `PROFIT` in `rules.py` says which count how (8.10)."""

    PARTS = "parts", pgettext_lazy("account", "charged parts")
    LABOUR = "labour", pgettext_lazy("account", "labour")
    OTHER = "other", pgettext_lazy("account", "other income")
    PARTS_COST = "parts_cost", pgettext_lazy("account", "cost of charged parts")
    WARRANTY_COST = "warranty_cost", pgettext_lazy("account", "cost of warranty parts")
    TRAVEL = "travel", pgettext_lazy("account", "transport")
    KILOMETRES = "kilometres", pgettext_lazy("account", "company car")
    LODGING = "lodging", pgettext_lazy("account", "lodging")
    MEALS = "meals", pgettext_lazy("account", "meals")
    FREIGHT = "freight", pgettext_lazy("account", "freight")
    NO_RECEIPT = "no_receipt", pgettext_lazy("account", "without receipt")
    FINE = "fine", pgettext_lazy("account", "company's half of fines")


class StatementAdjustment(models.Model):
    """A separate, reasoned line of finance (C33): never by who checked the same sheet (SD04)."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="adjustments")
    month = models.DateField()  # in whose accounts it counts: the sheet's own, else the first open one
    column = models.CharField(_("column"), max_length=13, choices=Column.choices)
    amount = MoneyField(_("amount"))  # negative takes away
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="adjustment_of_something")]
        indexes = [models.Index(fields=["month"], name="adjustment_of_month")]


class AccountRow(models.Model):
    """The accounts of a closed month, written when it is closed: a row per engineer, model, region and column (8.10, P12)."""

    closed = models.ForeignKey(ClosedMonth, models.PROTECT, related_name="rows")
    engineer = models.ForeignKey(U, models.PROTECT, related_name="+", null=True)
    model = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=60, blank=True)
    column = models.CharField(max_length=13, choices=Column.choices)
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "closed",
                Coalesce("engineer", Value(0)),  # nobody counts once as well, on both engines
                "model",
                "region",
                "column",
                name="account_row_once",
            )
        ]


# --- year end 年终核算 (8.10)
class YearEnd(YearEndFlow, models.Model):
    """The share of the year's profit: 40 % ⚙ of each engineer's own; prepared by finance, approved by a leader (SD13)."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    rate = models.DecimalField(_("share"), max_digits=5, decimal_places=4, editable=False)
    prepared_by = models.ForeignKey(U, models.PROTECT, related_name="+", editable=False)
    prepared_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decision = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("year end")
        constraints = [models.UniqueConstraint("year", condition=~Q(stage="dropped"), name="year_end_once")]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("finance:year_end", args=[self.year])

    @property
    def number(self) -> str:
        """What its page and its endpoints call it."""
        return str(self.year)

    @property
    def made_at(self) -> dt.datetime:
        return self.prepared_at

    def is_own(self, user: Any, action: str) -> bool:
        return self.shares.filter(engineer=user).exists()


class YearShare(models.Model):
    """One engineer's profit of the year and his share; a loss is 0.00 and is not carried on."""

    year_end = models.ForeignKey(YearEnd, models.PROTECT, related_name="shares")
    engineer = models.ForeignKey(U, models.PROTECT, related_name="year_shares", verbose_name=_("engineer"))
    amounts = models.JSONField(default=dict)  # Column → yuan as text, for the year
    profit = MoneyField(_("profit"))
    share = MoneyField(_("share"))

    class Meta:
        constraints = [models.UniqueConstraint("year_end", "engineer", name="year_share_once")]
