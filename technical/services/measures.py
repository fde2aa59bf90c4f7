"""The measures of a notice (7.2): carried out with evidence, verified by another (SD09), their effect checked after weeks."""

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import members
from aftersales import files
from aftersales.charter import Department, Fact
from aftersales.limits import local_day
from aftersales.paperwork import keep
from aftersales.problems import OutOfTurn
from deadlines import services as deadlines
from repairs.tasks import ring_derive

from .. import selectors
from ..models import Notice, NoticePicture
from .notices import CARRY_OUT, CLAUSE, locked, not_past, tell_of, tell_responsible

VERIFY = "rectification.verify"


@transaction.atomic
def carry_out(
    notice: Notice, *, done: str, by: Any, at: dt.datetime, prevention: str = "", photos: Iterable[Any] = ()
) -> Notice:
    """The department says what it did and shows it (F07): `done` with the evidence, `photos` are uploads. Technical is told.

    What an earlier turn's verification said is in the history; this turn has none yet.
    """
    held = locked(notice)
    demand(by, CARRY_OUT, held)
    held.verdict, held.verified_by, held.verified_at = "", None, None
    held.move("carry_out", done=done, prevention=prevention, carried_out_by=by, carried_out_at=at)
    keep(held, "carry_out", by=by, at=at)
    for photo in photos:
        _show(held, photo, by, at)
    deadlines.record(Fact.MEASURES_IN_PLACE, held, at=at, by=by)
    people = {person.pk for person in members(Department.TECHNICAL, at)} - {by.pk}
    tell_of(held, "carry_out", _("The measures of {number} are in place: verify them (7.2)."), people, at=at)
    return held


def _show(notice: Notice, photo: Any, by: Any, at: dt.datetime) -> None:
    stored = files.take(photo, "image", "photos")
    ring_derive(stored.sha256)
    NoticePicture.objects.create(
        notice=notice, turn=notice.turn, sha256=stored.sha256, key=secrets.token_hex(16), at=at, by=by
    )


@files.names_files
def pictured(digests: list[str]) -> Any:
    """Pictures of measures stay as long as their notices."""
    return NoticePicture.objects.filter(sha256__in=digests).values_list("sha256", flat=True)


def not_his_own(notice: Notice, by: Any) -> None:
    """SD09: who carried out a rectification, now or in an earlier turn, does not verify it, nor judge its effect."""
    if by.pk in {notice.carried_out_by_id, *notice.history.values_list("carried_out_by", flat=True)}:
        raise Denied(_("Who carried out the measures does not verify them (SD09)."), CLAUSE)


def _judged(notice: Notice, by: Any) -> Notice:
    held = locked(notice)
    demand(by, VERIFY, held)
    not_his_own(held, by)
    return held


@transaction.atomic
def verify(notice: Notice, *, verdict: str, by: Any, at: dt.datetime) -> Notice:
    """Technical has seen that the measures are in place (F06, SD09); their effect is checked after the notice's weeks."""
    held = _judged(notice, by)
    effect_on = local_day(at) + dt.timedelta(weeks=held.effect_weeks)
    held.move("verify", verdict=verdict, effect_on=effect_on, verified_by=by, verified_at=at)
    keep(held, "verify", by=by, at=at)
    deadlines.record(Fact.MEASURES_VERIFIED, held, at=at, by=by)
    tell_responsible(held, "verify", _("The measures of {number} are verified (7.2)."), at=at, but=by)
    return held


@transaction.atomic
def reject(notice: Notice, *, verdict: str, due_on: dt.date, by: Any, at: dt.datetime) -> Notice:
    """The measures are not enough (F06, SD09): once more, by a new day and with a clock of its own."""
    held = _judged(notice, by)
    held.move("reject", verdict=verdict, verified_by=by, verified_at=at)
    return _again(held, "reject", due_on, by=by, at=at)


def _again(notice: Notice, why: str, due_on: dt.date, *, by: Any, at: dt.datetime) -> Notice:
    notice.due_on, notice.turn = not_past(due_on, at), notice.turn + 1
    keep(notice, why, by=by, at=at)
    deadlines.record(Fact.MEASURES_ASKED, notice, at=at, by=by)
    title = _("Notice {number} came back to you: measures in place by {day} (7.2).")
    tell_responsible(notice, why, title, at=at, but=by)
    return notice


# --- the effect
@transaction.atomic
def close(notice: Notice, *, effect: str, by: Any, at: dt.datetime) -> Notice:
    """The measures work: closed, with how often the fault was reported since (F06). Not before the weeks are over."""
    held = _judged(notice, by)
    if held.effect_on is not None and local_day(at) < held.effect_on:
        raise OutOfTurn(
            _("The effect can be judged from {day} on (7.2)."), CLAUSE, day=held.effect_on.isoformat()
        )
    held.move("close", came_back=selectors.came_back(held), effect=effect, closed_at=at)
    keep(held, "close", by=by, at=at)
    deadlines.record(Fact.EFFECT_CHECKED, held, at=at, by=by)
    tell_responsible(held, "close", _("Notice {number} is closed: the measures work (7.2)."), at=at, but=by)
    return held


@transaction.atomic
def reopen(notice: Notice, *, effect: str, due_on: dt.date, by: Any, at: dt.datetime) -> Notice:
    """The fault comes back: to be done again by a new day, also before the weeks are over (F06)."""
    held = _judged(notice, by)
    held.move("reopen", came_back=selectors.came_back(held), effect=effect, due_on=due_on)
    deadlines.record(Fact.EFFECT_CHECKED, held, at=at, by=by)
    return _again(held, "reopen", due_on, by=by, at=at)
