"""Customer service calls back, writes off record 9.1, and reopens (charter 3.3, 4.8)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import head_of, members
from aftersales.charter import Department, Fact
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from deadlines import services as deadlines
from deadlines.selectors import due_of
from notices.services import tell
from policy import figures

from .. import rules
from ..flow import Stage
from ..models import CallbackSurvey, ContactAttempt, IntakeRecord, Ticket, WriteOff
from ..models.sheets import SurveyWords
from .core import act, advance, locked, save, stands_in
from .intake import tell_engineer

ANSWERS = (
    "way",
    "resolved",
    "on_time",
    "attitude",
    "quality",
    "speed",
    "price_match",
    "part_quality",
    "explained",
    "overall",
    "reasons",
    "intent",
    "follow_up",
)


def not_the_engineer(ticket: Ticket, by: Any, at: dt.datetime) -> None:
    """SD10: the callback and the closing are customer service's, never the engineer's, an earlier one's, his crew's,
    nor of whoever stands or stood in for him."""
    engaged = by.pk == ticket.engineer_id or ticket.crew.filter(user=by).exists()
    stood_in = stands_in(ticket, by, at) or ticket.events.filter(by=by, data__has_key="for").exists()
    if engaged or stood_in or ticket.history.filter(engineer=by).exists():
        raise Refusal(_("Whoever worked on the ticket may not call its customer back (SD10)."), "3.3")


@transaction.atomic
def call_back(
    ticket: Ticket, *, by: Any, at: dt.datetime, engineer: Any = None, reason: str = "", **answers: Any
) -> Ticket:
    """The customer was reached: form 9.5 is filled; solved closes the ticket, unsolved sends it into another round."""
    ticket = locked(ticket)
    not_the_engineer(ticket, by, at)
    if answers.get("resolved") is None:
        raise BadEntry(_("Say whether the fault is solved."), "3.3", "resolved")
    survey = _survey(ticket, by=by, at=at, **answers)
    if answers["resolved"]:
        ticket.closed_at = at
        advance(ticket, "close", by=by, at=at, data={"survey": survey.number})
    else:
        _go_on(ticket, "send_back", by=by, at=at, engineer=engineer, why=reason)
    _reached(ticket, survey, by=by, at=at)
    if survey.is_bad:
        _tell_bad_grade(ticket, survey, at)
    return ticket


def _survey(
    ticket: Ticket, *, by: Any, at: dt.datetime, reached: bool = True, **answers: Any
) -> CallbackSurvey:
    if ticket.stage != Stage.COMPLETED:
        raise OutOfTurn(
            _("A callback is due after completion, not at the stage “{stage}”."),
            "3.3",
            stage=ticket.stage_label(),
        )
    survey = CallbackSurvey(
        ticket=ticket,
        round=ticket.round,
        number=next_number("HF", at),
        reached=reached,
        due_at=due_of(ticket, "callback"),
        **{k: answers[k] for k in ANSWERS if k in answers},
    )
    survey.sign(by=by, at=at, why="call_back")
    survey.save()
    if answers.get("suggestion"):
        SurveyWords.objects.create(survey=survey, suggestion=answers["suggestion"])
    return survey


def _reached(ticket: Ticket, survey: CallbackSurvey, *, by: Any, at: dt.datetime) -> None:
    ContactAttempt.objects.create(
        ticket=ticket,
        round=survey.round,
        purpose="callback",
        at=at,
        tried_at=at,
        by=by,
        way=survey.way or "phone",
        result=ContactAttempt.Result.REACHED,
    )


def _go_on(ticket: Ticket, name: str, *, by: Any, at: dt.datetime, engineer: Any, why: str) -> None:
    """Another round with the same engineer or another: all clocks anew, the history stays."""
    engineer = engineer or ticket.engineer
    if not members(Department.ENGINEERS, at).filter(pk=engineer.pk).exists():
        raise BadEntry(
            _("Its engineer is no longer with after-sales; choose who takes it over."), "3.3", "engineer"
        )
    ticket.completed_at = ticket.closed_at = None
    advance(ticket, name, by=by, at=at, engineer=engineer, why=why, data={"engineer": engineer.pk})
    tell_engineer(ticket, at=at)


def _tell_bad_grade(ticket: Ticket, survey: CallbackSurvey, at: dt.datetime) -> None:
    head = head_of(Department.ENGINEERS, at)
    if head is not None:
        tell(
            [head],
            event_key=f"survey:{survey.number}:bad",
            at=at,
            url=ticket.get_absolute_url(),
            kind="todo",
            title=gettext_noop("A customer was dissatisfied with ticket {number}: please look into it"),
            params={"number": ticket.number},
        )


@transaction.atomic
def note_tries(ticket: Ticket, *, at: dt.datetime) -> None:
    """After a callback: enough attempts on enough half-days, none of which reached him, to close as not reached (3.3)?"""
    rows = ticket.attempts.filter(purpose="callback", round=ticket.round).values_list("at", "result")
    tries, results = [at for at, _result in rows], {result for _at, result in rows}
    enough = "reached" not in results and rules.tried_often_enough(
        tries, int(figures.value("callback_attempts")), int(figures.value("callback_half_days"))
    )
    if enough != ticket.callback_tries_done:
        ticket.callback_tries_done = enough
        ticket.sign(by=None, at=at, why="callback_tries")
        save(ticket)


@transaction.atomic
def close_unreached(ticket: Ticket, *, by: Any, at: dt.datetime, reason: str = "") -> Ticket:
    """Close as 未接通 after three attempts over at least two half-days (3.3)."""
    ticket = locked(ticket)
    not_the_engineer(ticket, by, at)
    refusal = ticket.why_not("close_unreached")
    if refusal:
        raise refusal
    survey = _survey(ticket, by=by, at=at, reached=False)
    ticket.closed_at = at
    advance(ticket, "close_unreached", by=by, at=at, why=reason, data={"survey": survey.number})
    return ticket


@transaction.atomic
def write_off(ticket: Ticket, *, by: Any, at: dt.datetime) -> Ticket:
    """Customer service confirms record 9.1 (销单, 4.8), at once for every finished round that still waits for it."""
    ticket = locked(ticket)
    not_the_engineer(ticket, by, at)
    rounds = range(1, finished_round(ticket) + 1)
    if not rounds:
        raise OutOfTurn(_("Record 9.1 is written off once the work is completed."), "4.8")
    confirmed = set(ticket.write_offs.values_list("round", flat=True))
    if confirmed.issuperset(rounds):
        raise OutOfTurn(_("Record 9.1 of this round is already written off."), "4.8")
    for number in sorted(set(rounds) - confirmed):
        _confirm(ticket, number, by=by, at=at)
    record: IntakeRecord = ticket.intake
    record.sign(by=by, at=at, why="write_off")
    record.save()
    act(ticket, "write_off", by=by, at=at, clause="4.8", round=rounds[-1])
    return ticket


def _confirm(ticket: Ticket, number: int, *, by: Any, at: dt.datetime) -> None:
    """One round: asked by whoever completed it, and its clock stops."""
    done = ticket.events.filter(name="complete", round=number).select_related("by").last()
    WriteOff.objects.create(
        ticket=ticket,
        round=number,
        asked_by=done.by if done else ticket.engineer,
        confirmed_at=at,
        confirmed_by=by,
    )
    deadlines.record(Fact.WRITTEN_OFF, ticket, at=at, by=by, cycle=str(number))


def finished_round(ticket: Ticket) -> int:
    """The last round whose work was completed: this one when completed or closed, else the one before."""
    return ticket.round if ticket.stage in (Stage.COMPLETED, Stage.CLOSED) else ticket.round - 1


@transaction.atomic
def reopen(ticket: Ticket, *, by: Any, at: dt.datetime, reason: str, engineer: Any = None) -> Ticket:
    """Reopen a closed ticket within the company's days ⚙ (3.3): round + 1, all clocks anew, history kept."""
    ticket = locked(ticket)
    refusal = ticket.why_not("reopen")
    if refusal:
        raise refusal
    days = int(figures.value("reopen_days"))
    if ticket.closed_at is None or not rules.may_reopen(ticket.closed_at, at, days):
        raise OutOfTurn(
            _("A ticket can be reopened within {days} days after closing; please open a new one."),
            "3.3",
            days=days,
        )
    _go_on(ticket, "reopen", by=by, at=at, engineer=engineer, why=reason)
    return ticket
