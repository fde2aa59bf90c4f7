"""Who is away and who stands in; who is on duty (3.1)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .user import User


class Absence(models.Model):
    """From `begins_at` to `ends_at` (the end excluded); the running clocks go to the deputy, due times unchanged.

    One that is entered late counts from its entry on: what was missed before stays with who had the clock.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", _("leave")
        SICK = "sick", _("sickness")
        TRIP = "trip", _("business trip")

    user = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.LEAVE)
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("deputy"))
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For the colleagues; nothing about health.")
    )
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    entered_at = models.DateTimeField(null=True, editable=False)  # empty: known all along

    class Meta:
        verbose_name = _("absence")
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="absence_times"),
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="absence_deputy_is_another"),
        ]
        indexes = [models.Index("ends_at", "begins_at", name="absence_when")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"

    def counts(self, at: dt.datetime) -> bool:
        """Whether the deputy stands in at that moment."""
        return max(self.begins_at, self.entered_at or self.begins_at) <= at < self.ends_at

    def is_own(self, user: User, action: str) -> bool:
        return self.user.is_own(user, action)


class DutyShift(models.Model):
    """From `begins_at` to `ends_at` (the end excluded) this person is on duty; `mobile` is the forwarded number."""

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("answers the hotline")
        FINANCE_SIGN = "finance_sign", _("signs for finance")

    kind = models.CharField(_("duty"), max_length=12, choices=Kind.choices, default=Kind.HOTLINE)
    user = models.ForeignKey(User, models.PROTECT, related_name="shifts", verbose_name=_("person"))
    mobile = models.CharField(_("forwarded mobile"), max_length=20, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("shift")
        ordering = ["begins_at", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_times"),
        ]
        indexes = [models.Index("kind", "begins_at", "ends_at", name="shift_when")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user}"
