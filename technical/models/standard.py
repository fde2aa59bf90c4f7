"""售后质量责任判定与考核标准 9.7: dated versions of its clauses, drafted by one and published by another (SD05)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

U = settings.AUTH_USER_MODEL


class StandardStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("standard", "Draft")
    PUBLISHED = "published", pgettext_lazy("standard", "Published")
    DROPPED = "dropped", pgettext_lazy("standard", "Dropped")


class Standard(models.Model):
    """One version; in force from its day until the day of the next published one."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=80)
    effective_on = models.DateField(_("effective from"))
    stage = models.CharField(
        max_length=9, choices=StandardStage.choices, default=StandardStage.DRAFT, db_index=True
    )
    source = models.CharField(_("file"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(U, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        verbose_name = _("judgement and assessment standard")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("drafted_by")),
                name="standard_by_two",
            )
        ]

    def __str__(self) -> str:
        return self.version

    def get_absolute_url(self) -> str:
        return reverse("technical:standard", args=[self.pk])


class Category(models.TextChoices):
    """问题类别."""

    DESIGN = "design", pgettext_lazy("category", "design")
    PROCESS = "process", pgettext_lazy("category", "process")
    ASSEMBLY = "assembly", pgettext_lazy("category", "assembly")
    INSPECTION = "inspection", pgettext_lazy("category", "inspection")
    PURCHASING = "purchasing", pgettext_lazy("category", "purchasing and supplier")
    TRANSPORT = "transport", pgettext_lazy("category", "transport")
    SALES = "sales", pgettext_lazy("category", "sales and what was told")
    SERVICE = "service", pgettext_lazy("category", "after-sales service")
    CUSTOMER = "customer", pgettext_lazy("category", "customer's use")


class Severity(models.TextChoices):
    """严重度."""

    FATAL = "fatal", pgettext_lazy("severity", "fatal")
    SERIOUS = "serious", pgettext_lazy("severity", "serious")
    ORDINARY = "ordinary", pgettext_lazy("severity", "ordinary")
    SLIGHT = "slight", pgettext_lazy("severity", "slight")


class Method(models.TextChoices):
    """考核方式."""

    AMOUNT = "amount", pgettext_lazy("assessment method", "fixed amount")
    LOSS = "loss", pgettext_lazy("assessment method", "percent of the loss")
    POINTS = "points", pgettext_lazy("assessment method", "points")
    NOTICE = "notice", pgettext_lazy("assessment method", "public notice")
    SUPPLIER = "supplier", pgettext_lazy("assessment method", "claim on the supplier")


class Clause(models.Model):
    """A line of the standard. `amount` and `cap` are yuan, `percent` of the loss, `factor` for frequency, `points` a count."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="clauses")
    number = models.CharField(_("clause"), max_length=12)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices)
    criterion = models.CharField(_("criterion"), max_length=300)
    party = models.CharField(_("who answers"), max_length=80)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    factor = models.DecimalField(_("frequency factor"), max_digits=4, decimal_places=2, default=Decimal(1))
    method = models.CharField(_("assessed by"), max_length=8, choices=Method.choices)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(
        _("percent of the loss"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    cap = models.DecimalField(_("at most"), max_digits=10, decimal_places=2, null=True, blank=True)
    appeal_days = models.PositiveSmallIntegerField(_("working days for an appeal"), default=3)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("standard", "number", name="standard_clause_once"),
            models.CheckConstraint(
                condition=(~Q(method="amount") | Q(amount__gt=Decimal(0)))
                & (~Q(method="loss") | Q(percent__gt=Decimal(0), percent__lte=Decimal(100))),
                name="standard_clause_says_how_much",
            ),
            models.CheckConstraint(condition=Q(factor__gt=Decimal(0)), name="standard_clause_factor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.criterion}"
