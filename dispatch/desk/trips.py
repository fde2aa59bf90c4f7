"""The desk of trips 出差/出车 CX (6.1): asked for, decided, gone, back; as pages and endpoints."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.display.paging import by_key, word_of
from aftersales.limits import local_day
from aftersales.operations import once
from deadlines.papers import PaperDesk
from parts.views.pages import bound, fill, listed, mark, opening
from policy import figures
from repairs.models import Ticket

from .. import selectors
from ..flow import TripStage
from ..forms.trips import NewTripForm, WayForm, advised
from ..models import Trip, involving
from ..rules import Way, city_in
from ..services import trips
from ..sheets import trips as sheets
from ..sheets import ways
from ..steps import ACTS, STEPS


def person(user: Any) -> dict[str, Any] | None:
    return {"username": user.username, "name": user.name} if user else None


def payload(paper: Trip, user: Any) -> dict[str, Any]:
    """Facts of a trip; `advice` is the charter's, null where it is silent; kilometres are whole."""
    found = paper.advice
    return {
        "tickets": [row.ticket.number for row in paper.served.all()], "requester": person(paper.requester),
        "people": [person(row.person) for row in paper.travellers.all()], "place": paper.place, "city": paper.city,
        "kilometres": paper.kilometres, "leaves_at": paper.leaves_at, "returns_at": paper.returns_at, "nearby": paper.nearby,
        "easy_access": paper.easy_access, "severe_weather": paper.severe_weather, "bulky": paper.bulky,
        "back_same_day": paper.back_same_day, "note": paper.note,
        "advice": asdict(found) | {"means": str(found.means), "why": str(found.why)} if found else None,
        "means": paper.means or None, "reason": paper.reason, "decided_by": person(paper.decided_by),
        "decided_at": paper.decided_at, "car": paper.car.plate if paper.car else None, "driver": person(paper.driver),
        "departed_at": paper.departed_at, "odometer_out": paper.odometer_out, "returned_at": paper.returned_at,
        "odometer_in": paper.odometer_in, "driven": paper.driven, "settled_at": paper.settled_at,
    }  # fmt: skip


DESK = PaperDesk(
    app="dispatch", name="trip", plural="trips", steps=STEPS, view="trip.view", step_action="trip.step",
    rows=selectors.trips_for, sheet=sheets.trip, payload=payload, home=("dispatch:trips", gettext_lazy("Trips")), acts=ACTS,
)  # fmt: skip


@action("trip.view")
@require_GET
def trip_list(request: Any) -> HttpResponse:
    """Trips, newest first: of a stage, or those that this person asked for, goes on or drives."""
    stage, own = word_of(request, "stage", 12), word_of(request, "mine", 1) == "1"
    rows = selectors.trips_for(request.user)
    rows = rows.filter(stage=stage) if stage in TripStage.values else rows
    found, more = by_key(request, rows.filter(involving(request.user)) if own else rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Where to"), ""), (_("When"), ""), (_("Who goes along"), ""),
            (_("Travels by"), ""), (_("Tickets"), "")]  # fmt: skip
    new = [(_("Ask for a trip"), reverse("dispatch:new_trip"))] if may(request.user, "trip.request") else []
    return listed(
        request, _("Trips"), head, [_row(x) for x in found], next=more, buttons=new, tabs=_tabs(stage, own), clause="6.1",
        empty=_("No trip here"), icon="map",
    )  # fmt: skip


def _row(paper: Trip) -> tuple[Any, ...]:
    people = ", ".join(str(row.person) for row in paper.travellers.all())
    by = f"{paper.car} · {paper.driver}" if paper.car else paper.get_means_display() or "–"
    tickets = ", ".join(row.ticket.number for row in paper.served.all())
    return (
        opening(paper.get_absolute_url(), paper.number),
        mark(paper),
        paper.place,
        ways.span(paper, "short"),
        people,
        by,
        tickets,
    )


def _tabs(stage: str, own: bool) -> list[dict[str, Any]]:
    """All, his own, and each stage, one tap away."""
    tabs = [
        {"label": _("All"), "url": "?", "current": not own and stage not in TripStage.values},
        {"label": _("Mine"), "url": "?mine=1", "current": own and stage not in TripStage.values},
    ]
    return tabs + [
        {"label": label, "url": f"?stage={key}{'&mine=1' if own else ''}", "current": key == stage}
        for key, label in TripStage.choices
    ]


# --- a new one
@action("trip.request")
@require_http_methods(["GET", "POST"])
@once
def new_trip(request: Any) -> HttpResponse:
    """Ask for a trip (E01); `?for=BX…` fills in what the ticket knows."""
    ticket = _asked_for(request)
    form = bound(request, NewTripForm, user=request.user, initial=prefilled(ticket, request.user))
    context = {
        "advice": hint(form.data if form.is_bound else form.initial, request),
        "clause": "6.1",
    }
    return fill(
        request, form, trips.request, title=_("Ask for a trip"), label=_("Ask the vehicle manager"),
        back=ticket.get_absolute_url() if ticket else reverse("dispatch:trips"), template="dispatch/new_trip.html", **context,
    )  # fmt: skip


def _asked_for(request: Any) -> Ticket | None:
    """The ticket that was tapped, one of his own; else 404."""
    number = word_of(request, "for", 20)
    if not number:
        return None
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
    if not may(request.user, "trip.request", ticket):
        raise Http404
    return ticket


def prefilled(ticket: Ticket | None, user: Any) -> dict[str, Any]:
    """What the ticket knows: where it is, and when the customer expects somebody (4.4c)."""
    known: dict[str, Any] = {"people": [user.username]}
    if ticket is None:
        return known
    cities = tuple(figures.value("nearby_cities"))
    return known | {
        "tickets": [ticket.number], "place": ticket.region, "city": city_in(ticket.region, cities=cities),
        "leaves_at": ticket.appointment_at, "bulky": "true" if selectors.bulky_lines([ticket]) else None,
    }  # fmt: skip


# --- the advice while one types
@action("trip.request")
@require_GET
def advice(request: Any) -> HttpResponse:
    """What the charter says to what is typed so far (6.1): the form asks for it after every change."""
    return render(request, "dispatch/_advice.html", {"advice": hint(request.GET, request)})


def hint(data: Any, request: Any) -> str:
    """The charter's answer in one sentence, or what it still needs to know, or "" while something is missing."""
    form = WayForm(data)
    form.full_clean()
    facts = form.cleaned_data
    if form.errors or facts["returns_at"] <= facts["leaves_at"]:
        return ""
    day = local_day(facts["leaves_at"])
    near = selectors.nearby(facts["city"], facts["kilometres"], day, _chosen(data, request.user))
    if near is None:
        return str(trips.HOW_FAR)
    same_day = day == local_day(facts["returns_at"])
    return advised(Way(near, facts["easy_access"], facts["severe_weather"], facts["bulky"], same_day))


def _chosen(data: Any, user: Any) -> list[Ticket]:
    """His tickets that are ticked so far."""
    numbers = data.getlist("tickets") if hasattr(data, "getlist") else data.get("tickets", ())
    return list(selectors.own_tickets(user).filter(number__in=[n for n in numbers if "\x00" not in n][:60]))
