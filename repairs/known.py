"""Who is calling: what the company knows of a phone number, while the customer still says hello (3.1)."""

import json
from dataclasses import dataclass
from typing import Any

from accounts.access import may
from sales.models import Person, Vehicle
from sales.selectors import by_phone, customers_for

from .flow import OPEN
from .models import Ticket

MOST = 5
SHORTEST = 7  # digits of a number that can be called


@dataclass
class Known:
    """`fill` are JSON texts that the page puts into the form at a click."""

    persons: list[dict[str, Any]]
    vehicles: list[dict[str, Any]]
    tickets: list[Ticket]

    def __bool__(self) -> bool:
        return bool(self.persons or self.tickets)


def known_by(phone: str, user: Any) -> Known:
    """Persons with this number (each name once), the vehicles of their customers, and what is open or was here lately."""
    letter = user.cell("customer.phone_reveal")
    if letter == "-" or len(phone) < SHORTEST:
        return Known([], [], [])
    persons = by_phone(phone)
    rows = list((persons if letter == "Y" else persons.filter(customer__in=customers_for(user)))[:40])
    customers = {row.customer_id for row in rows if row.customer_id}
    vehicles = (
        Vehicle.objects.filter(customer__in=customers).select_related("model").order_by("-pk")[:MOST]
        if customers
        else []
    )
    tickets = (
        Ticket.objects.visible_to(user).filter(contact__in=[row.pk for row in rows])
        if rows
        else Ticket.objects.none()
    )
    latest = sorted(tickets.order_by("-pk")[:MOST], key=lambda t: t.stage not in OPEN)
    return Known(
        _persons(rows, street=may(user, "shipment.address")), [_vehicle(v) for v in vehicles], latest
    )


def _persons(rows: list[Person], street: bool) -> list[dict[str, Any]]:
    """Street and second phone for whom the policy shows the street (A18); the number itself he typed."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        entries = {
            "contact": row.name,
            "organisation": row.organisation,
            **({"street": row.street, "alt_phone": row.alt_phone} if street else {}),
        }
        fill = json.dumps({k: v for k, v in entries.items() if v})
        seen.setdefault((row.name, row.organisation), {"person": row, "fill": fill})
    return list(seen.values())[:MOST]


def _vehicle(row: Vehicle) -> dict[str, Any]:
    entries = {
        "vin": row.vin,
        "model": row.model.name,
        "plate": row.plate,
        "delivered_on": str(row.delivered_on or ""),
    }
    return {"vehicle": row, "fill": json.dumps({k: v for k, v in entries.items() if v})}
