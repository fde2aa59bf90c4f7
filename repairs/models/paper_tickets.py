"""Closed repair orders from before the portal: a vehicle's history on paper. No clocks, no money, never a ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..flow import PlanType


class PaperCharge(models.TextChoices):
    WARRANTY = "warranty", _("under warranty")
    CHARGED = "charged", _("charged")


class PaperTicket(models.Model):
    """One paper order as it was copied. `symptom`, `work_done` and `parts` are free words: no history copies them, and
    they go with the customer's data. The VIN is text: the vehicle may be registered later.
    """

    number = models.CharField(_("number on the paper"), max_length=40, unique=True)
    vin = models.CharField(_("VIN"), max_length=40, db_index=True)
    reported_on = models.DateField(_("reported on"))
    closed_on = models.DateField(_("closed on"))
    symptom = models.TextField(_("fault"))
    work_done = models.TextField(_("work done"))
    parts = models.TextField(_("parts fitted"), blank=True)
    engineer = models.CharField(_("engineer"), max_length=60, blank=True)
    plan_type = models.CharField(_("plan"), max_length=1, choices=PlanType.choices, blank=True)
    charge = models.CharField(_("charge"), max_length=8, choices=PaperCharge.choices, blank=True)
    source = models.CharField(max_length=120, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-reported_on", "-pk"]
        verbose_name = _("paper ticket")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__gte=models.F("reported_on")), name="paper_ticket_closed_after"
            )
        ]
