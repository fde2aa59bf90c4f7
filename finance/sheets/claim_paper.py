"""差旅报销单 on A4: the trip, the lines with their standard, the sum in figures and words, every hand."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at
from aftersales.money import in_words
from aftersales.paper.sheets import Plain, cell, column, section, table
from aftersales.paper.whole import whole

from ..models import Claim, ClaimLine
from ..services import claims
from .claims import about, person_days, said
from .printed import plain


def claim(paper: Claim, *, by: Any, at: dt.datetime) -> Plain:
    """As the page shows it, without the photos: those stay in the portal."""
    lines = list(paper.lines.all())
    parts = [_trip(paper), _lines(lines), _sums(paper), _hands(paper)]
    numbers = {_p("form", "Travel claim number"): paper.number}
    return whole(_p("form", "Travel claim"), paper, parts, by=by, at=at, form="8.2", numbers=numbers, row=8.0)


def _trip(paper: Claim) -> Plain:
    trip = paper.trip
    first, last = claims.days(trip)
    people = {row.person for row in trip.travellers.all()} | ({trip.driver} if trip.driver else set())
    tickets = "、".join(row.ticket.number for row in trip.served.select_related("ticket"))
    return section(
        _p("form section", "Trip"),
        [cell(_p("form", "Trip number"), trip.number, 6), cell(_p("form", "Where to"), trip.place, 6)],
        [cell(_p("form", "From, until"), f"{moments.when(first)} – {moments.when(last)}", 6),
         cell(_p("form", "Claimed by"), paper.claimant, 6)],
        [cell(_p("form", "Persons"), "、".join(sorted(str(person) for person in people)), 6),
         cell(_p("form", "Tickets"), tickets, 6)],
    )  # fmt: skip


def _lines(lines: list[ClaimLine]) -> Plain:
    days = person_days(lines)
    rows = [
        (str(line.position), about(line, days), plain(line.amount), plain(line.standard), plain(line.above or None),
         plain(line.paid), "".join(said(line)))
        for line in lines
    ]  # fmt: skip
    return table(_p("form section", "Lines"), [
        column("", 3), column(_p("form", "What for"), 22), column(_p("form", "Asked"), 9), column(_p("form", "Standard"), 9),
        column(_p("form", "Above or without receipt"), 9), column(_p("form", "To be paid"), 9), column(_p("form", "Remarks"), 16),
    ], rows, ruled=4)  # fmt: skip


def _sums(paper: Claim) -> Plain:
    amount = paper.payable if paper.amount is None else paper.amount
    return section(
        _p("form section", "Sum"),
        [cell(_p("form", "Asked"), plain(paper.asked), 4), cell(_p("form", "To be paid"), plain(amount), 4),
         cell(_p("form", "State"), str(paper.get_stage_display()), 4)],
        [cell(_p("form", "Total in words"), in_words(amount), 12)],
    )  # fmt: skip


def _hands(paper: Claim) -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Claimed by, at"), by_at(paper.claimant, paper.submitted_at), 6, lines=2),
         cell(_p("form", "Checked by, at"), by_at(paper.checked_by, paper.checked_at), 6, lines=2)],
        [cell(_p("form", "Decided by a leader, at"), by_at(paper.decided_by, paper.decided_at), 6, lines=2),
         cell(_p("form", "Paid by, at"), by_at(paper.paid_by, paper.paid_at), 6, lines=2)],
    )  # fmt: skip
