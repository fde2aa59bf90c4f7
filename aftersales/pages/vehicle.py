"""A vehicle's one life: delivery, warranty by part group, every ticket, and a label that opens its report."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import action, may
from aftersales.display import moments
from aftersales.display.marks import code
from aftersales.limits import local_day
from catalogue.models import PartGroup
from catalogue.rules import in_warranty
from catalogue.selectors import warranties
from parts.models import ReleaseLine
from repairs.models import Ticket
from sales.labels import way_of
from sales.models import Vehicle
from sales.selectors import vehicles_for

from .vehicle_life import Moment
from .vehicle_life import life as life_of

MOST = 200


@dataclass
class Seen:
    """A vehicle with everything about it that one person may see."""

    vehicle: Vehicle
    tickets: list[Ticket]
    fitted: list[ReleaseLine]
    life: list[Moment]
    warranties: list[dict[str, Any]]


def seen(request: Any, vin: str) -> Seen:
    rows = vehicles_for(request.user).select_related("model", "customer__person", "seller")
    found = get_object_or_404(rows, vin=vin)
    visible = (
        Ticket.objects.visible_to(request.user).filter(vehicle=found).select_related("engineer", "words")
    )
    tickets = list(visible.order_by("-pk")[:MOST])
    lines = fitted(found, tickets)
    life = life_of(found, request.user, tickets, lines)
    return Seen(found, tickets, lines, life, _warranties(found, tickets, request.arrived_at))


@action("vehicle.view")
@require_GET
def vehicle(request: Any, vin: str) -> HttpResponse:
    shown = seen(request, vin)
    found, user = shown.vehicle, request.user
    address = request.build_absolute_uri(way_of(found))
    recorded = found.deliveries.filter(current=True).exists()
    context = {
        "vehicle": found, "tickets": shown.tickets, "warranties": shown.warranties, "facts": facts(found, user),
        "fitted": shown.fitted, "codes": found.part_codes.select_related("part", "ticket")[:MOST], "life": shown.life,
        "label": code(address), "address": address, "may_write": user.has_perm("customer_vehicle.write", found),
        "may_report": may(user, "report.create_by_phone"), "may_deliver": not recorded and may(user, "delivery.brief", found),
    }  # fmt: skip
    return render(request, "pages/label.html" if "label" in request.GET else "pages/vehicle.html", context)


def fitted(found: Any, tickets: list[Ticket]) -> list[ReleaseLine]:
    """The parts that went into it, newest ticket first; of the tickets that this person may see."""
    lines = ReleaseLine.objects.filter(release__ticket__in=tickets, used__gt=0)
    return list(lines.select_related("part", "release__ticket").order_by("-release_id", "position")[:MOST])


def facts(found: Any, user: Any) -> list[tuple[Any, ...]]:
    """What is known of it; the customer by number and organisation, for whom may open him."""
    rows = [
        (_("Model"), str(found.model)),
        (_("Plate or own number"), found.plate),
        (_("Date of manufacture"), found.built_on),
    ]
    rows += [
        (_("Delivered"), found.delivered_on),
        (_("Motor number"), found.motor_no),
        (_("Battery number"), found.battery_no),
    ]
    rows += [(_("Controller number"), found.controller_no), (_("Salesperson"), found.seller)]
    if found.customer is not None and user.has_perm("customer.view", found.customer):
        rows.insert(0, (_("Customer"), _link(found.customer)))
    return [
        (name, moments.when(value) if isinstance(value, dt.date) else value) for name, value in rows if value
    ]


def _link(customer: Any) -> SafeString:
    words = customer.person.organisation or customer.person.shown_name
    return format_html('<a href="{}">{} {}</a>', customer.get_absolute_url(), customer.number, words)


def _warranties(found: Any, tickets: list[Ticket], at: Any) -> list[dict[str, Any]]:
    """Per part group that has a term of its own, and the whole vehicle; the meter as last read."""
    if found.delivered_on is None:
        return []
    meter = max((t.odometer for t in tickets if t.odometer), default=None)
    rows = []
    for group, term in warranties(found.model, found.delivered_on):
        limit = term.hours if found.model.counts_hours else term.km
        holds = in_warranty(local_day(at), term.end, meter, limit)
        rows.append(
            {
                "group": PartGroup(group).label,
                "term": term,
                "limit": limit,
                "meter": f"{limit:,}" if limit else "–",
                "holds": holds,
            }
        )
    return rows
