"""Postings and grants: one names, another seconds, nobody for himself (SD11); who signs for finance by SD15."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.models import SHANGHAI
from aftersales.problems import BadEntry, Refusal, Stale

from .. import rules
from ..access import Denied, demand
from ..models import Grant, Posting, User
from .records import audit

SIGN = Grant.Kind.FINANCE_SIGN
ROLE_FOR = {SIGN: "FIN", Grant.Kind.LEADER_APPROVE: "MGR", Grant.Kind.VEHICLE_MANAGER: "GA"}
Appointment = Posting | Grant


def today(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()


@transaction.atomic
def propose_posting(
    user: User, department: str, *, since: dt.date, by: User, at: dt.datetime, head: bool = False,
    until: dt.date | None = None, reason: str = "",
) -> Posting:  # fmt: skip
    """The administrator names somebody for a department (H02); it holds once a leader has seconded it (SD11)."""
    demand(by, "role.grant")
    posting = Posting(user=user, department=department, head=head, since=since, until=until, reason=reason)
    return _propose(posting, by, at)


@transaction.atomic
def propose_grant(
    user: User,
    kind: str,
    *,
    since: dt.date,
    by: User,
    at: dt.datetime,
    until: dt.date | None = None,
    reason: str = "",
) -> Grant:
    """Name somebody for a grant. `finance_sign` is named by the head of finance alone (H12, SD15)."""
    demand(by, "delegation.finance_sign" if kind == SIGN else "role.grant")
    if kind == SIGN and Department.FINANCE not in by.heads(today(at)):
        raise Denied(_("Who signs for finance is named by the head of finance (4.5, SD15)."), "4.5b")
    return _propose(Grant(user=user, kind=kind, since=since, until=until, reason=reason), by, at)


def _propose(paper: Any, by: User, at: dt.datetime) -> Any:
    if paper.since < today(at):
        raise BadEntry(_("Rights are not given for days that have passed."), field="since")
    if paper.until is not None and paper.until < paper.since:
        raise BadEntry(_("The last day lies before the first."), field="until")
    _refuse_unfit(paper, by, at)
    paper.pending, paper.named_by, paper.named_at = True, by, at
    paper.save()
    audit(f"{_word(paper)}.proposed", by=by, at=at, subject=paper.user, what=_what(paper))
    return paper


@transaction.atomic
def second(paper: Appointment, *, by: User, at: dt.datetime) -> None:
    """Put a proposal in force: another person than who named it, and a leader."""
    demand(by, "delegation.finance_sign" if _signs(paper) else "role.second")
    if _signs(paper) and "MGR" not in by.roles_on(today(at)):
        raise Denied(_("Who signs for finance is seconded by a leader (SD15)."), "4.5b")
    if by.pk == paper.named_by_id:
        raise Refusal(_("Somebody else than who named it must second it (SD11)."))
    _refuse_unfit(paper, by, at)
    try:
        with transaction.atomic():
            rows = type(paper).proposals.filter(pk=paper.pk)
            taken = rows.update(pending=False, seconded_by=by, seconded_at=at)
    except IntegrityError as error:
        raise Refusal(_("There is already an open posting or grant of this kind.")) from error
    if not taken:
        raise Stale(_("This proposal has already been decided."))
    audit(
        f"{_word(paper)}.seconded",
        by=by,
        at=at,
        subject=paper.user,
        what=_what(paper),
        named_by=paper.named_by_id,
    )
    paper.pending, paper.seconded_by, paper.seconded_at = False, by, at
    paper.user.forget()


@transaction.atomic
def withdraw(paper: Appointment, *, by: User, at: dt.datetime) -> None:
    """Drop a proposal: who named it, or a leader who does not second it."""
    if by.pk != paper.named_by_id:
        demand(by, "role.second")
    if not type(paper).proposals.filter(pk=paper.pk).delete()[0]:
        raise Stale(_("This proposal has already been decided."))
    audit(f"{_word(paper)}.withdrawn", by=by, at=at, subject=paper.user, what=_what(paper))


@transaction.atomic
def end(paper: Appointment, *, until: dt.date, by: User, at: dt.datetime) -> None:
    """Set its last day: today at the earliest."""
    if not (_signs(paper) and Department.FINANCE in by.heads(today(at))):
        demand(by, "role.end")
    if until < max(today(at), paper.since) or (paper.until is not None and until > paper.until):
        raise BadEntry(_("The last day may be today or later, and never later than it was."), field="until")
    type(paper).objects.filter(pk=paper.pk).update(until=until)
    paper.until = until
    audit(
        f"{_word(paper)}.ended", by=by, at=at, subject=paper.user, what=_what(paper), until=until.isoformat()
    )
    paper.user.forget()


# What is asked at the proposal and again when it is seconded.
def _refuse_unfit(paper: Any, by: User, at: dt.datetime) -> None:
    if by.pk == paper.user_id:
        raise Refusal(_("Nobody grants rights to himself (SD11)."))
    if not paper.user.is_active:
        raise Refusal(_("This account is closed."), field="user")
    if isinstance(paper, Posting):
        _refuse_posting(paper)
    else:
        _refuse_grant(paper, at)


def _refuse_posting(paper: Posting) -> None:
    others = _overlapping(Posting.objects.filter(user=paper.user), paper)
    if any((p.department == Department.IT) != (paper.department == Department.IT) for p in others):
        raise Refusal(_("An administrator holds no business role (SD11)."))
    if any(p.department == paper.department for p in others):
        raise Refusal(_("This person is already posted there at that time; end that posting first."))
    if paper.head:
        _refuse_second_head(paper)


def _refuse_second_head(paper: Posting) -> None:
    heads = Posting.objects.filter(department=paper.department, head=True).select_related("user")
    for other in _overlapping(heads, paper):
        raise Refusal(
            _("{name} is head of this department at that time; end that posting first."), name=other.user.name
        )


def _refuse_grant(paper: Grant, at: dt.datetime) -> None:
    roles = paper.user.roles_on(max(paper.since, today(at)))
    needed = ROLE_FOR.get(Grant.Kind(paper.kind))
    if needed and needed not in roles:
        raise Refusal(_("This grant narrows a role that the person does not hold on that day."), field="user")
    if "SYS" in roles:
        raise Refusal(_("An administrator holds no business role (SD11)."), field="user")
    if paper.kind == SIGN:
        _refuse_signer(paper, roles)
    if _overlapping(Grant.objects.filter(user=paper.user, kind=paper.kind), paper):
        raise Refusal(_("This person already holds this grant at that time."), field="user")


def _refuse_signer(paper: Grant, roles: frozenset[str]) -> None:
    if roles & rules.NEVER_SIGNS:
        raise Refusal(
            _("Engineers, sales and the warehouse never sign for finance (4.5, SD15)."), "4.5", "user"
        )
    if paper.until is None or (paper.until - paper.since).days > rules.SIGNING_DAYS:
        raise BadEntry(_("Signing for finance is granted for one year at most (SD15)."), "4.5b", "until")


def _overlapping(rows: Any, paper: Any) -> list[Any]:
    return [
        r
        for r in rows
        if (r.until is None or r.until >= paper.since) and (paper.until is None or r.since <= paper.until)
    ]


def _signs(paper: Appointment) -> bool:
    return isinstance(paper, Grant) and paper.kind == SIGN


def _word(paper: Appointment) -> str:
    return "posting" if isinstance(paper, Posting) else "grant"


def _what(paper: Appointment) -> str:
    return paper.department + ("*" if paper.head else "") if isinstance(paper, Posting) else paper.kind
