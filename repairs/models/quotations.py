"""Parts-only orders (8.7) and quotations 9.4."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.grants import cell
from aftersales.money import MoneyField, line_amount, plain
from aftersales.paperwork import Paper
from catalogue.models import LineKind, Part
from sales.models import Customer, Person

from ..quote_flow import QuotationFlow, QuoteStage
from .ticket import Ticket


class OrderQuerySet(models.QuerySet["PartsOrder"]):
    def visible_to(self, user: Any) -> "OrderQuerySet":
        """All, or those that name him as the engineer who may consent (B25)."""
        letter = cell("parts_order.view", user.roles)
        if letter == "Y":
            return self
        return self.filter(engineer=user) if letter == "O" else self.none()


class OrderStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("order", "Open")
    ENDED = "ended", pgettext_lazy("order", "Ended")


class PartsOrder(Paper):
    """A customer buys parts without a repair (8.7). It names the engineer who may consent to sending first and is liable."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders", verbose_name=_("customer"))
    contact = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("goes to"))
    engineer = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        related_name="parts_orders",
        verbose_name=_("engineer who may consent"),
    )
    remark = models.TextField(_("what the customer wants"), blank=True)
    stage = models.CharField(
        _("stage"), max_length=8, choices=OrderStage.choices, default=OrderStage.OPEN, editable=False
    )
    history = HistoricalRecords()

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("parts order")

    def get_absolute_url(self) -> str:
        return reverse("repairs:order", args=[self.number])

    def stage_label(self) -> str:
        """Where the order stands, in the reader's language."""
        return str(self.get_stage_display())

    @property
    def is_open(self) -> bool:
        return self.stage == OrderStage.OPEN

    def is_own(self, user: Any, action: str) -> bool:
        return self.engineer_id == user.pk


class PaymentTerms(models.TextChoices):
    PAY_FIRST = "pay_first", _("payment first, then goods (8.7)")
    SEND_FIRST = "send_first", _("goods first, payment by the agreed day (4.5c)")


class OldParts(models.TextChoices):
    NONE = "none", _("no old part")
    CUSTOMER_KEEPS = "customer_keeps", _("the customer keeps the old part")
    GIVEN_UP = "given_up", _("the customer gives the old part up")
    RETURNED = "returned", _("the old part comes back to us")


class QuotationQuerySet(models.QuerySet["Quotation"]):
    def visible_to(self, user: Any) -> "QuotationQuerySet":
        """Those of the tickets and orders that he may see."""
        return self.filter(
            Q(ticket__in=Ticket.objects.visible_to(user).values("pk"))
            | Q(order__in=PartsOrder.objects.visible_to(user).values("pk"))
        )


class Quotation(QuotationFlow, Paper):
    """售后服务报价单 9.4: of a ticket or of a parts-only order. The latest approved version wins."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="quotations", editable=False)
    order = models.ForeignKey(
        PartsOrder, models.PROTECT, null=True, related_name="quotations", editable=False
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    round = models.PositiveSmallIntegerField(null=True, editable=False)  # of the ticket, when it was drafted
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="+", verbose_name=_("paying customer")
    )
    valid_until = models.DateField(_("valid until"))
    terms = models.CharField(
        _("payment"), max_length=10, choices=PaymentTerms.choices, default=PaymentTerms.PAY_FIRST
    )
    old_parts = models.CharField(
        _("old parts"), max_length=16, choices=OldParts.choices, default=OldParts.NONE
    )
    delivery = models.CharField(_("delivery time"), max_length=80, blank=True)
    warranty_note = models.CharField(_("warranty of the new parts"), max_length=200, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=120, blank=True)
    invoice_tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    total = MoneyField(_("total"), default=Decimal(0), editable=False)
    answered_how = models.CharField(_("how the customer said so"), max_length=200, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )  # None: the customer himself, on his private page
    answered_said_at = models.DateTimeField(_("when he said so"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    history = HistoricalRecords()

    objects = QuotationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("quotation")
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket=None, order__isnull=False) | Q(ticket__isnull=False, order=None),
                name="quotation_of_one",
            ),
            models.UniqueConstraint("ticket", "version", condition=Q(order=None), name="quotation_version"),
            models.UniqueConstraint(
                "order", "version", condition=Q(ticket=None), name="quotation_order_version"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("repairs:quotation", args=[self.number])

    @property
    def about(self) -> Any:
        """The ticket or the parts-only order."""
        return self.ticket or self.order

    def is_own(self, user: Any, action: str) -> bool:
        """To write and to record the answer: the responsible engineer's alone; to read: whoever the paper is own to."""
        if "ENG" in user.roles and self.about.engineer_id == user.pk:
            return True
        return action == "quote.view" and bool(self.about.is_own(user, action))

    def is_expired(self, day: dt.date) -> bool:
        """Sent, unanswered, and its last day is over."""
        return self.stage == QuoteStage.SENT and day > self.valid_until


class QuotationLine(models.Model):
    """One line; its unit price was read from the list in force when it was written, never typed (8.1)."""

    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+", verbose_name=_("part"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(pgettext_lazy("line", "name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=10)
    quantity = models.DecimalField(_("quantity or hours"), max_digits=8, decimal_places=2)
    unit_price = MoneyField(_("unit price, tax included"))
    tax_rate = models.DecimalField(_("tax rate"), max_digits=4, decimal_places=2, default=Decimal("0.13"))
    discount = models.DecimalField(_("discount"), max_digits=4, decimal_places=2, default=Decimal(0))
    amount = MoneyField(_("amount"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("quotation", "position", name="quotation_line_once"),
            models.UniqueConstraint(
                "quotation", "part", name="quotation_part_once"
            ),  # a price is found by its part
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quotation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lt=1), name="quotation_discount_share"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.PART) | Q(part__isnull=False), name="quotation_part_named"
            ),
        ]

    def count(self) -> Decimal:
        """Write the amount down: ROUND_HALF_UP(unit × quantity × (1 − discount))."""
        self.amount = line_amount(self.unit_price, self.quantity, self.discount)
        return self.amount

    @property
    def shown_quantity(self) -> str:
        """2.00 → 2, 1.50 → 1.5."""
        return plain(self.quantity)

    @property
    def shown_discount(self) -> str:
        """In percent: 0.10 → 10."""
        return plain(self.discount * 100)
