"""A lost second factor: the administrator asks for its reset, a leader seconds it; nobody for himself (H01, SD11)."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry, Refusal, Stale

from ..access import demand
from ..events import factor_reset_asked, factor_was_reset
from ..models import FactorReset, User
from .records import audit

ACTION = "user.create_disable"


@transaction.atomic
def ask_reset(user: User, *, reason: str, by: User, at: dt.datetime) -> FactorReset:
    """Say whose factor is lost, and how one knows that it is he who asks. Nothing changes until a leader agrees."""
    demand(by, ACTION)
    if user.pk == by.pk:
        raise Refusal(_("Nobody resets his own second factor (SD11)."))
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), field="reason")
    _refuse_needless(user)
    if FactorReset.proposals.filter(user=user).exists():
        raise Refusal(_("This reset already waits for a leader."))
    reset = FactorReset.objects.create(
        user=user, reason=reason.strip(), pending=True, named_by=by, named_at=at
    )
    audit("second_factor.reset_asked", by=by, at=at, subject=user, reset=reset.pk)
    factor_reset_asked.send(sender=FactorReset, reset=reset, at=at, by=by)
    return reset


@transaction.atomic
def second_reset(reset: FactorReset, *, by: User, at: dt.datetime) -> None:
    """Take the factor away: another person than who asked and than its owner, and a leader."""
    demand(by, "role.second")
    if by.pk == reset.named_by_id:
        raise Refusal(_("Somebody else than who named it must second it (SD11)."))
    if by.pk == reset.user_id:
        raise Refusal(_("Nobody resets his own second factor (SD11)."))
    taken = FactorReset.proposals.filter(pk=reset.pk).update(pending=False, seconded_by=by, seconded_at=at)
    if not taken:
        raise Stale(_("This proposal has already been decided."))
    reset.pending, reset.seconded_by, reset.seconded_at = False, by, at
    _forget_factor(reset, by, at)


@transaction.atomic
def withdraw_reset(reset: FactorReset, *, by: User, at: dt.datetime) -> None:
    """Drop it: who asked, or a leader who does not agree."""
    if by.pk != reset.named_by_id:
        demand(by, "role.second")
    if not FactorReset.proposals.filter(pk=reset.pk).delete()[0]:
        raise Stale(_("This proposal has already been decided."))
    audit("second_factor.reset_withdrawn", by=by, at=at, subject=reset.user)


@transaction.atomic
def reset_on_the_server(user: User, *, reason: str, at: dt.datetime) -> None:
    """Where nobody is left to ask or to second: by whoever holds the machine (`manage.py reset_second_factor`)."""
    _refuse_needless(user)
    FactorReset.proposals.filter(user=user).delete()
    _forget_factor(
        FactorReset.objects.create(user=user, reason=reason, named_at=at, seconded_at=at), None, at
    )


def _refuse_needless(user: User) -> None:
    if not Authenticator.objects.filter(user=user).exists():
        raise Refusal(_("This person has no second factor."))


def _forget_factor(reset: FactorReset, by: User | None, at: dt.datetime) -> None:
    """App and recovery codes go, and with them every session; the password stays."""
    user = reset.user
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    audit("second_factor.reset", by=by, at=at, subject=user, reset=reset.pk, named_by=reset.named_by_id)
    factor_was_reset.send(sender=FactorReset, reset=reset, at=at, by=by)
    user.refresh_from_db()
