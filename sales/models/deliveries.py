"""交付记录 JD (2.1): what was explained when a vehicle was handed over, and the customer's hand under it."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.paperwork import Paper

from .people import Customer, Person, Vehicle


class Delivery(Paper):
    """A hand-over as it was signed. It is never changed: a correction is the next version, `current` is the one that counts.

    `explained` holds the keys of the points that were explained, of the checklist named by `checklist`. `before` is what
    the vehicle said until then (delivered_on, customer, seller), so that a withdrawn record leaves it as it was.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="deliveries", verbose_name=_("vehicle"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="deliveries", verbose_name=_("customer")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", editable=False
    )
    current = models.BooleanField(default=True, editable=False)
    delivered_on = models.DateField(_("date of delivery"))
    reading = models.PositiveIntegerField(_("kilometres or hours at delivery"), null=True, blank=True)
    accessories = models.CharField(_("accessories handed over"), max_length=300, blank=True)
    checklist = models.CharField(max_length=20, editable=False)
    explained = models.JSONField(_("explained to the customer"), default=list)
    reason = models.CharField(_("why points were left open"), max_length=300, blank=True)
    consent = models.BooleanField(_("consent to keep and use his data"), default=False)
    correction = models.CharField(_("why it was corrected"), max_length=300, blank=True)
    before = models.JSONField(default=dict, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    # the photo of the hand-over, in the private store
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    key = models.CharField(max_length=32, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery record")
        constraints = [
            models.UniqueConstraint("vehicle", condition=models.Q(current=True), name="one_current_delivery")
        ]

    def get_absolute_url(self) -> str:
        return reverse("sales:delivery", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        return "SALES" in user.roles and user.pk in (self.made_by_id, self.vehicle.seller_id)

    @property
    def series(self) -> str:
        """The number that all its versions share."""
        return "-".join(self.number.split("-")[:2])


class DeliverySignature(models.Model):
    """The customer's signature under a version: drawn strokes or a typed name, with moment and witness."""

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="signature")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    strokes = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    witness = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
