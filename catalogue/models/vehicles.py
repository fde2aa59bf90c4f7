"""Vehicle models and how long each group of their parts is under warranty (三包, charter 4.5a)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class PartGroup(models.TextChoices):
    WHOLE = "whole", _("Whole vehicle")
    BATTERY = "battery", _("Battery")
    MOTOR = "motor", _("Motor")
    CONTROLLER = "controller", _("Controller")
    CHARGER = "charger", _("Charger")
    CHASSIS = "chassis", _("Chassis and brakes")
    BODY = "body", _("Body and trim")
    ELECTRICS = "electrics", _("Electrics and lights")
    TYRES = "tyres", _("Tyres")


class VehicleModel(models.Model):
    """A model the company builds."""

    code = models.CharField(_("model code"), max_length=40, unique=True)
    name = models.CharField(_("model name"), max_length=80)
    family = models.CharField(_("family"), max_length=40, blank=True)
    counts_hours = models.BooleanField(_("runs by hours instead of kilometres"), default=False)
    discontinued = models.BooleanField(_("discontinued"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("vehicle model")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class WarrantyTerm(models.Model):
    """From `since` on, vehicles delivered have this term for this part group; whichever limit comes first ends it."""

    model = models.ForeignKey(
        VehicleModel, models.CASCADE, related_name="terms", verbose_name=_("vehicle model")
    )
    part_group = models.CharField(
        _("part group"), max_length=20, choices=PartGroup.choices, default=PartGroup.WHOLE
    )
    since = models.DateField(_("for deliveries from"))
    months = models.PositiveSmallIntegerField(_("months"))
    km = models.PositiveIntegerField(_("kilometres"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["model", "part_group", "-since"]
        constraints = [
            models.UniqueConstraint("model", "part_group", "since", name="warranty_term_once"),
            models.CheckConstraint(condition=models.Q(months__gt=0), name="warranty_months_positive"),
        ]

    @property
    def meter(self) -> str:
        """Kilometres and hours, grouped; nothing for none."""
        limits = [(self.km, _("{limit} km")), (self.hours, _("{limit} h"))]
        return " / ".join(words.format(limit=f"{limit:,}") for limit, words in limits if limit)


class TermBatch(models.Model):
    """Terms that technical proposes and another puts in force, all or nothing (SD05)."""

    reason = models.CharField(_("reason"), max_length=200)
    source = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="terms_two_people",
            )
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return reverse("catalogue:terms")


class TermDraft(models.Model):
    """One term of a batch, as `WarrantyTerm` will have it."""

    batch = models.ForeignKey(TermBatch, models.CASCADE, related_name="lines")
    model = models.ForeignKey(VehicleModel, models.CASCADE, related_name="+")
    part_group = models.CharField(max_length=20, choices=PartGroup.choices, default=PartGroup.WHOLE)
    since = models.DateField()
    months = models.PositiveSmallIntegerField()
    km = models.PositiveIntegerField(null=True)
    hours = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("batch", "model", "part_group", "since", name="term_draft_once")
        ]
