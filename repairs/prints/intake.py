"""Form 9.1: the customer-service record (3.2, 4.8)."""

from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.paper.sheets import Plain, cell, one_of, section

from . import common, words
from .read import BLANK, Record


def sheet(record: Record) -> Plain:
    ticket, paper = record.ticket, getattr(record.ticket, "intake", BLANK)
    number = paper.number
    parts = [
        _report(record, paper), common.customer(record), _vehicle(record), _fault(record, paper),
        _handed(record, paper), _written_off(record),
    ]  # fmt: skip
    numbers = {_p("form", "Record number"): number, _p("form", "Repair order number"): ticket.number}
    title = _p("form", "Feiyue customer-service record")
    return common.sheet(record, "9.1", title, number or ticket.number, parts, paper, **numbers)


def _report(record: Record, paper: Any) -> Plain:
    ticket = record.ticket
    return section(
        _p("form section", "Report"),
        [cell(_p("form", "Channel of the report"), w=7, options=one_of(words.channel(), ticket.channel)),
         cell(_p("form", "Relayed by (sales)"), ticket.relayed_by, 5)],
        [cell(_p("form", "Customer told us at"), ticket.reported_at, 4), cell(_p("form", "Received at"), ticket.received_at, 4),
         cell(_p("form", "Collection window"), words.place(paper.slot), 4)],
        [cell(_p("form", "Accepted / collected at"), ticket.accepted_at, 4),
         cell(_p("form", "Accepted by"), ticket.accepted_by, 4),
         cell(_p("form", "Repeat of"), (paper.repeat_of or BLANK).number, 4)],
    )  # fmt: skip


def _vehicle(record: Record) -> Plain:
    ticket = record.ticket
    return common.vehicle(record, [
        cell(_p("form", "Can it be driven"), w=6, options=one_of(words.drivable(), ticket.drivable)),
        cell(_p("form", "Urgency"), w=6, options=one_of(words.urgency(), ticket.urgency)),
    ])  # fmt: skip


def _fault(record: Record, paper: Any) -> Plain:
    own = record.ticket.words
    there = words.yes_no(
        bool(record.of("file")) if paper else None, _p("form", "there is"), _p("form", "none")
    )
    erased = _p("form", "erased at the customer's request") if own.erased_at else ""
    return section(
        _p("form section", "Fault"),
        [cell(_p("form", "Symptom"), erased or own.symptom, lines=8)],
        [cell(_p("form", "When and how it happened"), own.occurred, lines=2)],
        [cell(_p("form", "Tried by the customer"), own.self_checked, lines=4)],
        [cell(_p("form", "Pictures, videos"), _media(record), options=there)],
    )  # fmt: skip


def _media(record: Record) -> str:
    kinds = [line.a for line in record.of("file")]
    if not kinds:
        return ""
    return _p("form", "{pictures} pictures, {videos} videos").format(
        pictures=kinds.count("image"), videos=kinds.count("video")
    )


def _handed(record: Record, paper: Any) -> Plain:
    handed, ticket = record.handed or BLANK, record.ticket
    return section(
        _p("form section", "Hand-over"),
        [cell(_p("form", "Handed over to"), ticket.engineer if handed else "", 4),
         cell(_p("form", "Handed over at"), handed.at, 4),
         cell(_p("form", "Handed over by"), handed.who, 4)],
        [cell(_p("form", "Remark"), paper.remark, lines=3)],
    )  # fmt: skip


def _written_off(record: Record) -> Plain:
    """One row a round: completed, written off by the engineer, confirmed by customer service (4.8)."""
    done = {line.round: line for line in record.events("complete")}
    offs = {row.round: row for row in record.write_offs or []}
    rows = []
    for number in sorted({*done, *offs}) or [1]:
        end, off = done.get(number, BLANK), offs.get(number, BLANK)
        rows.append([
            cell(_p("form", "Completed at"), end.at, 4, lines=2),
            cell(_p("form", "Written off by"), off.asked_by, 4),
            cell(_p("form", "Confirmed by customer service"), words.hand(off.confirmed_by, off.confirmed_at), 4),
        ])  # fmt: skip
    return section(_p("form section", "Write-off"), *rows)
