"""People: users, dated postings and grants, absence, roster, tokens, and the audit trail (domain 1)."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from aftersales.appendonly import append_only
from aftersales.charter import Department


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One of the staff. Rights come from postings and grants alone; health and family are not stored (4.0)."""

    username = models.CharField(_("username"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    years_in_trade = models.PositiveSmallIntegerField(_("years in the trade"), default=0)
    chassis_experience = models.BooleanField(_("chassis experience"), default=False)
    electrics_experience = models.BooleanField(_("vehicle electrics experience"), default=False)
    regions = models.CharField(_("regions"), max_length=200, blank=True)
    travels = models.BooleanField(_("ready to travel"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @cached_property
    def _dated(self) -> tuple[list["Posting"], list["Grant"]]:
        """Postings and grants, read once per user object (two statements)."""
        return list(self.postings.all()), list(self.grants.filter(seconded_by__isnull=False))

    def roles_on(self, day: dt.date) -> frozenset[str]:
        """The policy's role codes of this person on a day."""
        postings, grants = self._dated
        found = {ROLE_OF[Department(p.department)] for p in postings if p.covers(day)}
        if "FIN" in found and any(g.kind == Grant.Kind.FINANCE_SIGN and g.covers(day) for g in grants):
            found.add("FINS")
        return frozenset(found)

    @property
    def roles(self) -> frozenset[str]:
        return self.roles_on(timezone.localdate())

    def departments(self, day: dt.date | None = None) -> set[Department]:
        day = day or timezone.localdate()
        return {Department(p.department) for p in self._dated[0] if p.covers(day)}

    def heads(self, day: dt.date | None = None) -> set[Department]:
        day = day or timezone.localdate()
        return {Department(p.department) for p in self._dated[0] if p.head and p.covers(day)}

    def holds(self, kind: str, day: dt.date | None = None) -> bool:
        day = day or timezone.localdate()
        return any(g.kind == kind and g.covers(day) for g in self._dated[1])

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        from .access import may

        return may(self, perm, obj)


ROLE_OF: dict[Department, str] = {
    Department.SALES: "SALES", Department.SERVICE: "CS", Department.ENGINEERS: "ENG", Department.FINANCE: "FIN",
    Department.WAREHOUSE: "WH", Department.ADMINISTRATION: "GA", Department.TECHNICAL: "TECH", Department.PURCHASING: "PUR",
    Department.MANAGEMENT: "MGR", Department.IT: "SYS", Department.AUDIT: "AUD",
}  # fmt: skip


class Dated(models.Model):
    """Something that holds from a day to a day, both included; open while `until` is empty."""

    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def covers(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Posting(Dated):
    """A person in a department; one open posting per department carries `head`."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    department = models.CharField(_("department"), max_length=20, choices=Department.choices)
    head = models.BooleanField(_("head of department"), default=False)
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("department", condition=Q(head=True, until=None), name="one_open_head"),
            models.UniqueConstraint("user", "department", condition=Q(until=None), name="one_open_posting"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="posting_dates"),
        ]


class Grant(Dated):
    """A named, dated grant that narrows a role; it counts once seconded (SD11, SD15)."""

    class Kind(models.TextChoices):
        FINANCE_SIGN = "finance_sign", _("signs releases for finance (4.5)")
        LEADER_APPROVE = "leader_approve", _("approves for the leaders (8.2, 8.5, 7.1)")
        VEHICLE_MANAGER = "vehicle_manager", _("manages the company's cars (6.1, 6.2)")
        DRIVER = "driver", _("drives the company's cars (8.4)")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(named_by=F("seconded_by")), name="grant_two_people")]


class Absence(models.Model):
    """Leave or sickness, with who stands in (domain 1)."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("leave")
        SICK = "sick", _("sickness")
        TRIP = "trip", _("business trip")

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("deputy"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="absence_dates"),
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="absence_deputy_is_another"),
        ]


class DutyShift(models.Model):
    """Who answers the hotline, and who may sign for finance, per period (3.1)."""

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("hotline")
        FINANCE_SIGN = "finance_sign", _("signs for finance")

    kind = models.CharField(_("duty"), max_length=12, choices=Kind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="shifts")
    mobile = models.CharField(_("forwarded to"), max_length=20, blank=True)
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        indexes = [models.Index(fields=["kind", "begins_at"], name="shift_time")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_dates")]


class ApiToken(models.Model):
    """A person's bearer token: only its digest is stored, it is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


@append_only
class AuditEvent(models.Model):
    """Who did what to whose rights or data, when. Never changed, holds no personal data of customers."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    data = models.JSONField(default=dict)
