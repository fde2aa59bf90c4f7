"""Price lists of parts and rates of labour (8.1): drafted by one, published by another, effective from a day on."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.money import MoneyField

from .parts import Part


class ListStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("price list", "Draft")
    PUBLISHED = "published", pgettext_lazy("price list", "Published")
    DROPPED = "dropped", pgettext_lazy("price list", "Dropped")


class LineKind(models.TextChoices):
    """Kinds of lines of a quotation 9.4."""

    PART = "part", _("part")
    LABOUR = "labour", _("labour")
    DIAGNOSIS = "diagnosis", _("diagnosis")
    INSPECTION = "inspection", _("inspection")
    MACHINING = "machining", _("machining")
    TRAVEL = "travel", _("travel")
    FREIGHT = "freight", _("freight")
    OTHER = "other", _("other")


class PriceList(models.Model):
    """Prices and rates from a day on. A list holds what changes; what it does not name keeps its earlier price."""

    title = models.CharField(_("title"), max_length=80)
    effective_on = models.DateField(_("effective from"))
    stage = models.CharField(
        _("stage"), max_length=10, choices=ListStage.choices, default=ListStage.DRAFT, editable=False
    )
    source = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        verbose_name = _("price list")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")),
                name="price_list_two_people",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(stage=ListStage.PUBLISHED),
                name="price_list_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.effective_on}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:price_list", args=[self.pk])


class PriceLine(models.Model):
    """The price of one part, tax included, and what it costs the company (C32). `since` is set by publishing."""

    list = models.ForeignKey(PriceList, models.CASCADE, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="prices", verbose_name=_("part"))
    price = MoneyField(_("unit price, tax included"))
    cost = MoneyField(_("cost"), null=True, blank=True)
    since = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("list", "part", name="price_once_a_list"),
            models.CheckConstraint(condition=Q(price__gte=Decimal(0)), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=Decimal(0)), name="cost_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["part", "-since", "-id"], condition=Q(since__isnull=False), name="price_in_force"
            )
        ]


class RateLine(models.Model):
    """The rate of one kind of work or service (工时费标准, 8.1)."""

    list = models.ForeignKey(PriceList, models.CASCADE, related_name="rates")
    kind = models.CharField(
        _("kind"), max_length=10, choices=[c for c in LineKind.choices if c[0] != LineKind.PART]
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(pgettext_lazy("rate", "name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=10, default="小时")
    price = MoneyField(_("unit price, tax included"))
    since = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("list", "code", name="rate_once_a_list"),
            models.CheckConstraint(condition=Q(price__gte=Decimal(0)), name="rate_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["code", "-since", "-id"], condition=Q(since__isnull=False), name="rate_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
