"""Absences with their deputies (A29) and the duty roster (3.1, A28)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.models import SHANGHAI
from aftersales.problems import BadEntry, Refusal

from ..access import demand
from ..models import Absence, DutyShift, Posting, User
from ..selectors import day_of, deputies, stand_in
from .records import audit

WEEK = dt.timedelta(days=7)
DEPARTMENT_ON_DUTY = {
    DutyShift.Kind.HOTLINE: Department.SERVICE,
    DutyShift.Kind.FINANCE_SIGN: Department.FINANCE,
}
ROLE_ON_DUTY = {DutyShift.Kind.HOTLINE: "CS", DutyShift.Kind.FINANCE_SIGN: "FINS"}


@transaction.atomic
def enter_absence(
    user: User, *, begins_at: dt.datetime, ends_at: dt.datetime, deputy: User, by: User, at: dt.datetime,
    kind: str = Absence.Kind.LEAVE, note: str = "",
) -> Absence:  # fmt: skip
    """Write down that `user` is away and who stands in: by himself, the head of his department or a leader."""
    demand(by, "absence.write", user)
    _refuse_times(begins_at, ends_at)
    _hold(User.objects.filter(pk__in=[user.pk, deputy.pk]))
    if deputy.pk == user.pk or not deputy.is_active:
        raise BadEntry(_("Please name somebody else who is here."), field="deputy")
    day = day_of(max(begins_at, at))
    if Department.ENGINEERS in user.departments(day) - deputy.departments(day):
        raise BadEntry(_("Only an engineer can take an engineer's steps; please name one."), "4.1", "deputy")
    if Absence.objects.filter(user=user, begins_at__lt=ends_at, ends_at__gt=begins_at).exists():
        raise BadEntry(_("An absence is already entered for that time."), field="begins_at")
    if stand_in(user.pk, deputies(max(begins_at, at)) | {user.pk: deputy.pk}) is None:
        raise BadEntry(
            _("This deputy is away then, and you stand in for each other. Please name somebody else."),
            field="deputy",
        )
    absence = Absence.objects.create(
        user=user, kind=kind, begins_at=begins_at, ends_at=ends_at, deputy=deputy, note=note, entered_by=by,
        entered_at=at,
    )  # fmt: skip
    deputy.forget()
    audit("absence.entered", by=by, at=at, subject=user, deputy=deputy.pk)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User, at: dt.datetime) -> None:
    """He is back: a running absence ends now, a coming one is struck."""
    demand(by, "absence.write", absence)
    if absence.ends_at <= at:
        raise Refusal(_("This absence is already over."))
    if absence.begins_at >= at:
        Absence.objects.filter(pk=absence.pk).delete()
    else:
        Absence.objects.filter(pk=absence.pk).update(ends_at=at)
    audit("absence.ended", by=by, at=at, subject=absence.user)


@transaction.atomic
def put_on_roster(
    kind: str,
    user: User,
    *,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    at: dt.datetime,
    mobile: str = "",
) -> DutyShift:
    """Put somebody on duty: customer service on the hotline, a signer for finance. A duty that has begun counts from now."""
    demand(by, "duty_roster.edit")
    _refuse_times(begins_at, ends_at)
    if ends_at <= at:
        raise BadEntry(_("This time has passed; the roster of the past stays as it was."), "3.1", "ends_at")
    if ROLE_ON_DUTY[DutyShift.Kind(kind)] not in user.roles_on(day_of(begins_at)):
        raise BadEntry(_("This person does not hold the role for this duty on that day."), "3.1", "user")
    begins_at = max(begins_at, at)
    _hold(Posting.objects.filter(department=DEPARTMENT_ON_DUTY[DutyShift.Kind(kind)]))
    if DutyShift.objects.filter(kind=kind, begins_at__lt=ends_at, ends_at__gt=begins_at).exists():
        raise BadEntry(_("Somebody is already on duty at that time."), "3.1", "begins_at")
    shift = DutyShift.objects.create(
        kind=kind, user=user, mobile=mobile, begins_at=begins_at, ends_at=ends_at, entered_by=by
    )
    audit("duty_roster.entered", by=by, at=at, subject=user, kind=kind)
    return shift


@transaction.atomic
def repeat_week(monday: dt.date, *, by: User, at: dt.datetime) -> int:
    """Enter the shifts of the week before `monday` once more, seven days later, where they fit; answers how many."""
    demand(by, "duty_roster.edit")
    begin = dt.datetime.combine(monday, dt.time(), SHANGHAI)
    rows = DutyShift.objects.filter(begins_at__gte=begin - WEEK, begins_at__lt=begin).select_related("user")
    return sum(_again(shift, by, at) for shift in rows)


def _again(shift: DutyShift, by: User, at: dt.datetime) -> bool:
    try:
        begins_at, ends_at = shift.begins_at + WEEK, shift.ends_at + WEEK
        put_on_roster(
            shift.kind, shift.user, begins_at=begins_at, ends_at=ends_at, mobile=shift.mobile, by=by, at=at
        )
    except Refusal:
        return False
    return True


@transaction.atomic
def take_off_roster(shift: DutyShift, *, by: User, at: dt.datetime) -> None:
    """A coming duty is struck; one that has begun ends now, because a breach may rest on it."""
    demand(by, "duty_roster.edit")
    if shift.ends_at <= at:
        raise Refusal(_("This time has passed; the roster of the past stays as it was."), "3.1")
    if shift.begins_at >= at:
        DutyShift.objects.filter(pk=shift.pk).delete()
    else:
        DutyShift.objects.filter(pk=shift.pk).update(ends_at=at)
    audit("duty_roster.struck", by=by, at=at, subject=shift.user, kind=shift.kind)


def _hold(rows: Any) -> None:
    """Two people who write about the same people at once wait for each other (SQLite waits by itself).

    A row that is not there yet cannot be held, so these are rows that surely are.
    """
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _refuse_times(begins_at: Any, ends_at: Any) -> None:
    if ends_at <= begins_at:
        raise BadEntry(_("The end lies before the beginning."), field="ends_at")
