"""Form 9.5: the callback survey (3.3), one a round."""

from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.paper.sheets import Plain, cell, column, one_of, section, table

from ..flow import Stage
from ..models import ContactAttempt
from . import common, words
from .read import BLANK, Record

CALLS = 3  # ruled rows of the call log: so many attempts the charter's reading asks for (3.3)


def sheet(record: Record) -> Plain:
    paper = record.survey() or BLANK
    number = paper.number
    order = record.order.number if record.order else record.ticket.number
    parts = [
        common.customer(record), _callback(record, paper), _calls(record), _answers(paper), _grades(paper), _satisfaction(paper),
        _afterwards(record, paper),
    ]  # fmt: skip
    numbers = {
        _p("form", "Survey number"): number, _p("form", "Repair order number"): order, _p("form", "Round"): str(record.round),
    }  # fmt: skip
    return common.sheet(
        record, "9.5", _p("form", "After-sales callback survey"), number or order, parts, paper, **numbers
    )


def _callback(record: Record, paper: Any) -> Plain:
    done = record.last("complete") or BLANK
    due = paper.due_at or (record.callback_due if done else None)
    by = (paper.made_by or _p("form", "the customer himself")) if paper else ""
    way = words.way() | (
        {"form": _p("form", "the customer's own form")} if paper and paper.by_customer else {}
    )
    reached = words.yes_no(paper.reached, _p("form", "reached"), _p("form", "not reached"))
    return section(
        _p("form section", "Callback"),
        [cell(_p("form", "Engineer"), done.who if done else record.ticket.engineer, 4),
         cell(_p("form", "Completed at"), done.at, 4),
         cell(_p("form", "Callback due"), words.when(due), 4)],
        [cell(_p("form", "Called back by"), by, 4), cell(_p("form", "Called back at"), paper.made_at, 4),
         cell(_p("form", "Reached"), w=4, options=reached)],
        [cell(_p("form", "Way"), w=12, options=one_of(way, paper.way))],
    )  # fmt: skip


def _calls(record: Record) -> Plain:
    calls = [line for line in record.of("call") if line.a == "callback" and line.round == record.round]
    rows = [
        [
            str(n),
            words.when(call.later or call.at),
            str(ContactAttempt.Result(call.d).label),
            call.who or _p("form", "customer"),
            call.b,
        ]
        for n, call in enumerate(calls, start=1)
    ]
    return table(_p("form section", "Calls"), [
        column(_p("form", "No."), 2), column(_p("form", "Time of the call"), 6), column(_p("form", "Result of the call"), 6),
        column(_p("form", "Called by"), 5), column(_p("form", "Note"), 9),
    ], rows, ruled=CALLS)  # fmt: skip


def _answers(paper: Any) -> Plain:
    def asked(label: str, name: str) -> Plain:
        return cell(label, w=6, options=words.yes_no(getattr(paper, name)))

    return section(
        _p("form section", "Questions"),
        [asked(_p("form", "Fault solved"), "resolved"), asked(_p("form", "Came as agreed"), "on_time")],
        [
            asked(_p("form", "Charge as quoted"), "price_match"),
            asked(_p("form", "Use and care explained"), "explained"),
        ],
    )


def _grades(paper: Any) -> Plain:
    items = [
        (_p("form", "Attitude"), "attitude"), (_p("form", "Quality of the repair"), "quality"),
        (_p("form", "Speed of the response"), "speed"), (_p("form", "Quality of the parts"), "part_quality"),
    ]  # fmt: skip
    points = [_p("form", "{n} points").format(n=n) for n in range(5, 0, -1)]
    rows: list[list[Any]] = [
        [label, *(getattr(paper, name) == n for n in range(5, 0, -1))] for label, name in items
    ]
    head = [column(_p("form", "Item"), 6), *(column(text, 2) for text in points)]
    return table(_p("form section", "Grades"), head, rows)


def _satisfaction(paper: Any) -> Plain:
    chosen = set(paper.reasons or [])
    reasons = [(label, key in chosen) for key, label in words.reasons().items()]
    said = getattr(paper, "words", None) or BLANK
    return section(
        _p("form section", "Satisfaction"),
        [cell(_p("form", "Overall"), w=12, options=one_of(words.overall(), paper.overall))],
        [cell(_p("form", "Reasons of dissatisfaction"), options=reasons)],
        [cell(_p("form", "Suggestion"), said.suggestion, lines=6)],
    )  # fmt: skip


def _afterwards(record: Record, paper: Any) -> Plain:
    again = (record.survey(record.round + 1) if paper else None) or BLANK
    solved = _p("form", "solved") if again.resolved else _p("form", "not solved")
    result = (solved if again.reached else _p("form", "not reached")) if again else ""
    intent = words.yes_no(paper.intent, _p("form", "there is"), _p("form", "none"))
    ended = record.ticket.stage == Stage.CLOSED if paper else None
    return section(
        _p("form section", "Afterwards"),
        [cell(_p("form", "Intends to buy"), w=6, options=intent),
         cell(_p("form", "Handle again"), w=6, options=words.yes_no(paper.follow_up))],
        [cell(_p("form", "Second callback at"), again.made_at, 4), cell(_p("form", "Its result"), result, 4),
         cell(_p("form", "Loop closed"), w=4, options=words.yes_no(ended))],
    )  # fmt: skip
