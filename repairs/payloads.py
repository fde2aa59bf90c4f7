"""What the API says of a ticket: plain values, the same that the page shows; and the names it understands."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.access import may
from aftersales.jsonforms import record, schema_of
from aftersales.money import in_words
from deadlines.papers import clock
from deadlines.selectors import clocks

from . import logbook, privacy, rules, steps
from .models import PartsOrder, Quotation, QuotationLine, Ticket
from .rail import idle
from .timeline import entries

#: names of the paper forms (9.1, 9.2) beside those of our screens
ALSO = {"occurred_at": "occurred", "media": "photos", "customer": "organisation", "assigned_to": "engineer"}
SHEET = (
    "number",
    "revision",
    "round",
    "component_serials",
    "warranty_start",
    "warranty_end",
    "in_warranty",
    "first_contact_at",
    "confirmed_symptom",
    "cause_guess",
    "damage_type",
    "damage_evidence",
    "arrived_at",
    "left_at",
    "work_done",
    "result",
    "customer_word",
)
PLAN = (
    "round",
    "turn",
    "plan_type",
    "explanation",
    "needs_parts",
    "told_at",
    "told_how",
    "appointment_at",
    "assembly_notes",
    "risk_text",
    "self_install_ok",
    "consent_at",
    "consent_how",
    "at",
)
SURVEY = (
    "number",
    "round",
    "reached",
    "by_customer",
    "way",
    "resolved",
    "on_time",
    "attitude",
    "quality",
    "speed",
    "price_match",
    "part_quality",
    "explained",
    "overall",
    "reasons",
    "intent",
    "follow_up",
)
TICKET = (
    "vin",
    "model",
    "plate",
    "delivered_on",
    "odometer",
    "region",
    "urgency",
    "drivable",
    "reported_at",
    "received_at",
)
BRIEF = {
    "number": "text", "stage": "text", "stage_label": "text", "round": "int", "channel": "text", "urgency": "text",
    "region": "text", "model": "text", "vin": "text", "contact": "text", "engineer": "Person?", "received_at": "moment",
}  # fmt: skip
SCHEMAS = {
    "Person": record(username="text", name="text"),
    "Reported": record(number="text", token="text"),
    "Taken": record(number="text", stage="text", round="int"),
    "TicketRow": record(**BRIEF),
    "TicketPage": record(results="[TicketRow]", next="text?"),
    "Clock": record(
        rule="text", clause="text", label="text", opened_at="moment", due_at="moment", raw_due_at="moment", met_at="moment?",
        missed_at="moment?", provisional="bool", owner="object",
    ),
    "Step": record(name="text", label="text", clause="text", allowed="bool", why_not="text?", schema="object"),
    "Event": record(at="moment", who="text", name="text", what="text", clause="text", text="text"),
    "Ticket": record(
        **BRIEF, plan_type="text", appointment_at="moment?", state="text", forms="object", part_lines="[object]",
        clocks="[Clock]", steps="[Step]", timeline="[Event]",
    ),
}  # fmt: skip


def pick(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def person(user: Any) -> dict[str, str] | None:
    return {"username": user.username, "name": user.get_full_name()} if user else None


def understood(body: Any) -> Any:
    """The entries with `location` of form 9.1 (省市区+详址) taken apart into region and street."""
    if not isinstance(body, Mapping) or not isinstance(body.get("location"), str):
        return body
    region, street = rules.split_location(body["location"])
    given = {name: value for name, value in dict(body).items() if name != "location"}
    if hasattr(body, "copy") and hasattr(body, "setlist"):
        given = body.copy()  # type: ignore[assignment]  # a browser's form keeps its kind
        del given["location"]
    given.setdefault("region", region)
    given.setdefault("street", street)
    return given


def brief(ticket: Ticket) -> dict[str, Any]:
    """A row of the list."""
    return {
        "number": ticket.number,
        "stage": ticket.stage,
        "stage_label": ticket.stage_label(),
        "round": ticket.round,
        "channel": ticket.channel,
        "urgency": ticket.urgency,
        "region": ticket.region,
        "model": ticket.model,
        "vin": ticket.vin,
        "contact": ticket.contact.shown_name,
        "engineer": person(ticket.engineer),
        "received_at": ticket.received_at,
    }


def whole(ticket: Ticket, user: Any, at: Any, part_lines: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Everything on the ticket's page: stage, forms, part lines (the warehouse's, given by the shell), clocks, steps, timeline.

    `state` may be sent back with a step as `seen`: then a paper that moved meanwhile refuses it.
    """
    lines = logbook.read(ticket)
    return {
        **brief(ticket),
        "plan_type": ticket.plan_type,
        "appointment_at": ticket.appointment_at,
        "state": steps.seen(ticket),
        "forms": forms(ticket, user),
        "part_lines": part_lines,
        "clocks": [clock(c) for c in clocks(ticket, at)],
        "steps": [
            step(ticket, s, why, user)
            for s, why in steps.offered(ticket, user)
            if not idle(s.name, ticket, lines)
        ],
        "timeline": [e.as_json() for e in entries(ticket, user, lines)],
    }


def forms(ticket: Ticket, user: Any) -> dict[str, Any]:
    """Forms 9.1, 9.2 and 9.5 as far as they are filled (G02: the survey is not for the engineer)."""
    record_ = getattr(ticket, "intake", None)
    surveys = [pick(s, SURVEY) for s in ticket.surveys.all()] if may(user, "revisit.view", ticket) else []
    return {
        "report": pick(ticket, TICKET)
        | contact(ticket, user)
        | pick(ticket.words, ("symptom", "self_checked", "occurred"))
        | {"tried": ticket.words.tried.article.key if ticket.words.tried else None},
        "intake_record": pick(record_, ("number", "revision", "slot", "remark")) if record_ else None,
        "repair_orders": [pick(s, SHEET) for s in ticket.sheets.all()],
        "plans": [pick(p, PLAN) for p in ticket.plans.all()],
        "callback_surveys": surveys,
    }


def contact(ticket: Ticket, user: Any) -> dict[str, Any]:
    """Phone and street plain only for whom A12 and A18 allow them; else masked and left out (A13)."""
    who = ticket.contact
    found = {"contact": who.shown_name, "organisation": who.organisation, "phone": who.masked_phone}
    if privacy.plain_for(user, ticket):
        found |= {"phone": who.phone, "alt_phone": who.alt_phone}
    if privacy.street_for(user, ticket):
        found |= {
            "street": who.street,
            "location": f"{ticket.region}{who.street}",
            "position": ticket.words.position,
        }
    return found


def step(ticket: Ticket, row: steps.Step, why: Any, user: Any) -> dict[str, Any]:
    """A step as one person meets it now; what the paper already says need not be sent again."""
    form = row.form(ticket=ticket, user=user)
    return {
        "name": row.name,
        "label": str(row.label),
        "clause": row.clause,
        "allowed": why is None,
        "why_not": str(why) if why else None,
        "schema": schema_of(form, ALSO),
    }


LINE = ("position", "kind", "code", "name", "spec", "unit")
QUOTE = (
    "version", "round", "valid_until", "terms", "old_parts", "delivery", "warranty_note", "invoice_title", "invoice_tax_number",
    "has_discount", "approved_at", "sent_at", "answered_at", "answered_how", "answered_said_at", "reason",
)  # fmt: skip


def quotation(quote: Quotation, user: Any) -> dict[str, Any]:
    """A quotation's own facts; amounts are texts with two decimals, so that nothing is rounded on the way."""
    return {
        "ticket": quote.ticket.number if quote.ticket else None, "order": quote.order.number if quote.order else None,
        **pick(quote, QUOTE), "total": f"{quote.total:.2f}", "total_in_words": in_words(quote.total),
        "lines": [quote_line(line) for line in quote.lines.all()],
        "made_by": person(quote.made_by), "approved_by": person(quote.approved_by), "answered_by": person(quote.answered_by),
    }  # fmt: skip


def quote_line(line: QuotationLine) -> dict[str, Any]:
    """`discount` in percent, as the form asks for it."""
    return pick(line, LINE) | {
        "quantity": f"{line.quantity:.2f}", "unit_price": f"{line.unit_price:.2f}", "tax_rate": f"{line.tax_rate:.2f}",
        "discount": int(line.discount * 100), "amount": f"{line.amount:.2f}",
    }  # fmt: skip


def order(row: PartsOrder, user: Any) -> dict[str, Any]:
    """A parts-only order; its page shows the phone in plain to whom it may, and writes the look down."""
    who = row.contact
    return {
        "customer": row.customer.number, "contact": who.shown_name, "organisation": who.organisation, "phone": who.masked_phone,
        "engineer": person(row.engineer), "remark": row.remark,
    }  # fmt: skip


def step_schemas() -> dict[str, dict[str, Any]]:
    """The forms of all steps: one component each, named after the step."""
    return {
        component(s): {"title": str(s.label), **_with_seen(schema_of(s.form(), ALSO))}
        for s in steps.STEPS.values()
    }


def component(row: steps.Step) -> str:
    """`hand_over` → `HandOverStep`."""
    return "".join(word.title() for word in row.name.split("_")) + "Step"


def _with_seen(schema: dict[str, Any]) -> dict[str, Any]:
    seen = {"type": "string", "description": "`state` of the ticket as you read it"}
    return schema | {"properties": schema["properties"] | {"seen": seen}}


def status(ticket: Ticket) -> dict[str, Any]:
    """What the customer's own page says first: where his report stands, and nobody's name."""
    return {
        "number": ticket.number, "stage": ticket.stage, "stage_label": ticket.stage_label(), "received_at": ticket.received_at,
        "completed_at": ticket.completed_at,
    }  # fmt: skip
