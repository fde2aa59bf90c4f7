"""Customers and vehicles. `Person` is the ONE table of personal data: everything else holds its id."""

import functools
import operator
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.grams import GramsField, grams
from aftersales.phones import mask, show
from catalogue.models import VehicleModel

PERSONAL = ("name", "phone", "alt_phone", "organisation", "street", "email")


def filled(names: Iterable[str]) -> models.Q:
    """Something stands in one of these columns of text."""
    return functools.reduce(operator.or_, [models.Q(**{f"{name}__gt": ""}) for name in names])


class PersonQuerySet(models.QuerySet):
    def left(self) -> "PersonQuerySet":
        """Rows in which something about somebody still stands, whatever their mark says."""
        return self.filter(filled(PERSONAL))

    def found_by(self, text: str, *, by_phone: bool) -> "PersonQuerySet":
        """Persons whose name, organisation or (for whom it is not masked) phone holds the words of `text`."""
        rows = self.filter(grams__has=text)
        if by_phone:
            return rows
        return rows.filter(models.Q(name__icontains=text) | models.Q(organisation__icontains=text))


class Person(models.Model):
    """Name, phone, street: personal data stands here and nowhere else, and the history does not track it (PIPL).

    Erasing is one overwrite of the row; whoever refers to it keeps its id.
    """

    name = models.CharField(_("contact"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    alt_phone = models.CharField(_("second phone"), max_length=20, blank=True)
    organisation = models.CharField(_("customer or company"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    # given by himself on his private page, for being told; no form asks it
    email = models.EmailField(_("e-mail"), max_length=120, blank=True)
    no_notices = models.BooleanField(_("wants no messages"), default=False)
    customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="persons")
    grams = GramsField(default=list, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        indexes = [
            models.Index(fields=["alt_phone"], condition=models.Q(alt_phone__gt=""), name="person_alt_phone")
        ]

    def __str__(self) -> str:
        return self.shown_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "grams"}
        super().save(*args, **kwargs)

    def index(self) -> None:
        """What the search finds it by; `save` does it, whoever writes many rows at once calls it."""
        self.grams = grams(
            self.name, self.organisation, self.phone.removeprefix("+86"), self.alt_phone.removeprefix("+86")
        )

    @property
    def shown_name(self) -> str:
        return str(_("erased at the customer's request")) if self.erased_at else self.name

    @property
    def masked_phone(self) -> str:
        return mask(self.phone) if self.phone else "–"

    @property
    def shown_phone(self) -> str:
        return show(self.phone) if self.phone else "–"


class CustomerKind(models.TextChoices):
    PRIVATE = "private", _("Private person")
    COMPANY = "company", _("Company or unit")
    DEALER = "dealer", _("Dealer")


class Customer(models.Model):
    """Who owns vehicles of ours. The words about him stand in `person`."""

    number = models.CharField(_("customer number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=10, choices=CustomerKind.choices, default=CustomerKind.PRIVATE
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("contact"))
    seller = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("salesperson"),
    )
    made_at = models.DateTimeField(editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("customer")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("sales:customer", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return "SALES" in user.roles and self.seller_id == user.pk


class VehicleQuerySet(models.QuerySet):
    def found_by(self, text: str) -> "VehicleQuerySet":
        word = text.strip().upper()
        return self.filter(
            models.Q(vin__startswith=word) | models.Q(vin__endswith=word) | models.Q(plate__iexact=word)
        )


class Vehicle(models.Model):
    """One vehicle and its life: delivery, warranty, every ticket (VIN as stamped on the frame)."""

    vin = models.CharField(_("VIN"), max_length=40, unique=True)
    model = models.ForeignKey(
        VehicleModel, models.PROTECT, related_name="vehicles", verbose_name=_("vehicle model")
    )
    plate = models.CharField(_("plate or own number"), max_length=20, blank=True, db_index=True)
    built_on = models.DateField(_("date of manufacture"), null=True, blank=True)
    delivered_on = models.DateField(_("date of delivery"), null=True, blank=True)
    motor_no = models.CharField(_("motor number"), max_length=40, blank=True)
    battery_no = models.CharField(_("battery number"), max_length=40, blank=True)
    controller_no = models.CharField(_("controller number"), max_length=40, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="vehicles", verbose_name=_("customer")
    )
    seller = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("salesperson"),
    )
    made_at = models.DateTimeField(editable=False)
    history = HistoricalRecords()

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")

    def __str__(self) -> str:
        return self.vin

    def get_absolute_url(self) -> str:
        return reverse("sales:vehicle", args=[self.vin])

    def is_own(self, user: Any, action: str) -> bool:
        return "SALES" in user.roles and self.seller_id == user.pk


class ErasureRequest(models.Model):
    """A customer wants his personal data erased (PIPL 47): opened by one, carried out by two leaders (A16, A17, SD11)."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="erasures", verbose_name=_("customer")
    )
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    # on whose report he uttered it himself: taken apart, two who were merged know whose wish it is
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    seconded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("customer", condition=models.Q(done_at=None), name="one_open_erasure"),
            models.CheckConstraint(
                condition=models.Q(seconded_by=None) | ~models.Q(seconded_by=models.F("proposed_by")),
                name="erasure_two_people",
            ),
        ]


class CustomerMerge(models.Model):
    """Two rows were one customer (A23): what came over is written down, so that it can be taken back."""

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merged_from")
    gone = models.ForeignKey(Customer, models.PROTECT, related_name="merged_into")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("gone", condition=models.Q(undone_at=None), name="customer_gone_once"),
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="merge_of_two"),
        ]


class CustomersApart(models.Model):
    """Somebody looked: these two are not the same customer, and are not shown as such again (A23)."""

    one = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    other = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("one", "other", name="customers_apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="apart_in_order"),
        ]
