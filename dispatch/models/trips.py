"""出差/出车申请 CX (6.1): who goes where for which tickets, by what, with what the vehicle manager decided and why."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.selectors import represented_by
from aftersales.paperwork import Paper
from repairs.models import Ticket

from ..flow import TripFlow, TripStage
from ..rules import Advice, Means, Way, advice
from .cars import Car

U = settings.AUTH_USER_MODEL


class TripQuerySet(models.QuerySet["Trip"]):
    def visible_to(self, user: Any) -> "TripQuerySet":
        """All; or those that he asked for, goes on or drives, or that serve his tickets and those he stands in for."""
        letter = user.cell("trip.view")
        if letter != "O":
            return self if letter == "Y" else self.none()
        engineers = [user.pk, *represented_by(user)]
        served = TripTicket.objects.filter(ticket__engineer__in=engineers).values("trip")
        return self.filter(involving(user) | Q(pk__in=served))


def involving(user: Any) -> Q:
    """Asked for by him, or he goes along or drives (`Trip.is_own`, of rows)."""
    return Q(requester=user) | Q(driver=user) | Q(pk__in=Traveller.objects.filter(person=user).values("trip"))


class Trip(TripFlow, Paper):
    """One journey for one or several tickets. Times are aware moments; the facts of 6.1 stand as they were asked for."""

    requester = models.ForeignKey(
        U, models.PROTECT, related_name="+", editable=False, verbose_name=_("asked for by")
    )
    place = models.CharField(_("where to"), max_length=120)
    city = models.CharField(_("city"), max_length=20)
    kilometres = models.PositiveIntegerField(_("distance (km, one way)"), null=True, blank=True)
    leaves_at = models.DateTimeField(_("leaves at"))
    returns_at = models.DateTimeField(_("back by"))
    nearby = models.BooleanField(_("nearby"), editable=False)
    easy_access = models.BooleanField(_("easy to reach by bus or train"))
    severe_weather = models.BooleanField(_("severe weather"), default=False)
    bulky = models.BooleanField(_("a bulky part comes along"), default=False)
    back_same_day = models.BooleanField(_("back on the same day"), editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    means = models.CharField(_("travels by"), max_length=4, choices=Means.choices, blank=True, editable=False)
    reason = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    car = models.ForeignKey(Car, models.PROTECT, null=True, related_name="trips", editable=False)
    driver = models.ForeignKey(U, models.PROTECT, null=True, related_name="driven", editable=False)
    departed_at = models.DateTimeField(_("departed at"), null=True, editable=False)
    odometer_out = models.PositiveIntegerField(_("odometer at departure (km)"), null=True, editable=False)
    returned_at = models.DateTimeField(_("returned at"), null=True, editable=False)
    odometer_in = models.PositiveIntegerField(_("odometer at return (km)"), null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    #: claims for it that are neither paid nor ended; finance writes it down here
    open_claims = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    tickets = models.ManyToManyField(Ticket, through="TripTicket", related_name="trips")
    people: Any = models.ManyToManyField(U, through="Traveller", related_name="trips")
    history = HistoricalRecords()

    objects = TripQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("trip")
        constraints = [
            models.CheckConstraint(condition=Q(returns_at__gt=F("leaves_at")), name="trip_comes_back"),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(returned_at__gte=F("departed_at")),
                name="trip_returns_later",
            ),
            models.CheckConstraint(
                condition=Q(odometer_in=None) | Q(odometer_in__gte=F("odometer_out")), name="trip_odometer"
            ),
            models.CheckConstraint(
                condition=Q(means=Means.CAR, car__isnull=False, driver__isnull=False)
                | (~Q(means=Means.CAR) & Q(car=None)),
                name="trip_by_car_has_one",
            ),
        ]
        indexes = [
            models.Index(fields=["car", "leaves_at"], name="trip_of_car"),
            models.Index(fields=["driver", "leaves_at"], name="trip_of_driver"),
            models.Index(fields=["returned_at"], name="trip_returned"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("dispatch:trip", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        """Asked for by him, or he goes along or drives."""
        return user.pk in (self.requester_id, self.driver_id) or self.goes(user)

    def goes(self, user: Any) -> bool:
        return any(row.person_id == user.pk for row in self.travellers.all())

    @property
    def way(self) -> Way:
        return Way(self.nearby, self.easy_access, self.severe_weather, self.bulky, self.back_same_day)

    @property
    def advice(self) -> Advice | None:
        """What the charter says to it (6.1)."""
        return advice(self.way)

    @property
    def driven(self) -> int:
        """Kilometres of the company's car, from the odometer; 0 while it is not back, or without a car."""
        if self.odometer_in is None or self.odometer_out is None:
            return 0
        return self.odometer_in - self.odometer_out

    @property
    def is_over(self) -> bool:
        return self.stage in (TripStage.RETURNED, TripStage.SETTLED)


class TripTicket(models.Model):
    """A ticket that the trip serves; costs are shared in the order of the ticket numbers (domain 10)."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="served")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="trip_rows")
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["ticket__number"]
        constraints = [models.UniqueConstraint("trip", "ticket", name="trip_serves_once")]


class Traveller(models.Model):
    """A person who goes along."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="travellers")
    person = models.ForeignKey(U, models.PROTECT, related_name="journeys")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("trip", "person", name="trip_goes_once")]
