"""A person who works here. Rights come from dated postings and grants only (permissions.csv)."""

import datetime as dt
import functools
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.kept import Kept

from .. import conditions, grants, rules

HELD = {
    "_department": F("held_postings__department"),
    "_head": F("held_postings__head"),
    "_posted_since": F("held_postings__since"),
    "_posted_until": F("held_postings__until"),
    "_kind": F("held_grants__kind"),
    "_granted_since": F("held_grants__since"),
    "_granted_until": F("held_grants__until"),
}


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **facts: Any) -> "User":
        """A person without any right yet; the username is kept in small letters."""
        user = self.model(username=username.strip().lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").strip().lower())

    def load(self, pk: Any) -> "User | None":
        """One query: the person with everything he holds (a row per posting and grant, which are few)."""
        rows = _LOADED(pk)
        if not rows:
            return None
        user = self.model.from_db(self.db, _fields(), rows[0])
        user.held = _held([row[len(_fields()) :] for row in rows])
        return user


@functools.cache
def _fields() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields]


def _loaded(pk: int) -> models.QuerySet[Any, Any]:
    """His own columns, then `HELD`, the second factor, and until when somebody named him his deputy."""
    held = {
        "held_postings": FilteredRelation("postings", condition=Q(postings__pending=False)),
        "held_grants": FilteredRelation("grants", condition=Q(grants__pending=False)),
    }
    rows = (
        User.objects.filter(pk=pk)
        .alias(**held)
        .annotate(**HELD, _factor=Exists(_second_factors()), _deputy=_deputy_until())
    )
    return rows.order_by().values_list(*_fields(), *HELD, "_factor", "_deputy")


_LOADED = Kept(_loaded)


def _second_factors() -> models.QuerySet[Any]:
    return apps.get_model("mfa", "Authenticator").objects.filter(user=OuterRef("pk"), type="totp")


def _deputy_until() -> Subquery:
    named = apps.get_model("accounts", "Absence").objects.filter(deputy=OuterRef("pk"))
    return Subquery(named.order_by("-ends_at").values("ends_at")[:1])


def _held(rows: list[tuple[Any, ...]]) -> rules.Held:
    postings = (rules.HeldPosting(*row[:4]) for row in rows if row[0])
    grants = (rules.HeldGrant(*row[4:7]) for row in rows if row[4])
    return rules.Held(frozenset(postings), frozenset(grants), *rows[0][7:])


class User(AbstractBaseUser):
    """`name` is what others read. The facts of 4.0 suggest whom to assign; health and family are never stored."""

    username = models.CharField(
        _("username"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    session_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    years_in_trade = models.PositiveSmallIntegerField(_("years in the trade"), default=0)
    chassis_experience = models.BooleanField(_("knows chassis repair"), default=False)
    electrics_experience = models.BooleanField(_("knows vehicle electrics"), default=False)
    regions = models.CharField(
        _("regions"), max_length=200, blank=True, help_text=_("Provinces or cities, with commas.")
    )
    travels = models.BooleanField(_("ready to travel"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    is_staff = is_superuser = False  # other packages ask; no right rests on it

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(condition=Q(username=Lower("username")), name="user_username_small"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # What he holds: read once per object (the backend brings it along in the query that loads him).
    @cached_property
    def held(self) -> rules.Held:
        loaded = User.objects.load(self.pk)
        return loaded.held if loaded else rules.Held(frozenset(), frozenset(), False)

    def forget(self) -> None:
        """Look again at what he holds (a service changed it)."""
        for name in ("held", "roles", "_cells"):
            self.__dict__.pop(name, None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.forget()

    @cached_property
    def roles(self) -> frozenset[str]:
        """Today's codes of the permission table; none for a closed account."""
        return self.roles_on(timezone.localdate())

    def roles_on(self, on: dt.date) -> frozenset[str]:
        return rules.roles(self.held, on) if self.is_active else frozenset()

    def departments(self, on: dt.date | None = None) -> frozenset[Department]:
        return rules.departments(self.held.postings, on or timezone.localdate())

    def heads(self, on: dt.date | None = None) -> frozenset[Department]:
        """The departments whose head he is."""
        return rules.heads(self.held.postings, on or timezone.localdate())

    def granted(self, on: dt.date | None = None) -> frozenset[str]:
        return rules.grants(self.held.grants, on or timezone.localdate())

    def holds(self, kind: str, on: dt.date | None = None) -> bool:
        return kind in self.granted(on)

    @property
    def has_second_factor(self) -> bool:
        return self.held.second_factor

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & rules.MOVES_MONEY_STOCK_OR_RIGHTS)

    # The policy's answer for him.
    @cached_property
    def _cells(self) -> dict[str, str]:
        return {}

    def cell(self, action: str) -> str:
        """The best cell of his roles for `action`, conditions on the person applied: Y, O, C or -."""
        if action not in self._cells:
            able = (role for role in self.roles if conditions.met(action, role, self))
            self._cells[action] = grants.cell(action, able)
        return self._cells[action]

    def only(self, action: str) -> bool:
        """Whether he may do it to his own only."""
        return self.cell(action) == "O"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        from ..access import may

        return may(self, perm, obj)

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def is_own(self, user: "User", action: str) -> bool:
        """His own page; his absence may also be entered by the head of a department of his (A29)."""
        if action == "absence.write":
            return self.pk == user.pk or bool(user.heads() & self.departments())
        return self.pk == user.pk

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Changes with the password and when the account is closed: every session of before is then out."""
        return salted_hmac(
            "accounts.User.session",
            f"{self.password}:{self.session_version}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
