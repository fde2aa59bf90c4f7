"""A list of customers with names and phones in plain, asked for by one leader and let out by another (A15, SD11)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PlainExport(models.Model):
    """`wishes` narrow the list by kind and region; a name or phone that somebody looked for is not kept here."""

    wishes = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by: Any = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by: Any = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    let_out = models.BooleanField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(let_out=True) | ~Q(decided_by=F("asked_by")), name="plain_export_two_people"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, let_out=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, let_out__isnull=False),
                name="plain_export_decided_whole",
            ),
        ]
