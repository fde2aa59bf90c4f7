"""公司组织相关部门共同审定 (7.1): a leader convenes at least two departments; they vote; he decides with the majority."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand, may
from aftersales.charter import Fact
from aftersales.display import moments
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines

from ..flow import ReportStage
from ..models import PanelMember, Report, Review, Share, Vote
from ..rules import majority
from ..selectors import WITHOUT_A_VOTE
from .core import answerable, locked, tell_people, with_heads
from .judging import CLAUSE, became_final, drawn, later_word, may_still_appeal, not_own, ruled

CONVENE, VOTE = "quality.panel_convene", "quality.panel_vote"
LEAST = 2  # departments (7.1)


@transaction.atomic
def convene(
    report: Report, *, members: Iterable[Any], meets_at: dt.datetime, by: Any, at: dt.datetime
) -> Review:
    """Name the panel (F03): people of at least two departments, neither the author of the judgement nor who is held
    responsible (SD08), nor who convenes it. Called again before anybody voted, or where somebody no longer can, it names
    another one. Raises `BadEntry` at `members` or `meets_at`."""
    held = locked(report)
    leads(held, by)
    if held.stage != ReportStage.APPEALED:
        raise OutOfTurn(_("Nobody has appealed against this judgement."), CLAUSE)
    if meets_at < at:
        raise BadEntry(_("The review meets now at the earliest."), CLAUSE, "meets_at")
    rows = _seats(held, list(members), at)
    if by.pk in {who.pk for who, _where in rows}:
        raise BadEntry(
            _("You convene the joint review and do not sit in it: name others (7.1)."), CLAUSE, "members"
        )
    _unseat(held, at)
    review = Review.objects.create(report=held, convened_by=by, convened_at=at, meets_at=meets_at)
    PanelMember.objects.bulk_create(
        PanelMember(review=review, person=who, department=where) for who, where in rows
    )
    keep(held, "convene", by=by, at=at)
    deadlines.record(Fact.REVIEW_CONVENED, held, at=at, by=by)
    for seat in review.members.all():
        deadlines.record(Fact.SEAT_GIVEN, seat, at=at, by=by)
    tell_people(held, f"convene:{held.revision}", _("You sit in the joint review of judgement {number} (7.1)."),
                {who.pk for who, _where in rows}, at=at)  # fmt: skip
    return review


def leads(report: Report, by: Any) -> None:
    """A leader with the grant, who has nothing to do with the case (SD08)."""
    demand(by, CONVENE, report)
    if not by.holds("leader_approve"):
        raise Denied(_("The joint review is a leader's who may approve (7.1)."), CLAUSE)
    if by.pk == report.judged_by_id or report.holds(by):
        raise Denied(
            _("Nobody decides about a judgement that is his own or holds him responsible (SD08)."), CLAUSE
        )


def _seats(report: Report, people: list[Any], at: dt.datetime) -> list[tuple[Any, str]]:
    """Person and the department for which he sits."""
    barred = {report.judged_by_id, report.analysed_by_id, *answerable(report.in_force, at)}
    barred |= set(report.appeals.values_list("person", flat=True))
    may_sit: dict[Any, list[str]] = {}
    for person in dict.fromkeys(people):
        if person.pk in barred:
            raise _unfit(_("{person} judged this case or is held responsible for it (SD08)."), person)
        may_sit[person] = sorted(map(str, person.departments() - WITHOUT_A_VOTE))
        if not may_sit[person] or not person.is_active:
            raise _unfit(_("{person} belongs to no department."), person)
    seats = _spread(may_sit)
    if len({where for _who, where in seats}) < LEAST:
        raise BadEntry(_("At least two departments review it together (7.1)."), CLAUSE, "members")
    return seats


def _spread(may_sit: dict[Any, list[str]]) -> list[tuple[Any, str]]:
    """Each for one of his departments, as many of them as can be: who belongs to one only comes first. Neither audit nor IT
    votes (F04)."""
    taken: dict[Any, str] = {}
    for person in sorted(may_sit, key=lambda one: len(may_sit[one])):
        free = [where for where in may_sit[person] if where not in taken.values()]
        taken[person] = (free or may_sit[person])[0]
    return [(person, taken[person]) for person in may_sit]


def _unfit(sentence: Any, person: Any) -> BadEntry:
    return BadEntry(sentence, CLAUSE, "members", person=str(person))


def is_stuck(review: Review, at: dt.datetime) -> bool:
    """Somebody has not voted although the review has met, or cannot any more, as he left the company or his post, or is held
    responsible himself since he heads a department that is (SD08): another panel is named. How the others voted is seen by
    nobody before that."""
    if concerned(review, at):
        return True
    silent = list(review.members.filter(vote="").select_related("person"))
    return bool(silent) and (at > review.meets_at or any(not may(seat.person, VOTE) for seat in silent))


def concerned(review: Review, at: dt.datetime) -> set[int]:
    """Who sits in the panel and answers for the case by now (SD08)."""
    held = answerable(review.report.in_force, at)
    return held & set(review.members.values_list("person", flat=True))


def _unseat(report: Report, at: dt.datetime) -> None:
    before = Review.objects.filter(report=report).first()
    if before is None:
        return
    if before.members.exclude(vote="").exists() and not is_stuck(before, at):
        raise OutOfTurn(_("The panel has begun to vote; it stays as it is."), CLAUSE)
    for seat in before.members.all():  # their clocks are gone with them
        deadlines.record(Fact.SEAT_VOTED, seat, at=before.convened_at, by=None)
    before.members.all().delete()
    before.delete()


@transaction.atomic
def vote(report: Report, *, vote: str, by: Any, at: dt.datetime, reason: str = "") -> Review:
    """A named member says whether the judgement stands (F04); until the decision he may change his mind."""
    held = locked(report)
    demand(by, VOTE)
    review = _open(held)
    seat = can_vote(held, by, at)
    if vote not in Vote.values:
        raise BadEntry(_("Say whether the judgement stands."), CLAUSE, "vote")
    seat.vote, seat.reason, seat.voted_at = vote, reason, at
    seat.save()
    deadlines.record(Fact.SEAT_VOTED, seat, at=at, by=by)
    if not review.members.filter(vote="").exists():
        deadlines.record(Fact.PANEL_VOTED, held, at=at, by=by)
    keep(held, "vote", by=by, at=at)
    return review


def seat_of(report: Report, by: Any) -> PanelMember:
    """His seat in the panel (F04)."""
    seat = PanelMember.objects.filter(review__report=report, person=by).first()
    if seat is None:
        raise Denied(_("Only who was named into the panel votes (7.1)."), CLAUSE)
    return seat


def can_vote(report: Report, by: Any, at: dt.datetime) -> PanelMember:
    """His seat, unless he came to answer for the case since he was named (SD08)."""
    seat = seat_of(report, by)
    if by.pk in concerned(seat.review, at):
        raise Denied(
            _("You are held responsible for this case by now: another panel is named (SD08)."), CLAUSE
        )
    return seat


def _open(report: Report) -> Review:
    review = Review.objects.filter(report=report).first()
    if review is None or review.decided_at is not None:
        raise OutOfTurn(_("No joint review is open."), CLAUSE)
    return review


@transaction.atomic
def decide(
    report: Report, *, decision: str, minutes: str, by: Any, at: dt.datetime, shares: Iterable[dict[str, Any]] = (),
    ruling: str = "",
) -> Report:  # fmt: skip
    """A leader beside the panel writes the minutes and decides with the majority; where votes are level he decides. An
    overturned judgement is judged anew by `shares` and `ruling`, and that is final. Raises `BadEntry` at `decision` or
    `shares`."""
    held = locked(report)
    leads(held, by)
    review = can_decide(held, by, at)
    _with_the_majority(review, decision)
    if decision == Vote.OVERTURN:
        _anew(held, review, list(shares), ruling, by, at)
    else:
        later_word(held)
    review.minutes, review.decision, review.decided_by, review.decided_at = minutes, decision, by, at
    review.save()
    held.move("decide", final_at=at)
    keep(held, "decide", by=by, at=at)
    deadlines.record(Fact.REVIEW_DECIDED, held, at=at, by=by)
    became_final(held, at=at, by=by)
    return held


def can_decide(report: Report, by: Any, at: dt.datetime) -> Review:
    """The open review of which everybody has voted, once nobody may appeal any more, for a leader who has no seat in it. Raises
    `OutOfTurn` with what can be done, or `Denied`."""
    review = _open(report)
    if review.members.filter(person=by).exists():
        raise Denied(_("You sit in this panel: another leader decides (7.1)."), CLAUSE)
    if may_still_appeal(report, at):
        raise OutOfTurn(
            _("Somebody who is held responsible may still appeal; it is decided after that (7.1)."), CLAUSE
        )
    if is_stuck(review, at):
        raise OutOfTurn(
            _(
                "Somebody of the panel has not voted, or is held responsible by now. Name another panel: convene the joint "
                "review again."
            ),
            CLAUSE,
        )
    if review.members.filter(vote="").exists():
        sentence = _(
            "Not everybody of the panel has voted yet. Once the review has met ({when}) another panel can be named."
        )
        raise OutOfTurn(sentence, CLAUSE, when=moments.when(review.meets_at))
    return review


def _with_the_majority(review: Review, decision: str) -> None:
    wanted = majority(review.members.values_list("vote", flat=True))
    if decision not in Vote.values or (wanted is not None and decision != wanted):
        raise BadEntry(_("The decision follows the majority of the panel (7.1)."), CLAUSE, "decision")


def _anew(
    report: Report, review: Review, shares: list[dict[str, Any]], ruling: str, by: Any, at: dt.datetime
) -> None:
    rows = drawn(report, shares, at, by_review=True)
    not_own(rows, by)
    _none_of_the_panel(review, rows, at)
    report.shares.filter(replaced=False).update(replaced=True)
    Share.objects.bulk_create(with_heads(rows, at))
    report.ruling = ruled(ruling)


def _none_of_the_panel(review: Review, rows: list[Share], at: dt.datetime) -> None:
    """SD08: who voted about the case is not held responsible by that vote, nor as the head of the department that is."""
    held = answerable(rows, at)
    for seat in review.members.select_related("person"):
        if seat.person_id in held:
            sentence = _("{person} sits in the panel and cannot be held responsible by it (SD08).")
            raise BadEntry(sentence, CLAUSE, "shares", person=str(seat.person))
