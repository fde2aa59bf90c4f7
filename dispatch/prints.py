"""出差/出车申请 on A4 (6.1, 8.4): the request, the charter's advice, the decision, the odometer, a place for every hand."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table
from aftersales.paper.whole import whole

from .models import Trip
from .rules import Means


def trip(paper: Trip, *, by: Any, at: dt.datetime) -> Plain:
    parts = [_asked(paper), _tickets(paper), _way(paper), _decision(paper), _road(paper), _hands(paper)]
    numbers = {_p("form", "Trip number"): paper.number}
    return whole(
        _p("form", "Request for a trip or a car"),
        paper,
        parts,
        by=by,
        at=at,
        form="6.1",
        numbers=numbers,
        row=8.4,
    )


def _asked(paper: Trip) -> Plain:
    people = ", ".join(str(row.person) for row in paper.travellers.all())
    return section(
        _p("form section", "Request"),
        [cell(_p("form", "Asked for by"), paper.requester, 4), cell(_p("form", "Asked at"), paper.made_at, 4),
         cell(_p("form", "State"), paper.stage_label(), 4)],
        [cell(_p("form", "Where to"), paper.place, 4), cell(_p("form", "City"), paper.city, 4),
         cell(_p("form", "Distance, one way"), _km(paper.kilometres), 4)],
        [cell(_p("form", "Leaves at"), paper.leaves_at, 6), cell(_p("form", "Back by"), paper.returns_at, 6)],
        [cell(_p("form", "Who goes along"), people, 12)],
        [cell(_p("form", "Note"), paper.note, 12)],
    )  # fmt: skip


def _tickets(paper: Trip) -> Plain:
    rows = [(x.number, x.model, x.vin, x.region) for x in (row.ticket for row in paper.served.all())]
    return table(_p("form section", "Tickets"), [
        column(_p("form", "Repair order number"), 13), column(_p("form", "Vehicle model"), 10),
        column(_p("form", "VIN / frame number"), 14), column(_p("form", "Region"), 16),
    ], rows)  # fmt: skip


def _yes_no(value: bool) -> list[tuple[str, bool]]:
    return one_of({"y": _p("form", "yes"), "n": _p("form", "no")}, "y" if value else "n")


def _way(paper: Trip) -> Plain:
    """The boxes of 6.1 and what the charter says to them."""
    way, found = paper.way, paper.advice
    zone = one_of(
        {"n": _p("form", "nearby"), "f": _p("form", "medium or long distance")}, "n" if way.nearby else "f"
    )
    said = f"{found.means.label} · {found}" if found else _p("form", "none")
    return section(
        _p("form section", "What is weighed"),
        [cell(_p("form", "Zone"), "", 6, options=zone),
         cell(_p("form", "Easy to reach by bus or train"), "", 6, options=_yes_no(way.easy_access))],
        [cell(_p("form", "Severe weather"), "", 4, options=_yes_no(way.severe_weather)),
         cell(_p("form", "Bulky part"), "", 4, options=_yes_no(way.bulky)),
         cell(_p("form", "Back on the same day"), "", 4, options=_yes_no(way.back_same_day))],
        [cell(_p("form", "The charter's advice"), said, 12)],
    )  # fmt: skip


def _decision(paper: Trip) -> Plain:
    decided = f"{paper.decided_by} {moments.when(paper.decided_at)}" if paper.decided_at else ""
    means = one_of({str(m.value): str(m.label) for m in Means}, paper.means)
    return section(
        _p("form section", "Decision"),
        [cell(_p("form", "Travels by"), "", 6, options=means), cell(_p("form", "Decided by, at"), decided, 6)],
        [cell(_p("form", "Reason of the decision"), paper.reason, 12, lines=2)],
    )  # fmt: skip


def _road(paper: Trip) -> Plain:
    driven = _km(paper.driven) if paper.car and paper.odometer_in is not None else ""
    return section(
        _p("form section", "Journey"),
        [cell(_p("form", "Car"), paper.car or "", 6), cell(_p("form", "Driver"), paper.driver or "", 6)],
        [cell(_p("form", "Departed at"), paper.departed_at or "", 6),
         cell(_p("form", "Odometer at departure"), _km(paper.odometer_out), 6)],
        [cell(_p("form", "Returned at"), paper.returned_at or "", 4),
         cell(_p("form", "Odometer at return"), _km(paper.odometer_in), 4), cell(_p("form", "Driven"), driven, 4)],
    )  # fmt: skip


def _km(value: int | None) -> str:
    return "" if value is None else _p("form", "{n} km").format(n=value)


def _hands(paper: Trip) -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Asked for by, at"), w=4, lines=2), cell(_p("form", "The vehicle manager, at"), w=4, lines=2),
         cell(_p("form", "The driver, at"), w=4, lines=2)],
    )  # fmt: skip
