"""The trip as one desk: administration's paper, what the trip cost, and the way to finance's claim (8.2)."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display.marks import yuan
from aftersales.display.sheet import Part, Sheet, Table
from dispatch import selectors
from dispatch.desk import trips
from dispatch.models import Fine, Trip
from dispatch.sheets.ways import km
from finance.models import Claim, Column
from finance.services import costing
from finance.services.claims import may_claim
from parts.views.pages import mark, opening

Row = tuple[Any, ...]
#: columns of one paper and their sums
Booked = dict[str, Decimal]


def sheet(paper: Trip, user: Any) -> Sheet:
    """What administration shows, what it cost as far as this person may see it, and the way to write a claim."""
    found = trips.DESK.sheet(paper, user)
    if paper.is_over and may(user, "expense.view"):
        found.parts.append(_cost(paper, user))
    if paper.is_over and may(user, "expense.claim") and may_claim(paper, user):
        found.ways = [
            *found.ways,
            (str(_("Claim the costs")), f"{reverse('finance:new_claim')}?trip={paper.number}"),
        ]
    return found


DESK = replace(trips.DESK, sheet=sheet)


# --- what it cost
def _cost(paper: Trip, user: Any) -> Part:
    """What is booked for it, paper by paper; a claim that is under way stands there without an amount."""
    booked = _booked(paper)
    claims = Claim.objects.visible_to(user).filter(trip=paper).select_related("claimant").order_by("pk")
    fines = selectors.fines_for(user).filter(trip=paper).order_by("pk")
    rows = [
        *_kilometres(paper, booked),
        *(_claim(row, booked.get(row.number, {})) for row in claims),
        *(_fine(row, booked.get(row.number, {})) for row in fines),
    ]
    head = [(_("Paper"), "tight"), (_("Stage"), "tight"), (_("What"), "wide"), (_("Amount"), "money")]
    shown = [paper.number, *(row.number for row in claims), *(row.number for row in fines)]
    total = sum((_sum(booked.get(number, {})) for number in shown), Decimal("0.00"))
    foot = (_("Sum"), "", "", yuan(total)) if rows else None
    return Part(
        "cost", _("What this trip cost"), table=Table(head, rows, foot), note=_notes(paper, user, total),
        empty=_("Nothing is booked for it yet."),
    )  # fmt: skip


def _booked(paper: Trip) -> dict[str, Booked]:
    """Number of a paper → what of it stands in the books."""
    found: dict[str, Booked] = defaultdict(dict)
    for number, column, amount in costing.of_trip(paper):
        found[number][column] = amount
    return found


def _kilometres(paper: Trip, booked: dict[str, Booked]) -> list[Row]:
    if paper.number not in booked:
        return []
    return [("", "", f"{Column.KILOMETRES.label} · {km(paper.driven)}", yuan(_sum(booked[paper.number])))]


def _claim(row: Claim, sums: Booked) -> Row:
    """Whose claim, and where it holds several things how much each."""
    words = [
        f"{Column(name).label} {yuan(sums[name])}" if len(sums) > 1 else str(Column(name).label)
        for name in sums
    ]
    paid = yuan(row.amount) if row.amount is not None else "–"
    return (
        opening(row.get_absolute_url(), row.number),
        mark(row),
        " · ".join((str(row.claimant), *words)),
        paid,
    )


def _fine(row: Fine, sums: Booked) -> Row:
    return opening(row.get_absolute_url(), row.number), "", Column.FINE.label, yuan(_sum(sums))


def _sum(sums: Booked) -> Decimal:
    return sum(sums.values(), Decimal("0.00"))


def _notes(paper: Trip, user: Any, total: Decimal) -> str:
    """What one should know of the sum: who shares it, what is not in it, what this person does not see."""
    served, fuel = len(paper.served.all()), selectors.refuelled(paper)
    said = []
    if total and served > 1:
        said.append(_("The {n} tickets share it equally.").format(n=served))
    if fuel:
        said.append(
            _("Fuel of these days, {amount}, is in the kilometres already (6.2, 8.4).").format(
                amount=yuan(fuel)
            )
        )
    if user.cell("expense.view") != "Y":
        said.append(_("Claims and fines of others are not shown to you."))
    return " ".join(map(str, said))
