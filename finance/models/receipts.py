"""Money that came in (8.6), and what is owed for parts and labour (4.11, 8.8)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.appendonly import append_only
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from parts.models import Release
from repairs.models import PartsOrder, Ticket
from sales.models import Customer

U = settings.AUTH_USER_MODEL


class Receipt(Paper):
    """收款 SK: money that arrived from a customer, as finance recorded it (C03). It never changes; a mistake is reversed."""

    class Method(models.TextChoices):
        BANK = "bank", pgettext_lazy("money", "bank transfer")
        WECHAT = "wechat", pgettext_lazy("money", "WeChat")
        ALIPAY = "alipay", pgettext_lazy("money", "Alipay")
        CASH = "cash", pgettext_lazy("money", "cash")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="receipts", verbose_name=_("customer")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, related_name="receipts", verbose_name=_("ticket")
    )
    order = models.ForeignKey(
        PartsOrder, models.PROTECT, null=True, related_name="receipts", verbose_name=_("parts order")
    )
    amount = MoneyField(_("amount"))
    arrived_at = models.DateTimeField(_("the money arrived"))
    method = models.CharField(_("way"), max_length=8, choices=Method.choices)
    reference = models.CharField(_("reference, receipt number"), max_length=60, blank=True)
    reversed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("receipt")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="receipt_positive")]

    def get_absolute_url(self) -> str:
        return reverse("finance:receipt", args=[self.number])

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return str(self.ticket or self.order or "")


@append_only
class ReceiptUse(models.Model):
    """So much of a receipt covers a release that was signed as paid (4.5b), paid a debt (C38) or was paid back (C29); never
    more than it holds. What becomes free again is a negative row."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="uses")
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="uses")
    receivable = models.ForeignKey("finance.Receivable", models.PROTECT, null=True, related_name="uses")
    refund = models.ForeignKey("finance.CustomerRefund", models.PROTECT, null=True, related_name="uses")
    amount = MoneyField(_("amount"))
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=Decimal(0)), name="use_of_something"),
            models.CheckConstraint(
                condition=Q(release=None, receivable__isnull=False, refund=None)
                | Q(release__isnull=False, receivable=None, refund=None)
                | Q(release=None, receivable=None, refund__isnull=False),
                name="use_for_one_thing",
            ),
        ]


class ReceivableQuerySet(models.QuerySet["Receivable"]):
    def visible_to(self, user: Any) -> "ReceivableQuerySet":
        """All, or those he is liable for (C10)."""
        letter = user.cell("receivable.view")
        return self if letter == "Y" else self.filter(engineer=user) if letter == "O" else self.none()


class Receivable(models.Model):
    """What a customer owes and an engineer answers for (8.8); its open amount is the balance of its account."""

    class Kind(models.TextChoices):
        PARTS = "parts", pgettext_lazy("receivable", "parts")
        LABOUR = "labour", pgettext_lazy("receivable", "labour")
        OLD_PART = "old_part", pgettext_lazy("receivable", "old part that never came")

    key = models.CharField(max_length=60, unique=True)  # what it arises from, so that it arises once
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="receivables")
    order = models.ForeignKey(PartsOrder, models.PROTECT, null=True, related_name="receivables")
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="receivables")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="receivables")
    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="receivables", verbose_name=_("liable engineer")
    )
    amount = MoneyField(_("amount"))
    arose_on = models.DateField(_("arose on"))
    due_on = models.DateField(_("due on"))
    made_at = models.DateTimeField()
    note = models.CharField(_("taken over from"), max_length=80, blank=True)  # an opening debt: its old paper
    cost = MoneyField(_("cost of its parts"), null=True)  # of an opening debt; else its part lines tell

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("receivable")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="receivable_positive")]
        indexes = [models.Index(fields=["engineer", "due_on"], name="receivable_of_engineer")]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("finance:receivable", args=[self.pk])

    @property
    def about(self) -> Any:
        """The ticket or the parts-only order; None for one that was taken over from paper."""
        return self.ticket or self.order

    def is_own(self, user: Any, action: str) -> bool:
        return self.engineer_id == user.pk

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.about.number if self.about else self.note

    def clock_story(self) -> str:
        return str(self.get_kind_display())
