"""Returns and old-part receipts (4.7, 5.3), enquiries (5.2), shipments (6.3), consumption (5.5), the monthly list (5.6)."""

import datetime as dt
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.grants import cell
from aftersales.charter import Department
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from catalogue.models import Part
from deadlines.models import Deadline
from repairs.models import Ticket
from sales.models import Person

from ..flow import EnquiryFlow, ShipmentFlow, TwoStepFlow
from .releases import Release, ReleaseLine

U = settings.AUTH_USER_MODEL


class ReturnKind(models.TextChoices):
    UNUSED = "unused", _("unused parts")
    OLD = "old", _("old parts")


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, user: Any) -> "ReturnQuerySet":
        """All, or what he handed in."""
        letter = cell("return.view", user.roles)
        return self if letter == "Y" else self.filter(made_by=user) if letter == "O" else self.none()


class Return(TwoStepFlow, Paper):
    """退库 TK or 旧件 JJ: handed in by the engineer, confirmed by the warehouse, never by the same (SD02)."""

    kind = models.CharField(_("kind"), max_length=6, choices=ReturnKind.choices)
    release = models.ForeignKey(Release, models.PROTECT, related_name="returns")
    note = models.CharField(_("note"), max_length=200, blank=True)
    history = HistoricalRecords()

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("return")

    def get_absolute_url(self) -> str:
        return reverse("parts:return", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.made_by_id == user.pk


class ReturnLine(models.Model):
    """Pieces of one part line; `received` is what the warehouse counted."""

    paper = models.ForeignKey(Return, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReleaseLine, models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField(_("handed in"))
    received = models.PositiveIntegerField(_("received"), null=True)
    codes = models.JSONField(_("identification codes"), default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("paper", "line", name="return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_of_something"),
            models.CheckConstraint(
                condition=Q(received=None) | Q(received__lte=models.F("quantity")),
                name="received_within_handed_in",
            ),
        ]


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: Any) -> "EnquiryQuerySet":
        """The warehouse's and purchasing's all; an assembly's also technical's."""
        letter = cell("enquiry.view", user.roles)
        if letter == "Y":
            return self
        return self.filter(department=Department.TECHNICAL) if letter == "O" else self.none()


class Enquiry(EnquiryFlow, Paper):
    """询购 XJ (5.2): a part short in stock; an assembly goes to technical instead of purchasing."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="enquiries", verbose_name=_("part"))
    quantity = models.PositiveIntegerField(_("quantity"))
    department = models.CharField(_("asked"), max_length=20, choices=Department.choices, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="enquiries", editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    can_have = models.BooleanField(_("can be had"), null=True, editable=False)
    arrives_on = models.DateField(_("arrives on"), null=True, editable=False)
    answer_text = models.CharField(_("answer"), max_length=200, blank=True, editable=False)
    answered_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("enquiry")
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="enquiry_of_something")]

    def get_absolute_url(self) -> str:
        return reverse("parts:enquiry", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.department in user.departments()


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, user: Any) -> "ShipmentQuerySet":
        """All, or those of his own releases."""
        letter = cell("shipment.view", user.roles)
        if letter == "Y":
            return self
        if letter == "O":
            return self.filter(
                Q(release__engineer=user) | Q(release__ticket__engineer=user) | Q(ticket__engineer=user)
            )
        return self.none()


class Shipment(ShipmentFlow, Paper):
    """物流 WL: a parcel to the customer (plan a, parts-only), or back to us freight collect (4.6); GA ships (6.3)."""

    class Way(models.TextChoices):
        OUT = "out", _("to the customer")
        BACK = "back", _("back to us")

    class Terms(models.TextChoices):
        PREPAID = "prepaid", _("freight prepaid")
        COLLECT = "collect", _("freight collect")

    way = models.CharField(_("direction"), max_length=4, choices=Way.choices, default=Way.OUT)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="shipments", editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="shipments", editable=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("goes to"))
    content = models.CharField(_("what is inside"), max_length=300, blank=True)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True, editable=False)
    waybill = models.CharField(_("waybill"), max_length=60, blank=True, editable=False, db_index=True)
    terms = models.CharField(_("freight"), max_length=8, choices=Terms.choices, blank=True, editable=False)
    cost = MoneyField(_("freight cost"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, editable=False)
    delivered_how = models.CharField(_("received by, told by"), max_length=120, blank=True, editable=False)
    # the photo of the waybill, in the private store
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    key = models.CharField(max_length=32, blank=True, editable=False)
    history = HistoricalRecords()

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("shipment")

    def get_absolute_url(self) -> str:
        return reverse("parts:shipment", args=[self.number])

    @property
    def tracking(self) -> str:
        """Where everybody can look up how far it is; nothing is asked there before somebody taps."""
        return (
            settings.TRACKING_URL.format(quote(self.waybill))
            if self.waybill and settings.TRACKING_URL
            else ""
        )

    def is_own(self, user: Any, action: str) -> bool:
        """In hand: the parcels that administration has; for the engineer those of his releases."""
        if "ENG" in user.roles:
            ticket = self.ticket or (self.release.ticket if self.release else None)
            theirs = {
                self.release.engineer_id if self.release else None,
                ticket.engineer_id if ticket else None,
            }
            if user.pk in theirs:
                return True
        return bool({"GA", "WH"} & user.roles)

    @property
    def engineer_id(self) -> int | None:
        """Who asks whether it has arrived."""
        if self.ticket is not None and self.ticket.engineer_id:
            return self.ticket.engineer_id
        return self.release.engineer_id if self.release else None

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return " ".join(x for x in (self.carrier, self.waybill) if x)


class ConsumptionReport(models.Model):
    """消耗上报 (5.5): what one completed round of a ticket consumed; sent by the portal, confirmed by the warehouse."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="consumption")
    round = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint("ticket", "round", name="one_consumption_a_round")]

    def __str__(self) -> str:
        return f"{self.ticket.number}/{self.round}"

    def get_absolute_url(self) -> str:
        return reverse("parts:consumption_report", args=[self.pk])

    def is_own(self, user: Any, action: str) -> bool:
        return True

    def clock_cycle(self, rule: str) -> str:
        """What leaves after the completion is reported, and checked, once more."""
        return Deadline.objects.next_cycle(self, rule)

    def clock_title(self) -> str:
        return str(self)

    def clock_story(self) -> str:
        return self.ticket.clock_story()


class ConsumptionLine(models.Model):
    """One part: how many were used, as declared and as the warehouse confirmed."""

    report = models.ForeignKey(ConsumptionReport, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReleaseLine, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("used"))
    confirmed = models.PositiveIntegerField(_("confirmed"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("report", "line", name="consumed_once")]


class UnreturnedList(models.Model):
    """未入库三包配件明细 of a month (5.6): submitted by the warehouse to finance by the 5th."""

    month = models.DateField(_("month"), unique=True)  # its first day
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("parts:unreturned", args=[f"{self.month:%Y-%m}"])

    @property
    def last_day(self) -> dt.date:
        return (self.month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)

    def is_own(self, user: Any, action: str) -> bool:
        return True

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return str(self)

    def clock_story(self) -> str:
        return ""


class UnreturnedLine(models.Model):
    """A warranty line of that month whose old parts were not in: what stood on the list when it was submitted."""

    class State(models.TextChoices):
        AWAITED = "awaited", pgettext_lazy("old part", "awaited")
        WAIVED = "waived", pgettext_lazy("old part", "waived")

    list = models.ForeignKey(UnreturnedList, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReleaseLine, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("pieces"))
    amount = MoneyField(_("amount"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("list", "line", name="listed_once")]
