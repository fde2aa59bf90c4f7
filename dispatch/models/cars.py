"""The company's cars 公司车辆 (6.1, 6.2): register, fuel, fines."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.limits import moment_of
from aftersales.money import MoneyField
from aftersales.paperwork import Paper

U = settings.AUTH_USER_MODEL


class Car(models.Model):
    """One car of the company. `odometer`: the highest reading that any trip, refuelling or correction has brought, in km."""

    plate = models.CharField(_("number plate"), max_length=12, unique=True)
    name = models.CharField(_("kind of car"), max_length=60)
    seats = models.PositiveSmallIntegerField(_("seats"), default=5)
    odometer = models.PositiveIntegerField(_("odometer (km)"), default=0)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    service_on = models.DateField(_("next maintenance on"), null=True, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-active", "plate"]
        verbose_name = _("car")

    def __str__(self) -> str:
        return self.plate

    def get_absolute_url(self) -> str:
        return reverse("dispatch:car", args=[self.plate])

    # --- its clocks (6.2)
    @property
    def insurance_ends(self) -> dt.datetime | None:
        return _end_of(self.insured_until)

    @property
    def service_ends(self) -> dt.datetime | None:
        return _end_of(self.service_on)

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.plate

    def clock_story(self) -> str:
        return self.name


def _end_of(day: dt.date | None) -> dt.datetime | None:
    return moment_of(day + dt.timedelta(days=1)) if day else None


class Fuel(models.Model):
    """One refuelling (6.2): paid by administration, never counted again in a trip's kilometres."""

    car = models.ForeignKey(Car, models.PROTECT, related_name="fuel", verbose_name=_("car"))
    day = models.DateField(_("day"))
    litres = models.DecimalField(_("litres or kWh"), max_digits=7, decimal_places=2)
    amount = MoneyField(_("amount"))
    odometer = models.PositiveIntegerField(_("odometer (km)"))
    place = models.CharField(_("station"), max_length=80, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="fuel_costs"),
            models.CheckConstraint(condition=Q(litres__gt=0), name="fuel_of_something"),
        ]


class FineQuerySet(models.QuerySet["Fine"]):
    def visible_to(self, user: Any) -> "FineQuerySet":
        letter = user.cell("fine.view")
        return self if letter == "Y" else self.filter(driver=user) if letter == "O" else self.none()


class Fine(Paper):
    """违章 WZ (8.4): entered by administration; half the driver's (through the payroll list), half the company's."""

    car = models.ForeignKey(Car, models.PROTECT, related_name="fines", verbose_name=_("car"))
    trip = models.ForeignKey(
        "Trip", models.PROTECT, null=True, blank=True, related_name="fines", verbose_name=_("trip")
    )
    driver = models.ForeignKey(U, models.PROTECT, related_name="fines", verbose_name=_("driver at the wheel"))
    happened_at = models.DateTimeField(_("happened at"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    offence = models.CharField(_("what for"), max_length=200)
    notice = models.CharField(_("number of the notice"), max_length=40)
    amount = MoneyField(_("amount"))
    driver_half = MoneyField(_("the driver's half"), editable=False)
    company_half = MoneyField(_("the company's half"), editable=False)
    history = HistoricalRecords()

    objects = FineQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("fine")
        constraints = [
            models.UniqueConstraint("notice", name="fine_once"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="fine_positive"),
            models.CheckConstraint(
                condition=Q(amount=models.F("driver_half") + models.F("company_half")), name="fine_in_halves"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("dispatch:fine", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return self.driver_id == user.pk
