"""What an engineer bears (4.11, 8.8): wages of a month, deductions with their cap, refunds, assessments (8.9)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from technical.models import Report, Share

from ..flow import AssessmentFlow, DeductionFlow
from .months import MonthlyQuerySet, month_name
from .receipts import Receipt, Receivable

U = settings.AUTH_USER_MODEL


class Wage(models.Model):
    """What a person earns in a month (C30); seen by finance, leaders and himself alone (C31)."""

    person = models.ForeignKey(U, models.PROTECT, related_name="wages", verbose_name=_("person"))
    month = models.DateField(_("month"))
    amount = MoneyField(_("wage"))
    entered_by = models.ForeignKey(U, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "person"]
        constraints = [
            models.UniqueConstraint("person", "month", name="wage_once"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="wage_not_negative"),
            models.CheckConstraint(condition=Q(month__day=1), name="wage_of_a_month"),
        ]


class MinimumWage(models.Model):
    """The local minimum wage from this month on (C30): no deduction leaves less than it."""

    since = models.DateField(_("from the month"), unique=True)
    amount = MoneyField(_("local minimum wage"))
    entered_by = models.ForeignKey(U, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="minimum_wage_positive"),
            models.CheckConstraint(condition=Q(since__day=1), name="minimum_wage_of_a_month"),
        ]


class Payroll(models.Model):
    """The deductions of one person and payroll month were confirmed: once, and it takes no more (domain 5)."""

    person = models.ForeignKey(U, models.PROTECT, related_name="payrolls")
    month = models.DateField()
    wage = MoneyField()
    minimum = MoneyField()
    cap = MoneyField()  # min(20 % of the wage, wage − minimum), rounded down to the fen
    total = MoneyField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-month", "person"]
        constraints = [
            models.UniqueConstraint("person", "month", name="payroll_once"),
            models.CheckConstraint(condition=Q(total__lte=F("cap")), name="payroll_within_cap"),
        ]


class DeductionQuerySet(MonthlyQuerySet):
    action = "deduction.view"


class Deduction(DeductionFlow, Paper):
    """扣款 KK: so much of the wage of a payroll month, for a customer's debt (8.8), an assessment (8.9) or a fine (8.4).

    One row per source and payroll month (`key`); what does not fit or is not confirmed is `rolled` into a row of the next.
    """

    class Kind(models.TextChoices):
        DEBT = "debt", pgettext_lazy("deduction", "customer's debt")
        ASSESSMENT = "assessment", pgettext_lazy("deduction", "assessment")
        FINE = "fine", pgettext_lazy("deduction", "half of a fine")
        FEE = "fee", pgettext_lazy("deduction", "information fee")

    key = models.CharField(max_length=80, unique=True, editable=False)  # deduct:{source}:{yyyymm}
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, editable=False)
    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="deductions", verbose_name=_("of whose wage"), editable=False
    )
    month = models.DateField(_("payroll month"), editable=False)
    receivable = models.ForeignKey(
        Receivable, models.PROTECT, null=True, related_name="deductions", editable=False
    )
    paper = models.CharField(
        _("for"), max_length=20, blank=True, editable=False
    )  # KH… or a fine's own number
    due_on = models.DateField(_("due on"), editable=False)
    amount = MoneyField(
        _("amount"), editable=False
    )  # of the draft; a debt's shrinks with the money that arrives
    carried = models.BooleanField(_("carried over"), default=False, editable=False)
    confirmed = MoneyField(_("confirmed"), null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    objection = models.CharField(_("objection"), max_length=500, blank=True, editable=False)
    objected_at = models.DateTimeField(null=True, editable=False)
    upheld = models.BooleanField(default=False, editable=False)
    decision = models.CharField(_("decision"), max_length=500, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    history = HistoricalRecords()

    objects = DeductionQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-carried", "due_on", "number"]
        verbose_name = _("deduction")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="deduction_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="deduction_of_a_month"),
            models.CheckConstraint(
                condition=Q(kind="debt", receivable__isnull=False) | (~Q(kind="debt") & Q(receivable=None)),
                name="deduction_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=None) | Q(confirmed__gt=Decimal(0)), name="deduction_confirmed_positive"
            ),
        ]
        indexes = [models.Index(fields=["engineer", "month"], name="deduction_of_month")]

    def get_absolute_url(self) -> str:
        return reverse("finance:deduction", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.engineer_id == user.pk

    def clock_story(self) -> str:
        return f"{self.engineer} · {month_name(self.month)}"


class Refund(models.Model):
    """返还 (8.8): money that arrived after a confirmed deduction goes back to the engineer within two working days."""

    key = models.CharField(max_length=100, unique=True)  # refund:{deduction}:{receipt}
    deduction = models.ForeignKey(Deduction, models.PROTECT, related_name="refunds")
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="refunds")
    why = models.CharField(
        _("why"), max_length=200, blank=True
    )  # without a receipt: a reversal that leaves less owed
    amount = MoneyField(_("amount"))
    arose_at = (
        models.DateTimeField()
    )  # the clock's start: the later of the money's arrival and the confirmation
    made_at = models.DateTimeField()
    paid_on = models.DateField(_("repaid, or on the payroll list, on"), null=True)
    paid_how = models.CharField(
        _("how"),
        max_length=8,
        blank=True,
        choices=[
            ("bank", pgettext_lazy("refund", "bank transfer")),
            ("payroll", pgettext_lazy("refund", "payroll list")),
        ],
    )
    paid_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # the money was reversed before it was repaid

    class Meta:
        ordering = ["pk"]
        verbose_name = _("refund")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="refund_positive")]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return self.deduction.get_absolute_url()

    def is_own(self, user: Any, action: str) -> bool:
        return self.deduction.engineer_id == user.pk

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.deduction.number

    def clock_story(self) -> str:
        return str(self.deduction.engineer)


class AssessmentQuerySet(MonthlyQuerySet):
    action = "assessment.view"

    def visible_to(self, user: Any) -> Any:
        letter = user.cell(self.action)
        return self if letter == "Y" else self.filter(person=user) if letter == "O" else self.none()


class Assessment(AssessmentFlow, Paper):
    """考核文件 KH (8.9): rests on a final judgement; approved by a leader, issued by finance, then a deduction of its month.

    `share` is the share of the case for which the person answers, `loss` what the case had cost when this was written (yuan);
    `report` is what was typed before cases stood in the portal.
    """

    person = models.ForeignKey(U, models.PROTECT, related_name="assessments", verbose_name=_("person"))
    case = models.ForeignKey(
        Report,
        models.PROTECT,
        null=True,
        related_name="assessments",
        verbose_name=_("quality report"),
        editable=False,
    )
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="assessments", editable=False)
    loss = MoneyField(_("loss of the case"), null=True, editable=False)
    report = models.CharField(_("quality report"), max_length=20, blank=True)
    clause = models.CharField(_("clause of the standard 9.7"), max_length=20, blank=True)
    basis = models.CharField(_("how it was computed"), max_length=300)
    amount = MoneyField(_("amount"))
    approved_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("assessment")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="assessment_positive"),
            models.UniqueConstraint("share", condition=~Q(stage="dropped"), name="assessment_once_a_share"),
        ]

    @property
    def about(self) -> str:
        """The number of the case, or what was typed as such."""
        return self.case.number if self.case else self.report

    def get_absolute_url(self) -> str:
        return reverse("finance:assessment", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.person_id == user.pk


class Waiver(models.Model):
    """Nothing, or nothing more, is assessed of a case (8.9): finance says why."""

    case = models.OneToOneField(Report, models.PROTECT, related_name="waiver")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")
