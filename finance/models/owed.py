"""Around a debt: asking for it (4.11), invoices, giving it up, money taken on site, paying a customer back, the bank's list."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.appendonly import append_only
from aftersales.money import MoneyField
from repairs.models import PartsOrder, Ticket
from sales.models import Customer

from .receipts import Receipt, Receivable
from .two_people import TwoPeople, one_open, two_people

U = settings.AUTH_USER_MODEL


@append_only
class Chase(models.Model):
    """催要 (4.11): when the liable engineer asked for the money, how, and what he was told."""

    class How(models.TextChoices):
        PHONE = "phone", pgettext_lazy("chase", "phone")
        WECHAT = "wechat", pgettext_lazy("chase", "WeChat")
        VISIT = "visit", pgettext_lazy("chase", "visit")
        LETTER = "letter", pgettext_lazy("chase", "letter")

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="chases")
    how = models.CharField(_("how"), max_length=8, choices=How.choices)
    asked_at = models.DateTimeField(_("when"))
    said = models.CharField(_("what the customer said"), max_length=300)
    promised_on = models.DateField(_("promised to pay on"), null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]


class Invoice(models.Model):
    """发票: wanted with title and tax number, then its number."""

    receivable = models.OneToOneField(Receivable, models.PROTECT, related_name="invoice")
    title = models.CharField(_("invoice title"), max_length=120)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    number = models.CharField(_("invoice number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(U, models.PROTECT, related_name="+")


class WriteOff(TwoPeople):
    """A debt is given up (C28): a reason and two persons; it covers only what the engineer has not borne (domain 10)."""

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="write_offs")
    amount = MoneyField(_("amount"))

    class Meta:
        constraints = [
            one_open("write_off", "receivable"),
            two_people("write_off"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="write_off_positive"),
        ]


class CustomerRefund(TwoPeople):
    """A customer's credit is paid back to him (C29, SD12)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="refunds")
    amount = MoneyField(_("amount"))
    method = models.CharField(_("way"), max_length=8, choices=Receipt.Method.choices)
    reference = models.CharField(_("reference"), max_length=60, blank=True)

    class Meta:
        constraints = [
            one_open("customer_refund", "customer"),
            two_people("customer_refund"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="customer_refund_positive"),
        ]


class SiteMoneyQuerySet(models.QuerySet["SiteMoney"]):
    def visible_to(self, user: Any) -> "SiteMoneyQuerySet":
        letter = user.cell("site_money.view")
        return self if letter == "Y" else self.filter(engineer=user) if letter == "O" else self.none()

    def in_transit(self) -> "SiteMoneyQuerySet":
        """Declared, and finance has neither confirmed nor refused it."""
        return self.filter(state=SiteMoney.State.DECLARED)


class SiteMoney(models.Model):
    """Money taken on site: declared by the engineer, in transit until finance confirms it (domain 5)."""

    class State(models.TextChoices):
        DECLARED = "declared", pgettext_lazy("site money", "in transit")
        CONFIRMED = "confirmed", pgettext_lazy("site money", "confirmed")
        REFUSED = "refused", pgettext_lazy("site money", "refused")

    engineer = models.ForeignKey(U, models.PROTECT, related_name="site_money", verbose_name=_("engineer"))
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="site_money")
    order = models.ForeignKey(PartsOrder, models.PROTECT, null=True, related_name="site_money")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="site_money")
    amount = MoneyField(_("amount"))
    method = models.CharField(_("way"), max_length=8, choices=Receipt.Method.choices)
    taken_at = models.DateTimeField(_("taken at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    key = models.CharField(max_length=32, blank=True)  # the photo's address, if he took one
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DECLARED)
    declared_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    refused_why = models.CharField(_("reason"), max_length=200, blank=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="site_money")

    kind = "image"  # of its photo
    objects = SiteMoneyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("money taken on site")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="site_money_positive")]

    def is_own(self, user: Any, action: str) -> bool:
        return self.engineer_id == user.pk


class BankImport(models.Model):
    """One file of the bank (Excel or CSV): a dry run first, then all rows that were matched, or none."""

    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)  # the same file is not taken twice
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(U, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bank list")


class BankRow(models.Model):
    """One incoming payment as the bank lists it, and what it was matched with."""

    batch = models.ForeignKey(BankImport, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()  # row of the sheet
    arrived_at = models.DateTimeField(null=True)
    amount = MoneyField(null=True)
    payer = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey(PartsOrder, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10, blank=True)  # number | amount | by hand
    problem = models.CharField(max_length=200, blank=True)  # why it is not posted
    left_out = models.BooleanField(default=False)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="bank_row")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("batch", "position", name="bank_row_once")]
