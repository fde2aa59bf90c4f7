"""Figures that the company has changed: dated, proposed by one, seconded by another (SD11)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """Moves whenever the figures or the calendar change, so that every process looks again."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveIntegerField(default=0)


class FigureChange(models.Model):
    """One new value of one figure from a day on; in force once seconded. The default stands in `charter.py`."""

    name = models.CharField(_("figure"), max_length=40)
    value = models.JSONField(_("value"))
    since = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("seconded by"), null=True
    )
    seconded_at = models.DateTimeField(_("seconded at"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconded_by=None) | ~models.Q(seconded_by=models.F("proposed_by")),
                name="figure_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(seconded_by=None, seconded_at=None)
                | models.Q(seconded_by__isnull=False, seconded_at__isnull=False),
                name="figure_seconded_whole",
            ),
        ]
        indexes = [models.Index(fields=["name", "since"], name="figure_name_since")]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"
