"""差旅报销 FY (8.2–8.5): what a trip cost who went on it, line by line; and what trips cost the tickets they served."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from aftersales.appendonly import append_only
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from dispatch.models import Trip
from repairs.models import Ticket

from ..flow import ClaimFlow, ClaimStage
from ..travel import night
from .months import Column

U = settings.AUTH_USER_MODEL
ZERO = Decimal("0.00")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> "ClaimQuerySet":
        """All, or those that he wrote (J93)."""
        letter = user.cell("expense.view")
        return self if letter == "Y" else self.filter(claimant=user) if letter == "O" else self.none()

    def open(self) -> "ClaimQuerySet":
        """Neither paid nor ended without money."""
        return self.exclude(stage__in=ENDED)


ENDED = (ClaimStage.PAID, ClaimStage.REFUSED, ClaimStage.REVERSED, ClaimStage.WITHDRAWN)


class Claim(ClaimFlow, Paper):
    """One person's claim for one trip that is back. `amount` is what was paid, once it was."""

    trip = models.ForeignKey(
        Trip, models.PROTECT, related_name="claims", verbose_name=_("trip"), editable=False
    )
    claimant = models.ForeignKey(
        U, models.PROTECT, related_name="claims", verbose_name=_("claimed by"), editable=False
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    returned_why = models.CharField(_("sent back because"), max_length=200, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    checked_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    amount = MoneyField(_("paid"), null=True, editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, editable=False)
    paid_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_why = models.CharField(_("withdrawn because"), max_length=200, blank=True, editable=False)
    history = HistoricalRecords()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("travel claim")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["paid", "reversed"], amount__gt=Decimal(0))
                | (~Q(stage__in=["paid", "reversed"]) & Q(amount=None)),
                name="claim_paid_something",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=models.F("checked_by")),
                name="claim_payer_did_not_check",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("finance:claim", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.claimant_id == user.pk

    def concerns(self, user: Any) -> bool:
        """His own claim, or for a trip on which he went: he neither checks nor pays it (SD04)."""
        return self.is_own(user, "") or user.pk == self.trip.driver_id or self.trip.goes(user)

    @property
    def asked(self) -> Decimal:
        return sum((line.amount for line in self.lines.all()), ZERO)

    @property
    def payable(self) -> Decimal:
        """What would be paid as the lines stand now."""
        return sum((line.paid for line in self.lines.all()), ZERO)


class LineKind(models.TextChoices):
    MEALS = "meals", pgettext_lazy("claim", "meals")
    LODGING = "lodging", pgettext_lazy("claim", "lodging")
    TRANSPORT = "transport", pgettext_lazy("claim", "transport")
    FREIGHT = "freight", pgettext_lazy("claim", "freight")
    NO_RECEIPT = "no_receipt", pgettext_lazy("claim", "without receipt")


K = LineKind
#: in which column of the accounts a line is booked
COLUMN = {
    K.MEALS: Column.MEALS, K.LODGING: Column.LODGING, K.TRANSPORT: Column.TRAVEL, K.FREIGHT: Column.FREIGHT,
    K.NO_RECEIPT: Column.NO_RECEIPT,
}  # fmt: skip
#: what is paid by receipt only, so each has its photo
BY_RECEIPT = (K.LODGING, K.TRANSPORT, K.FREIGHT)


class ClaimLine(models.Model):
    """One line. `standard` is the cap of a night; `struck_why` is finance's reason; `granted` the leader's yes or no, asked of
    what is above the standard and of what has no receipt. `live`: it stands, so it keeps its night, or the trip's meals."""

    class Way(models.TextChoices):
        COLLECT = "collect", pgettext_lazy("freight", "freight collect")
        PREPAID = "prepaid", pgettext_lazy("freight", "prepaid")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    trip = models.ForeignKey(Trip, models.PROTECT, related_name="claim_lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    day = models.DateField(_("day"), null=True)  # of a night the day on which it begins; meals have none
    amount = MoneyField(_("amount"))
    standard = MoneyField(_("standard"), null=True)
    note = models.CharField(_("what for"), max_length=200, blank=True)
    way = models.CharField(_("freight"), max_length=7, choices=Way.choices, blank=True)
    key = models.CharField(max_length=32, blank=True)  # the photo's address
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    live = models.BooleanField(default=True)
    struck_why = models.CharField(_("struck because"), max_length=200, blank=True)
    granted = models.BooleanField(null=True)
    decision = models.CharField(_("the leader's reason"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("claim", "position", name="claim_line_place"),
            models.UniqueConstraint("trip", condition=Q(kind="meals", live=True), name="trip_meals_once"),
            models.UniqueConstraint(
                "trip", "day", condition=Q(kind="lodging", live=True), name="trip_night_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="claim_line_positive"),
            models.CheckConstraint(
                condition=~Q(kind__in=["lodging", "transport", "freight"]) | ~Q(sha256=""),
                name="claim_line_by_receipt",
            ),
            models.CheckConstraint(
                condition=Q(kind="lodging", standard__isnull=False) | (~Q(kind="lodging") & Q(standard=None)),
                name="claim_line_standard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day or ''}".strip()

    @property
    def within(self) -> Decimal:
        """What needs no leader."""
        if self.kind == K.NO_RECEIPT:
            return ZERO
        return self.amount if self.standard is None else night(self.amount, self.standard).within

    @property
    def above(self) -> Decimal:
        """What a leader decides about: above the standard, or the whole of what has no receipt."""
        return self.amount - self.within

    @property
    def needs_leader(self) -> bool:
        return not self.struck_why and self.above > 0

    @property
    def paid(self) -> Decimal:
        """Nothing of a struck line; what is above waits for the leader's yes."""
        if self.struck_why:
            return ZERO
        return self.within + (self.above if self.granted else ZERO)


class MealDay(models.Model):
    """Whose meals of which calendar day a line pays: once over all trips (domain 10). It goes when the line falls."""

    line = models.ForeignKey(ClaimLine, models.CASCADE, related_name="meal_days")
    person = models.ForeignKey(U, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        ordering = ["day", "person"]
        constraints = [models.UniqueConstraint("person", "day", name="meals_once_a_day")]


@append_only
class TravelCost(models.Model):
    """What a trip cost a ticket (8.2–8.5): claims by payment, kilometres by the return, fines by entry (domain 10).

    `engineer` is the ticket's; a fine without a trip belongs to no ticket. `key` writes each once, however often it is told;
    a claim that is taken back has opposite rows, whose amounts are below nothing.
    """

    key = models.CharField(max_length=80, unique=True)
    day = models.DateField(_("day"))
    engineer = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="travel_costs")
    round = models.PositiveSmallIntegerField(null=True)
    column = models.CharField(max_length=13, choices=Column.choices)
    amount = MoneyField(_("amount"))
    paper = models.CharField(_("paper"), max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=Decimal(0)), name="travel_cost_of_something")
        ]
        indexes = [models.Index(fields=["day"], name="travel_cost_day")]

    def __str__(self) -> str:
        return self.key
