"""Dated postings and grants: named by one, in force once another has seconded them (SD11, SD15)."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department

from .. import rules
from .user import User


class InForce(models.Manager[Any]):
    """What was named and seconded (or entered when the company was founded), whatever its dates."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(pending=False)

    def on(self, day: dt.date) -> models.QuerySet[Any]:
        """What holds on that day."""
        return self.get_queryset().filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Proposed(models.Manager[Any]):
    """What waits for a second person."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(pending=True)


def two_people(name: str) -> list[models.BaseConstraint]:
    """What every proposal keeps to: nobody for himself, two people, not seconded while it waits."""
    return [
        models.CheckConstraint(condition=~Q(named_by=F("user")), name=f"{name}_not_named_by_himself"),
        models.CheckConstraint(condition=~Q(seconded_by=F("user")), name=f"{name}_not_seconded_by_himself"),
        models.CheckConstraint(condition=~Q(seconded_by=F("named_by")), name=f"{name}_two_people"),
        models.CheckConstraint(
            condition=Q(pending=False) | Q(seconded_by=None), name=f"{name}_pending_has_no_second"
        ),
    ]


def whole(name: str) -> list[models.BaseConstraint]:
    """What every appointment keeps to besides: its days are in order."""
    days = Q(until=None) | Q(until__gte=F("since"))
    return [models.CheckConstraint(condition=days, name=f"{name}_days"), *two_people(name)]


class Proposal(models.Model):
    """Something for a person that one names and another seconds; `pending` until he has."""

    user = models.ForeignKey(User, models.PROTECT, related_name="%(class)ss", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    pending = models.BooleanField(default=False, editable=False)
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    named_at = models.DateTimeField(null=True, editable=False)
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    seconded_at = models.DateTimeField(null=True, editable=False)

    objects = InForce()
    proposals = Proposed()

    class Meta:
        abstract = True

    def _url(self, act: str) -> str:
        return reverse(f"accounts:{act}_{self._meta.model_name}", args=[self.pk])

    @property
    def second_url(self) -> str:
        return self._url("second")

    @property
    def withdraw_url(self) -> str:
        return self._url("withdraw")


class Appointment(Proposal):
    """`since` and `until` are days, both included."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def covers(self, day: dt.date) -> bool:
        return rules.holds(self.since, self.until, day)

    @property
    def end_url(self) -> str:
        return self._url("end")


class Posting(Appointment):
    """A place in a department; one open posting per department carries `head`."""

    department = models.CharField(_("department"), max_length=20, choices=Department.choices)
    head = models.BooleanField(_("head of the department"), default=False)

    class Meta:
        verbose_name = _("posting")
        ordering = ["department", "-head", "since"]
        constraints = [
            *whole("posting"),
            models.UniqueConstraint(
                "department", condition=Q(head=True, until=None, pending=False), name="posting_one_head"
            ),
            models.UniqueConstraint(
                "user", "department", condition=Q(until=None, pending=False), name="posting_open_once"
            ),
        ]
        indexes = [models.Index("department", "since", name="posting_department")]

    def __str__(self) -> str:
        return f"{self.user} · {self.what}"

    @property
    def what(self) -> str:
        return str(self.get_department_display())


class Grant(Appointment):
    """A named right on top of a role: it narrows who of the role may act."""

    class Kind(models.TextChoices):
        FINANCE_SIGN = "finance_sign", _("signs releases for finance (4.5)")
        LEADER_APPROVE = "leader_approve", _("approves for management (8.2)")
        VEHICLE_MANAGER = "vehicle_manager", _("manages the vehicles (6.1)")
        DRIVER = "driver", _("drives (8.4)")

    kind = models.CharField(_("grant"), max_length=20, choices=Kind.choices)

    class Meta:
        verbose_name = _("grant")
        ordering = ["kind", "since"]
        constraints = [
            *whole("grant"),
            models.UniqueConstraint(
                "user", "kind", condition=Q(until=None, pending=False), name="grant_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="finance_sign") | Q(until__isnull=False), name="grant_signing_is_time_boxed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.what}"

    @property
    def what(self) -> str:
        return str(self.get_kind_display())


class FactorReset(Proposal):
    """A second factor that was lost: the administrator asks, it goes once a leader has seconded it (H01, SD11)."""

    class Meta:
        verbose_name = _("reset of the second factor")
        ordering = ["-named_at"]
        constraints = [
            *two_people("factorreset"),
            models.UniqueConstraint("user", condition=Q(pending=True), name="factorreset_waits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.what}"

    @property
    def what(self) -> str:
        return str(_("reset of the second factor"))
