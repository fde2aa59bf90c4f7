"""Leads 购车意向 YX, what was done about them, and the sales XS that followed (4.2)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from aftersales.charter import Department
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from catalogue.models import VehicleModel

from ..lead_flow import LIVE, LeadFlow, LeadStage, SaleFlow
from ..lead_rules import Registered, fee_of

U = settings.AUTH_USER_MODEL


class Source(models.TextChoices):
    """Where a lead comes from."""

    TICKET = "ticket", pgettext_lazy("lead source", "at a repair")
    CALLBACK = "callback", pgettext_lazy("lead source", "callback 9.5")
    WEBSITE = "website", pgettext_lazy("lead source", "website")
    OWN = "own", pgettext_lazy("lead source", "the salesperson himself")
    OTHER = "other", pgettext_lazy("lead source", "met elsewhere")


class Wanted(models.TextChoices):
    """When the customer wants to buy."""

    NOW = "now", pgettext_lazy("lead", "now")
    QUARTER = "quarter", pgettext_lazy("lead", "within three months")
    HALF_YEAR = "half_year", pgettext_lazy("lead", "within half a year")
    LATER = "later", pgettext_lazy("lead", "later, or not said")


class How(models.TextChoices):
    """How somebody spoke with the customer."""

    PHONE = "phone", pgettext_lazy("lead", "by phone")
    WECHAT = "wechat", pgettext_lazy("lead", "by WeChat")
    VISIT = "visit", pgettext_lazy("lead", "face to face")
    WRITING = "writing", pgettext_lazy("lead", "in writing")
    WEBSITE = "website", pgettext_lazy("lead", "on the website")


class LostWhy(models.TextChoices):
    ELSEWHERE = "elsewhere", pgettext_lazy("lead", "bought elsewhere")
    NO_NEED = "no_need", pgettext_lazy("lead", "does not want one any more")
    PRICE = "price", pgettext_lazy("lead", "too expensive")
    NOT_REACHED = "not_reached", pgettext_lazy("lead", "cannot be reached")
    EARLIER = "earlier", pgettext_lazy("lead", "an earlier lead led to the sale")
    CONSENT = "consent", pgettext_lazy("lead", "took his consent back")


def leads_sales(user: Any) -> bool:
    """Whether he heads the sales department."""
    return Department.SALES in user.heads()


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: Any) -> "LeadQuerySet":
        """J132: who registered it; of sales its owner, everybody while nobody has it, and the head."""
        letter = user.cell("lead.view")
        if letter == "Y" or (letter == "O" and leads_sales(user)):
            return self
        if letter == "-":
            return self.none()
        theirs = Q(seller=user) | Q(seller=None) if "SALES" in user.roles else Q()
        return self.filter(Q(registered_by=user) | theirs if theirs else Q(registered_by=user))

    def live(self, day: dt.date) -> "LeadQuerySet":
        """Sales still works on them and they have not lapsed."""
        return self.filter(stage__in=LIVE, last_day__gte=day)


class Lead(LeadFlow, Paper):
    """Somebody may want a new vehicle, and agreed that sales may call him. `registered_at` is the arrival of the entry."""

    customer = models.ForeignKey(
        "sales.Customer", models.PROTECT, related_name="leads", verbose_name=_("customer")
    )
    contact = models.ForeignKey("sales.Person", models.PROTECT, related_name="+", verbose_name=_("contact"))
    source = models.CharField(_("where it comes from"), max_length=10, choices=Source.choices)
    ticket = models.CharField(_("ticket"), max_length=20, blank=True, db_index=True)
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="leads", verbose_name=_("registered by")
    )
    by_engineer = models.BooleanField(_("registered by an engineer"), default=False)  # as he was posted then
    last_day = models.DateField(_("counts until"), db_index=True)  # frozen with the figure of that day
    model = models.ForeignKey(
        VehicleModel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wanted model")
    )
    quantity = models.PositiveIntegerField(_("how many"), default=1)
    wanted = models.CharField(_("when"), max_length=10, choices=Wanted.choices, default=Wanted.LATER)
    words = models.CharField(_("what the customer wants"), max_length=500, blank=True)
    consent_how = models.CharField(_("how the customer agreed"), max_length=10, choices=How.choices)
    consent_at = models.DateTimeField(_("when the customer agreed"))
    consent_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+"
    )  # empty: he ticked it himself
    consent_version = models.CharField(_("version of the privacy notice"), max_length=20, blank=True)
    seller = models.ForeignKey(
        U, models.PROTECT, null=True, blank=True, related_name="leads_in_hand", verbose_name=_("salesperson")
    )
    taken_at = models.DateTimeField(null=True, editable=False)
    follow_up_at = models.DateTimeField(_("go on by"), null=True, db_index=True, editable=False)
    lost_why = models.CharField(_("why"), max_length=12, blank=True, choices=LostWhy.choices, editable=False)
    history = HistoricalRecords(excluded_fields=["words"])

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("purchase lead")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="lead_wants_something"),
            models.CheckConstraint(
                condition=~Q(stage="taken") | Q(seller__isnull=False), name="lead_in_hand_has_owner"
            ),
        ]
        indexes = [models.Index(fields=["customer", "registered_at"], name="lead_of_customer")]

    def get_absolute_url(self) -> str:
        return reverse("sales:lead", args=[self.number])

    @property
    def is_lapsed(self) -> bool:
        """Its last day is over and no sale came of it; derived, so that nothing has to happen for it."""
        return self.stage != LeadStage.WON and self.last_day < timezone.localdate()

    def stage_label(self) -> str:
        return str(_("Lapsed")) if self.is_lapsed else super().stage_label()

    def is_own(self, user: Any, action: str) -> bool:
        """By J132; to work on it is its owner's, or anybody's of sales while nobody has it."""
        mine = "SALES" in user.roles and self.seller_id == user.pk
        if action in ("customer.phone_reveal", "sale.record"):
            return mine
        if action == "purchase_intent.handle":
            return mine or ("SALES" in user.roles and self.seller_id is None)
        free = "SALES" in user.roles and (self.seller_id is None or leads_sales(user))
        return mine or free or self.registered_by_id == user.pk

    def as_rule(self) -> Registered:
        """What decides between leads."""
        return Registered(self.pk, self.registered_at, self.last_day, self.stage == LeadStage.WON)

    def clock_cycle(self, rule: str) -> str:
        return ""

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        wish = self.model.name if self.model else ""
        return " · ".join(word for word in (self.customer.number, wish) if word)


class FollowUp(models.Model):
    """What a salesperson did about a lead, and what comes next."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="follow_ups")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    talked_at = models.DateTimeField(_("when"))
    said = models.CharField(_("what came of it"), max_length=500, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("on"), null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]


class SaleQuerySet(models.QuerySet["Sale"]):
    def visible_to(self, user: Any) -> "SaleQuerySet":
        letter = user.cell("sale.view")
        if letter == "Y" or (letter == "O" and leads_sales(user)):
            return self
        return self.filter(seller=user) if letter == "O" else self.none()


class Sale(SaleFlow, Paper):
    """销售 XS: vehicles sold on a day, with the salesperson's commission. `lead` is the earliest that lived then: it is found
    when the sale is written down; before anybody confirmed it also when its customer is merged, or when the sale that had it is
    cancelled. `share` is the fee's figure on the day of the sale."""

    customer = models.ForeignKey(
        "sales.Customer", models.PROTECT, related_name="sales", verbose_name=_("customer")
    )
    seller = models.ForeignKey(U, models.PROTECT, related_name="sales", verbose_name=_("salesperson"))
    sold_on = models.DateField(_("sold on"), db_index=True)
    model = models.ForeignKey(
        VehicleModel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vehicle model")
    )
    quantity = models.PositiveIntegerField(_("how many"), default=1)
    vehicles = models.ManyToManyField("sales.Vehicle", related_name="sales", verbose_name=_("vehicles"))
    price = MoneyField(_("price"), null=True)
    commission = MoneyField(_("commission"))
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, related_name="sales", verbose_name=_("purchase lead")
    )
    share = models.DecimalField(max_digits=5, decimal_places=4)
    said = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    # what it found of each lead that it used up or ended: key → stage, why lost
    touched = models.JSONField(default=dict, editable=False)
    # who put the amounts right in place of a seller who has left
    corrected_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    confirmed_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    cancel_asked_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    cancel_asked_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = SaleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("sale")
        constraints = [
            models.CheckConstraint(condition=Q(commission__gte=Decimal(0)), name="commission_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="sale_of_something"),
            models.UniqueConstraint("lead", condition=~Q(stage="cancelled"), name="lead_leads_to_one_sale"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("seller")),
                name="commission_not_by_himself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(corrected_by=None) | ~Q(confirmed_by=F("corrected_by")),
                name="commission_not_by_who_corrected",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None) | ~Q(cancelled_by=F("cancel_asked_by")),
                name="cancelling_two_people",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("sales:sale", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        """By J136; what is the seller's to do is his head's once he has left."""
        mine = "SALES" in user.roles and self.seller_id == user.pk
        return mine or (leads_sales(user) and (action != "sale.record" or self.has_left))

    @property
    def has_left(self) -> bool:
        """Whether its seller is not of sales any more, or not of the company."""
        return "SALES" not in self.seller.roles

    @property
    def informant(self) -> Any:
        """Whom the fee is owed to: the engineer who registered the lead; nobody pays himself."""
        lead = self.lead
        if lead is None or not lead.by_engineer or lead.registered_by_id == self.seller_id:
            return None
        return lead.registered_by

    @property
    def fee(self) -> Decimal:
        """Yuan that the salesperson owes the informant."""
        return fee_of(self.commission, self.share) if self.informant else Decimal("0.00")
