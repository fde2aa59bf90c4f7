"""Analysis and judgement (7.1): who answers for how much, by which clause; accepted, appealed, or final by time."""

import datetime as dt
import logging
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand, letter_for
from aftersales.charter import Department, Fact
from aftersales.limits import day_end, local_day, nth_workday
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import calendar
from deadlines import services as deadlines
from parts.models import ReleaseLine
from parts.services.rerating import rerate
from policy import figures
from repairs.models.sheets import DamageType

from .. import selectors
from ..flow import ReportStage
from ..models import OUTSIDE, Appeal, Party, Report, Share
from ..rules import in_hundredths, is_whole
from . import telling
from .core import answerable, locked, tell_departments, tell_people, three_days_again, with_heads
from .writing import not_the_author

CLAUSE, JUDGE, APPEAL = "7.1", "quality.determine", "quality.appeal"
R = ReportStage
log = logging.getLogger(__name__)


@transaction.atomic
def analyse(report: Report, *, confirmed_cause: str, is_technical: bool, by: Any, at: dt.datetime) -> Report:
    """The cause as technical confirms it, and whether it is a technical or process issue: then a notice is due (7.2)."""
    held = locked(report)
    demand(by, JUDGE, held)
    not_the_author(held, by)
    held.move(
        "analyse", confirmed_cause=confirmed_cause, is_technical=is_technical, analysed_by=by, analysed_at=at
    )
    keep(held, "analyse", by=by, at=at)
    if not is_technical:
        deadlines.record(Fact.NOT_TECHNICAL, held, at=at, by=by)
    elif not selectors.has_notice(held):
        three_days_again(held, by=by)
    return held


@transaction.atomic
def judge(
    report: Report, *, shares: Iterable[dict[str, Any]], by: Any, at: dt.datetime, ruling: str = ""
) -> Report:
    """Who answers for it (F01): `shares` are rows {party, department|person|supplier, percent, clause, note} that sum to 100 %,
    each by a clause of the standard in force; a review goes by the one that was in force at the judgement. The persons concerned
    are told and have time to appeal. `ruling`: human damage or not, where technical says so. Raises `BadEntry` at `shares`.
    """
    held = locked(report)
    demand(by, JUDGE, held)
    rows = drawn(held, shares, at)
    not_own(rows, by)
    not_the_author(held, by)
    if (stuck := held.why_not("judge")) is not None and held.stage != R.ANALYSED:
        raise stuck
    held.shares.filter(replaced=False).delete()  # a draft that was never told to anybody
    Share.objects.bulk_create(with_heads(rows, at))
    held.ruling = ruled(ruling)
    held.move("judge", judged_by=by, judged_at=at, appeal_until=_appeal_until(rows, at))
    keep(held, "judge", by=by, at=at)
    deadlines.record(Fact.REPORT_JUDGED, held, at=at, by=by)
    for row in held.ours:
        deadlines.record(Fact.HELD_RESPONSIBLE, row, at=at, by=by)
    _tell(held, rows, at)
    if not any(row.is_ours for row in rows):  # nobody of ours is held responsible: nobody can appeal
        let_stand(held, at=at)
    return Report.objects.get(pk=held.pk)


def drawn(
    report: Report, shares: Iterable[dict[str, Any]], at: dt.datetime, *, by_review: bool = False
) -> list[Share]:
    """The shares as rows that are not saved yet, or the reason why they cannot be."""
    clauses = set(selectors.clauses_for(report, at).values_list("pk", flat=True))
    rows = [_row(report, share, clauses, by_review) for share in shares]
    if not is_whole(row.percent for row in rows):
        raise BadEntry(_("The shares must each be above 0 and sum to 100 % (7.1)."), CLAUSE, "shares")
    named = [(row.party, row.department, row.person_id, row.supplier) for row in rows]
    if len(set(named)) < len(named):
        raise BadEntry(_("Somebody stands there twice; give each one share."), CLAUSE, "shares")
    return rows


def _row(report: Report, share: dict[str, Any], clauses: set[int], by_review: bool) -> Share:
    party = share.get("party", "")
    if party not in Party.values:
        raise BadEntry(_("Say who answers."), CLAUSE, "shares")
    named = {name: share.get(name) for name in ("department", "person", "supplier") if name == party}
    if any(not value for value in named.values()):
        raise BadEntry(_("Name who answers."), CLAUSE, "shares")
    _can_answer(named)
    clause, percent = share.get("clause"), share.get("percent")
    if clause is None or clause.pk not in clauses:
        raise BadEntry(_("Choose a clause of the standard that is in force (9.7)."), "9.7", "shares")
    if not isinstance(percent, Decimal) or not in_hundredths(percent):
        raise BadEntry(_("A share is a percentage with two decimals at most."), CLAUSE, "shares")
    return Share(
        report=report,
        party=party,
        percent=percent,
        clause=clause,
        note=share.get("note", ""),
        by_review=by_review,
        **named,
    )


def _can_answer(named: dict[str, Any]) -> None:
    """Whoever is held responsible can appeal (F02): the departments of the charter and their people."""
    person = named.get("person")
    if named.get("department") in OUTSIDE or (person is not None and letter_for(person, APPEAL) == "-"):
        raise BadEntry(
            _("Only departments of the charter and their people answer for a case (7.1)."), CLAUSE, "shares"
        )


def not_own(rows: list[Share], by: Any) -> None:
    """SD08: the author of a judgement is not the one held responsible, nor the head of the department that is."""
    if any(row.person_id == by.pk or row.department in by.heads() for row in rows):
        raise Denied(_("Nobody judges what he is held responsible for himself (SD08)."), CLAUSE)


def ruled(ruling: str) -> str:
    if ruling not in ("", DamageType.HUMAN, DamageType.NOT_HUMAN):
        raise BadEntry(_("A judgement says whether the damage is human or not."), CLAUSE, "ruling")
    return ruling


def _appeal_until(rows: list[Share], at: dt.datetime) -> dt.datetime:
    """The end of the n-th working day after the notice: the longest time that a clause gives to who can appeal."""
    own = [row for row in rows if row.is_ours]
    days = max((row.clause.appeal_days for row in own), default=0) or int(
        figures.value("appeal_days", local_day(at))
    )
    return day_end(nth_workday(local_day(at), days, calendar.current())[0])


def _tell(report: Report, rows: list[Share], at: dt.datetime) -> None:
    title = _("Judgement {number}: you are held responsible; you may appeal until {until} (7.1).")
    last = local_day((report.appeal_until or at) - dt.timedelta(seconds=1))
    tell_people(report, "judge", title, answerable(rows, at), at=at, until=last.isoformat())


# --- accepted, appealed, final
@transaction.atomic
def accept(report: Report, *, by: Any, at: dt.datetime) -> Report:
    """Who is held responsible accepts it, also while another appeals; once everybody has, it is final at once."""
    held = locked(report)
    demand(by, APPEAL, held)
    if held.stage not in (R.JUDGED, R.APPEALED):
        raise held.why_not("let_stand") or OutOfTurn(_("There is nothing to accept."), CLAUSE)
    not_appealed(held, by)
    for row in acceptable(held, by):
        row.accepted_at = row.accepted_at or at
        row.save(update_fields=["accepted_at"])
        _answers(row, by)
        deadlines.record(Fact.JUDGEMENT_ANSWERED, row, at=at, by=by)
    keep(held, "accept", by=by, at=at)
    if held.stage == R.JUDGED and all(row.accepted_at for row in held.ours):
        let_stand(held, at=at, by=by)
    return Report.objects.get(pk=held.pk)


@transaction.atomic
def appeal(report: Report, *, reason: str, by: Any, at: dt.datetime) -> Report:
    """Who is held responsible asks for a joint review (F02), within his time; management convenes it. Another one's appeal takes
    none of his three working days away: until then he joins it, also once the panel is named."""
    held = locked(report)
    demand(by, APPEAL, held)
    can_appeal(held, by, at)
    held.move("appeal")
    Appeal.objects.create(report=held, person=by, reason=reason, at=at)
    keep(held, "appeal", by=by, at=at)
    for row in held.shares_of(by):
        _answers(row, by)
        deadlines.record(Fact.JUDGEMENT_ANSWERED, row, at=at, by=by)
    deadlines.record(Fact.JUDGEMENT_APPEALED, held, at=at, by=by)
    _tell_of_appeal(held, by, at)
    return held


def _answers(row: Share, by: Any) -> None:
    """A department that had no head when it was judged: who spoke for it since answers for it."""
    if row.department and row.told_id is None:
        row.told = by
        row.save(update_fields=["told"])


def not_appealed(report: Report, by: Any) -> None:
    if report.appeals.filter(person=by).exists():
        raise OutOfTurn(_("You have appealed already."), CLAUSE)


def can_accept(report: Report, by: Any) -> None:
    """Something of his is still to be accepted. Raises `OutOfTurn`."""
    not_appealed(report, by)
    if all(row.accepted_at for row in acceptable(report, by)):
        raise OutOfTurn(_("You have accepted this judgement."), CLAUSE)


def acceptable(report: Report, by: Any) -> list[Share]:
    """What he can accept: not what somebody else answers for, who was told of it. Raises `OutOfTurn` where that is nothing."""
    found = [row for row in report.shares_of(by) if row.is_accepted_by(by)]
    if not found:
        raise OutOfTurn(_("Who headed your department at the judgement accepts it; you may appeal."), CLAUSE)
    return found


def can_appeal(report: Report, by: Any, at: dt.datetime) -> None:
    """His time runs, and he has neither accepted nor appealed. Raises `OutOfTurn`."""
    if report.appeal_until is not None and at >= report.appeal_until:  # a clock that ends at 24:00
        raise OutOfTurn(_("The time for an appeal is over (7.1)."), CLAUSE)
    not_appealed(report, by)
    if any(row.accepted_at for row in report.shares_of(by)):
        raise OutOfTurn(_("You have accepted this judgement."), CLAUSE)


def _tell_of_appeal(report: Report, by: Any, at: dt.datetime) -> None:
    """Management, and a panel that is named already."""
    title = _("Judgement {number} is appealed: convene the joint review (7.1).")
    review = selectors.review_of(report)
    if review is None:
        tell_departments(report, f"appeal:{by.pk}", title, Department.MANAGEMENT, at=at)
        return
    title = _("One more appeals against judgement {number}, which you review (7.1).")
    seats = set(review.members.values_list("person", flat=True))
    tell_people(report, f"appeal:{by.pk}", title, {review.convened_by_id, *seats}, at=at)


def may_still_appeal(report: Report, at: dt.datetime) -> bool:
    """Somebody who is held responsible has neither accepted nor appealed, and his time is not over (7.1)."""
    if report.appeal_until is None or at >= report.appeal_until:
        return False
    appealed = {
        row.pk for one in report.appeals.select_related("person") for row in report.shares_of(one.person)
    }
    return any(row.accepted_at is None and row.pk not in appealed for row in report.ours)


def let_stand(report: Report, *, at: dt.datetime, by: Any = None) -> Report:
    """Final without a review; `report` is locked."""
    later_word(report)
    report.move("let_stand", final_at=at)
    keep(report, "let_stand", by=by, at=at)
    became_final(report, at=at, by=by or report.judged_by)
    return report


def later_word(report: Report) -> None:
    """What technical told the customer after the judgement counts, also where that judgement stands (4.5a)."""
    if report.ruling == DamageType.HUMAN and selectors.freed_since(report):
        report.ruling = DamageType.NOT_HUMAN


def became_final(report: Report, *, at: dt.datetime, by: Any) -> None:
    """The charge of the parts follows a ruling, piece by piece (4.5a, 7.1), and the customer hears of what he pays; finance hears
    that it may assess (8.9)."""
    answered(report, at=at, by=by)
    telling.tell_customer(report, _charged_anew(report, at, by), at=at, by=by)
    tell_departments(report, "final", _("Judgement {number} is final (7.1)."), Department.FINANCE, at=at)
    tell_people(
        report, "final:you", _("Judgement {number} is final (7.1)."), answerable(report.in_force, at), at=at
    )


def _charged_anew(report: Report, at: dt.datetime, by: Any) -> list[ReleaseLine]:
    """The lines whose charge is another one by this ruling, as they are now."""
    lines = [line for line in selectors.lines_of(report) if report.ruling and line.damage != report.ruling]
    done = [(line, rerate(line, damage=report.ruling, by=by, at=at, why=report.number)) for line in lines]
    return [line for before, line in done if line.charge != before.charge]


def answered(report: Report, *, at: dt.datetime, by: Any) -> None:
    """Nobody can answer this judgement any more."""
    for row in report.ours:
        deadlines.record(Fact.JUDGEMENT_ANSWERED, row, at=at, by=by)


def finalise(now: dt.datetime) -> int:
    """Make every judgement final whose time for an appeal is over; how many. Twice is once. Who said nothing beside another
    one's appeal cannot answer any more either."""
    for row in selectors.silent_beside_an_appeal(now):
        deadlines.record(Fact.JUDGEMENT_ANSWERED, row, at=now, by=None)
    return sum(_tried(pk, now) for pk in selectors.judged_until(now).values_list("pk", flat=True))


def _tried(pk: int, now: dt.datetime) -> bool:
    """One that fails keeps no other from its turn."""
    try:
        return _finalise(pk, now)
    except Exception:
        log.exception("judgement %s did not become final", pk)
        return False


@transaction.atomic
def _finalise(pk: int, now: dt.datetime) -> bool:
    held = locked(Report.objects.get(pk=pk))
    if held.stage != R.JUDGED or held.appeal_until is None or now <= held.appeal_until:
        return False
    let_stand(held, at=now)
    return True
