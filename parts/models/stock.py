"""The store: what lies where, every movement of it, and the life of each identification code (5.1, 5.3)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from aftersales.appendonly import append_only
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from catalogue.models import Part
from repairs.models import Ticket
from sales.models import Vehicle

from ..flow import TwoStepFlow


class Zone(models.TextChoices):
    """Where parts are. The first three hold stock that is counted; the others are the world outside."""

    GOOD = "good", _("store")
    OLD = "old", _("zone of old parts")
    ENGINEER = "engineer", _("with the engineer")
    SUPPLIER = "supplier", _("supplier")
    CUSTOMER = "customer", pgettext_lazy("zone", "customer")
    SCRAP = "scrap", _("scrapped")
    REFURBISH = "refurbish", _("refurbishing")
    OPENING = "opening", _("opening stock")
    COUNTED = "counted", _("stocktake")


INSIDE = (Zone.GOOD, Zone.OLD, Zone.ENGINEER)


class Stock(models.Model):
    """How many of a part lie in a zone (of an engineer: at `holder`). Never negative: the database refuses."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="stocks", db_index=False)
    zone = models.CharField(_("zone"), max_length=10, choices=[z for z in Zone.choices if z[0] in INSIDE])
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    shelf = models.CharField(
        _("shelf"), max_length=40, blank=True
    )  # of the store's row: where a hand finds it

    class Meta:
        constraints = [
            models.UniqueConstraint("part", "zone", condition=Q(holder=None), name="stock_once"),
            models.UniqueConstraint(
                "part", "zone", "holder", condition=Q(holder__isnull=False), name="stock_once_a_holder"
            ),
            models.CheckConstraint(
                condition=Q(zone=Zone.ENGINEER, holder__isnull=False)
                | ~Q(zone=Zone.ENGINEER) & Q(holder=None),
                name="stock_of_engineer",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "part"], condition=Q(quantity__gt=0), name="stock_with_engineer"),
            models.Index(fields=["part", "zone"], condition=Q(quantity__gt=0), name="stock_of_part"),
        ]


class Minimum(models.Model):
    """Below this many in the store, the warehouse is shown the part as running short."""

    part = models.OneToOneField(Part, models.PROTECT, related_name="minimum", primary_key=True)
    quantity = models.PositiveIntegerField(_("minimum"))


class PartCode(models.Model):
    """One valuable part by its identification code 识别码 (5.1), and where it is now."""

    code = models.CharField(_("identification code"), max_length=60, unique=True)
    part = models.ForeignKey(Part, models.PROTECT, related_name="codes")
    zone = models.CharField(_("zone"), max_length=10, choices=Zone.choices)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", null=True, db_index=False)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="part_codes", null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("parts:code", args=[self.code])


@append_only
class CodeEvent(models.Model):
    """A step in the life of a code: received, issued on which ticket into which vehicle, taken out, returned."""

    class What(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("code", "received")
        ISSUED = "issued", pgettext_lazy("code", "issued")
        LENT = "lent", pgettext_lazy("code", "lent")
        FITTED = "fitted", pgettext_lazy("code", "fitted")
        TAKEN_OUT = "taken_out", pgettext_lazy("code", "taken out")
        RETURNED = "returned", pgettext_lazy("code", "returned")
        OLD_IN = "old_in", pgettext_lazy("code", "old part received")
        DISPOSED = "disposed", pgettext_lazy("code", "disposed of")
        COUNTED = "counted", pgettext_lazy("code", "counted")

    code = models.ForeignKey(PartCode, models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=What.choices)
    paper = models.CharField(max_length=20, blank=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", null=True)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering = ["pk"]


@append_only
class Movement(models.Model):
    """So many of a part went from one zone to another, on which paper. The stock is their sum."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="movements", db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    source = models.CharField(_("from"), max_length=10, choices=Zone.choices)
    target = models.CharField(_("to"), max_length=10, choices=Zone.choices)
    source_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    target_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    code = models.ForeignKey(PartCode, models.PROTECT, related_name="movements", null=True)
    paper = models.CharField(_("paper"), max_length=20, db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_of_something"),
            models.CheckConstraint(condition=Q(code=None) | Q(quantity=1), name="movement_of_one_code"),
            models.CheckConstraint(
                condition=~Q(source=F("target")) | Q(source=Zone.ENGINEER), name="movement_goes_somewhere"
            ),
        ]
        indexes = [models.Index(fields=["part", "-id"], name="movements_of_part")]


class GoodsReceipt(Paper):
    """入库单: what came from a supplier, or the stock with which the company began."""

    supplier = models.CharField(_("supplier"), max_length=120)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    opening = models.BooleanField(_("opening stock"), default=False, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("goods receipt")

    def get_absolute_url(self) -> str:
        return reverse("parts:receipt", args=[self.number])


class GoodsLine(models.Model):
    """One part of a goods receipt; `codes` when it is valuable, one a piece."""

    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("part"))
    quantity = models.PositiveIntegerField(_("quantity"))
    cost = MoneyField(_("cost"), null=True, blank=True)
    codes = models.JSONField(_("identification codes"), default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="goods_of_something"),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=Decimal(0)), name="goods_cost_not_negative"
            ),
        ]


class Stocktake(TwoStepFlow, Paper):
    """盘点: what was counted, proposed as adjustments by the warehouse, approved by finance (SD06)."""

    zone = models.CharField(
        _("zone"),
        max_length=10,
        choices=[(z.value, z.label) for z in (Zone.GOOD, Zone.OLD)],
        default=Zone.GOOD,
    )
    reason = models.CharField(_("reason"), max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stocktake")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")), name="stocktake_two_people"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("parts:stocktake", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.made_by_id == user.pk


class StocktakeLine(models.Model):
    """A part as the books say and as it was counted."""

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    book = models.PositiveIntegerField(_("by the books"))
    counted = models.PositiveIntegerField(_("counted"))
    codes = models.JSONField(_("codes found"), default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("stocktake", "part", name="counted_once")]


class Disposal(TwoStepFlow, Paper):
    """What becomes of old parts (5.3): proposed by the warehouse, approved by finance (D15, SD06)."""

    class How(models.TextChoices):
        SCRAP = "scrap", pgettext_lazy("disposal", "scrap")
        SUPPLIER = "supplier", pgettext_lazy("disposal", "to the supplier")
        REFURBISH = "refurbish", pgettext_lazy("disposal", "refurbish")

    how = models.CharField(_("what becomes of it"), max_length=10, choices=How.choices)
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("part"))
    quantity = models.PositiveIntegerField(_("quantity"))
    codes = models.JSONField(_("identification codes"), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("disposal")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="disposal_of_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")), name="disposal_two_people"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("parts:disposal", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.made_by_id == user.pk


def where(zone: str, holder: Any) -> str:
    """“with the engineer 陈建国”, “store”."""
    label = str(Zone(zone).label)
    return f"{label} {holder}" if holder else label
