"""What takes two persons (SD12): one proposes with a reason, another carries it out or lets it fall."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TwoPeople(models.Model):
    """Open while neither `done_at` nor `dropped_at` is set; the second is never the first."""

    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None


OPEN = Q(done_at=None, dropped_at=None)


def two_people(name: str) -> Any:
    return models.CheckConstraint(
        condition=Q(seconded_by=None) | ~Q(seconded_by=F("proposed_by")), name=f"{name}_two_people"
    )


def one_open(name: str, *fields: str) -> Any:
    return models.UniqueConstraint(*fields, condition=OPEN, name=f"one_open_{name}")
