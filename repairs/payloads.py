"""What the API says of a ticket: plain values, the same that the page shows."""

from typing import Any

from accounts.access import may
from aftersales.jsonforms import schema_of
from deadlines.selectors import clocks

from . import steps
from .models import Ticket
from .timeline import entries

SHEET = (
    "number", "revision", "round", "component_serials", "warranty_start", "warranty_end", "in_warranty", "first_contact_at",
    "confirmed_symptom", "cause_guess", "damage_type", "damage_evidence", "arrived_at", "left_at", "work_done", "result",
    "customer_word",
)
PLAN = (
    "round", "turn", "plan_type", "explanation", "needs_parts", "told_at", "told_how", "appointment_at", "assembly_notes",
    "risk_text", "self_install_ok", "consent_at", "consent_how", "at",
)
SURVEY = (
    "number", "round", "reached", "by_customer", "way", "resolved", "on_time", "attitude", "quality", "speed", "price_match",
    "part_quality", "explained", "overall", "reasons", "intent", "follow_up",
)
TICKET = ("vin", "model", "plate", "delivered_on", "odometer", "region", "urgency", "drivable", "reported_at", "received_at")


def pick(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def person(user: Any) -> dict[str, str] | None:
    return {"username": user.username, "name": user.get_full_name()} if user else None


def brief(ticket: Ticket) -> dict[str, Any]:
    """A row of the list."""
    return {
        "number": ticket.number, "stage": ticket.stage, "stage_label": ticket.stage_label(), "round": ticket.round,
        "channel": ticket.channel, "urgency": ticket.urgency, "region": ticket.region, "model": ticket.model, "vin": ticket.vin,
        "contact": ticket.contact.shown_name, "engineer": person(ticket.engineer), "received_at": ticket.received_at,
    }


def whole(ticket: Ticket, user: Any, at: Any) -> dict[str, Any]:
    """Everything on the ticket's page: stage, forms, part lines, clocks, steps, timeline."""
    return {
        **brief(ticket),
        "plan_type": ticket.plan_type,
        "appointment_at": ticket.appointment_at,
        "forms": forms(ticket, user),
        "part_lines": [],
        "clocks": [clock(c) for c in clocks(ticket, at)],
        "steps": [step(ticket, s, why, user) for s, why in steps.offered(ticket, user)],
        "timeline": [e.as_json() for e in entries(ticket, user)],
    }


def forms(ticket: Ticket, user: Any) -> dict[str, Any]:
    """Forms 9.1, 9.2 and 9.5 as far as they are filled (G02: the survey is not for the engineer)."""
    record = getattr(ticket, "intake", None)
    surveys = [pick(s, SURVEY) for s in ticket.surveys.all()] if may(user, "revisit.view", ticket) else []
    return {
        "report": pick(ticket, TICKET) | contact(ticket, user) | pick(ticket.words, ("symptom", "self_checked", "occurred")),
        "intake_record": pick(record, ("number", "revision", "slot", "remark")) if record else None,
        "repair_orders": [pick(s, SHEET) for s in ticket.sheets.all()],
        "plans": [pick(p, PLAN) for p in ticket.plans.all()],
        "callback_surveys": surveys,
    }


def contact(ticket: Ticket, user: Any) -> dict[str, Any]:
    """Phone plain only for whom A12 allows it; else masked and without street (A13)."""
    who = ticket.contact
    found = {"contact": who.shown_name, "organisation": who.organisation, "phone": who.masked_phone}
    if may(user, "ticket.view_full", ticket) and user.sees_phones_plainly(ticket):
        found |= {"phone": who.phone, "alt_phone": who.alt_phone, "street": who.street}
    return found


def clock(row: Any) -> dict[str, Any]:
    return {
        "rule": row.rule, "clause": row.clause, "label": str(row.label), "opened_at": row.opened_at, "due_at": row.due_at,
        "raw_due_at": row.raw_due_at, "met_at": row.met_at, "missed_at": row.missed_at, "provisional": row.provisional,
        "owner": person(row.assignee) or {"department": row.department},
    }


def step(ticket: Ticket, row: steps.Step, why: Any, user: Any) -> dict[str, Any]:
    form = row.form(ticket=ticket, user=user)
    return {
        "name": row.name, "label": str(row.label), "clause": row.clause, "allowed": why is None,
        "why_not": str(why) if why else None, "schema": schema_of(form),
    }
