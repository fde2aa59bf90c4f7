"""How a trip looks (6.1, 8.4): who goes where for whom, the charter's advice, the decision with its reason, the road."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at, link, yes_no, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from repairs.models import Ticket

from .. import selectors
from ..flow import TripStage
from ..models import Trip
from . import ways

S = TripStage


def trip(paper: Trip, user: Any) -> Sheet:
    return Sheet(
        title=_("Trip"), story=f"{paper.place} · {ways.span(paper, 'short')}", banner=_banner(paper), next=_next(paper),
        parts=[_asked(paper), _advice(paper), _decision(paper), _road(paper, user), _tickets(paper, user), _fines(paper, user)],
        prints=[(_("Print"), reverse("dispatch:trip_print", args=[paper.number]))],
    )  # fmt: skip


def _banner(paper: Trip) -> tuple[str, Any, Any] | None:
    if paper.stage == S.REFUSED:
        return "warning", _("Refused"), paper.reason
    if paper.stage == S.CANCELLED:
        return "info", _("This trip does not take place"), paper.cancelled_why
    if paper.stage == S.DRAFT and paper.advice is None:
        return (
            "info",
            _("The charter gives no advice here"),
            _("The vehicle manager decides and says why (6.1)."),
        )
    return None


def _next(paper: Trip) -> Any:
    return {
        S.DRAFT: _("The vehicle manager decides by what one travels (6.1)."),
        S.APPROVED: _("Whoever leaves enters the time and, with a car, the odometer."),
        S.DEPARTED: _("Whoever is back enters the time and, with a car, the odometer (8.4)."),
        S.RETURNED: _(
            "Costs are claimed from finance; if there are none, say that there is nothing to claim (8.2)."
        ),
    }.get(TripStage(paper.stage), "")


def _asked(paper: Trip) -> Part:
    people = ", ".join(str(row.person) for row in paper.travellers.all())
    rows: list[Cell] = [
        (_("Where to"), paper.place), (_("City"), paper.city), (_("Distance, one way"), ways.km(paper.kilometres) or "–"),
        (_("Leaves at"), moments.when(paper.leaves_at)), (_("Back by"), moments.when(paper.returns_at)),
        (_("Asked for by"), by_at(paper.requester, paper.made_at)), (_("Who goes along"), people, "wide"),
    ]  # fmt: skip
    return Part("asked", _("Request"), rows + ([(_("Note"), paper.note, "wide")] if paper.note else []))


def _advice(paper: Trip) -> Part:
    """The five facts that the charter weighs, and its answer with the clause."""
    way, found = paper.way, paper.advice
    rows: list[Cell] = [
        (_p("trip", "Zone"), _("nearby") if way.nearby else _("medium or long distance")),
        (_("Easy to reach"), yes_no(way.easy_access)), (_("Severe weather"), yes_no(way.severe_weather)),
        (_("Bulky part"), yes_no(way.bulky)), (_("Back on the same day"), yes_no(way.back_same_day)),
    ]  # fmt: skip
    said = f"{found.means.label} · {found}" if found else _("none: the charter is silent here")
    return Part(
        "advice", _("The charter's advice"), [*rows, (_("Advice"), said, "wide")], note=_left_behind(paper)
    )


def _left_behind(paper: Trip) -> str:
    """Which bulky parts its tickets ask for although none comes along; the vehicle manager should know (6.1c)."""
    if paper.bulky or paper.stage not in (S.DRAFT, S.APPROVED):
        return ""
    lines = selectors.bulky_lines(row.ticket for row in paper.served.all())
    named = ", ".join(f"{line.release.number} {line.part.name}" for line in lines)
    sentence = _(
        "No bulky part comes along, it says, but there is one among the parts of the tickets: {parts} (6.1c)."
    )
    return sentence.format(parts=named) if named else ""


def _decision(paper: Trip) -> Part:
    if paper.decided_at is None:
        return Part("decision", _p("trip", "Decision"), empty=_("The vehicle manager has not decided yet."))
    rows: list[Cell] = [(_("Decided by"), by_at(paper.decided_by, paper.decided_at))]
    if paper.means:
        rows.append((_("Travels by"), paper.get_means_display()))
        rows.append((_("Follows the advice"), _follows(paper)))
    return Part(
        "decision",
        _p("trip", "Decision"),
        rows + ([(_p("trip", "Why"), paper.reason, "wide")] if paper.reason else []),
    )


def _follows(paper: Trip) -> str:
    if paper.advice is None:
        return _("there was none")
    return yes_no(paper.advice.means == paper.means)


def _road(paper: Trip, user: Any) -> Part:
    rows: list[Cell] = []
    if paper.car:
        rows += [(_("Car"), ways.car(paper, user)), (_("Driver"), paper.driver)]
    if paper.departed_at:
        rows.append((_("Departed at"), moments.when(paper.departed_at)))
        rows += [(_("Odometer at departure"), ways.km(paper.odometer_out))] if paper.car else []
    if paper.returned_at:
        rows.append((_("Returned at"), moments.when(paper.returned_at)))
        rows += (
            [(_("Odometer at return"), ways.km(paper.odometer_in)), (_("Driven"), ways.km(paper.driven))]
            if paper.car
            else []
        )
    if paper.settled_at:
        rows.append((_p("trip", "Settled"), moments.when(paper.settled_at)))
    return Part("road", _("Journey"), rows, empty=_("It has not left yet."))


def _tickets(paper: Trip, user: Any) -> Part:
    tickets = [row.ticket for row in paper.served.all()]
    open_ = selectors.visible_tickets(user, [ticket.number for ticket in tickets])
    rows = [(_ticket(x, open_), x.model or x.vin, x.region, x.stage_label()) for x in tickets]
    head = [(_("Ticket"), "tight"), (_("Vehicle"), ""), (_("Region"), ""), (_("Stage"), "")]
    return Part("tickets", _("Tickets"), table=Table(head, rows))


def _ticket(ticket: Ticket, open_: set[str]) -> Any:
    return link(ticket) if ticket.number in open_ else ticket.number


def _fines(paper: Trip, user: Any) -> Part:
    rows = [
        (link(x), moments.when(x.happened_at, "short"), x.offence, yuan(x.amount), yuan(x.driver_half))
        for x in selectors.fines_for(user).filter(trip=paper)
    ]
    head = [(_("Fine"), "tight"), (_("Happened at"), "tight"), (_p("fine", "What for"), ""), (_("Amount"), "money"),
            (_("The driver's half"), "money")]  # fmt: skip
    return Part("fines", _("Fines"), table=Table(head, rows), empty=_("None."))


# --- on a ticket
def of_ticket(ticket: Ticket, user: Any) -> Part | None:
    """The trips that serve a ticket, for whom trips are shown; nothing while there is none."""
    found: list[Any] = selectors.trips_of(ticket, user)
    if not found:
        return None
    rows = [
        (link(x) if x.opens else x.number, x.stage_label(), ways.span(x, "short"), x.get_means_display() or "–",
         ways.car(x, user) or "–", str(x.driver or "–"), ways.driven(x))
        for x in found
    ]  # fmt: skip
    head = [(_("Trip"), "tight"), (_("Stage"), ""), (_("When"), ""), (_("Travels by"), ""), (_("Car"), ""), (_("Driver"), ""),
            (_("Driven"), "number")]  # fmt: skip
    return Part("trips", _("Trips"), table=Table(head, rows))
