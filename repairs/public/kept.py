"""Everything that is kept of a customer on one report, in his words and groups (PIPL 45); departments above add theirs."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aftersales import files
from aftersales.display import moments
from aftersales.phones import show

from ..models import Attachment, CallbackSurvey, ContactAttempt, CustomerNotice, Ticket
from ..selectors import own_attachments
from ..told.table import EVENTS
from . import kept_by_sales
from .story import SHOWN, is_known, typed

Row = tuple[str | Promise, Any]


class Group(NamedTuple):
    """`rows` are (what, value as text)."""

    title: str
    rows: Sequence[Row]


#: what departments above keep of him, asked in the order in which they registered
GROUPS: list[Callable[[Ticket], Group | None]] = []


def groups_of(ticket: Ticket) -> list[Group]:
    """The groups that hold something."""
    own = [_contact(ticket), _report(ticket), _messages(ticket), _pictures(ticket), _calls(ticket), _consents(ticket),
           _quotations(ticket), _surveys(ticket), _told(ticket), *_sales(ticket)]  # fmt: skip
    found = own + [group for group in (ask(ticket) for ask in GROUPS) if group is not None]
    whole = [Group(title, [(what, str(value)) for what, value in rows if value]) for title, rows in found]
    return [group for group in whole if group.rows]


def as_json(ticket: Ticket, at: dt.datetime) -> dict[str, Any]:
    """The same as a file that programs read."""
    groups = [
        {"title": title, "entries": [{"what": str(what), "kept": value} for what, value in rows]}
        for title, rows in groups_of(ticket)
    ]
    return {"report": ticket.number, "written": at.isoformat(timespec="seconds"), "kept": groups}


def when(moment: dt.datetime | None) -> str:
    return moments.when(moment) if moment else ""


def _contact(ticket: Ticket) -> Group:
    person = ticket.contact
    return Group(_("Who you are"), [
        (_("Name"), person.name), (_("Phone"), show(person.phone) if person.phone else ""),
        (_("Second phone"), show(person.alt_phone) if person.alt_phone else ""), (_("Company"), person.organisation),
        (_("Street and number"), person.street), (_("E-mail"), person.email),
        (_("Customer number"), ticket.customer.number if ticket.customer and is_known(ticket) else ""),
    ])  # fmt: skip


def _report(ticket: Ticket) -> Group:
    words, vehicle = ticket.words, typed(ticket)
    return Group(_("Your report"), [
        (_("Number of the report"), ticket.number), (_("Received"), when(ticket.received_at)),
        (_("Fault"), words.symptom), (_("What was tried already"), words.self_checked), (_("When and how"), words.occurred),
        (_("Place"), ticket.region), (_("Vehicle"), f"{vehicle.model} {vehicle.vin}".strip()),
        (_("Position of your phone"), _where(words.position)), (_("Plate or own number"), vehicle.plate),
        (_("Date of delivery"), vehicle.delivered_on),
        (_("Kilometres or hours"), ticket.odometer or ""), (_("Notice on personal data, version"), ticket.privacy_version),
    ])  # fmt: skip


def _where(position: str) -> str:
    """As the form showed it: degrees, and how exact they are."""
    latitude, longitude, accuracy = [*position.split(","), "", ""][:3]
    return f"{latitude}, {longitude}" + (f" (± {accuracy} m)" if accuracy else "") if position else ""


def _messages(ticket: Ticket) -> Group:
    rows = ticket.messages.filter(erased_at=None).select_related("by").order_by("at", "pk")
    return Group(_("Messages"), [(f"{when(row.at)} · {row.by or _('You')}", row.text) for row in rows])


def _pictures(ticket: Ticket) -> Group:
    rows = own_files(ticket)
    return Group(_("Pictures"), [(when(row.at), f"{row.get_kind_display()} · {name}") for name, row in rows])


def own_files(ticket: Ticket) -> list[tuple[str, Attachment]]:
    """What he sent himself, each under the name that it has when he takes it along."""
    found = [(row, files.original_of(row.sha256)) for row in own_attachments(ticket)]
    return [(f"{place}{whole[1] if whole else ''}", row) for place, (row, whole) in enumerate(found, 1)]


def as_files(ticket: Ticket, at: dt.datetime) -> list[tuple[str, bytes | Path]]:
    """Everything to take along: what programs read, and his own pictures and videos as he sent them."""
    text = json.dumps(as_json(ticket, at), ensure_ascii=False, indent=1).encode()
    whole = [(name, files.original_of(row.sha256)) for name, row in own_files(ticket)]
    return [(f"{ticket.number}.json", text), *((name, found[0]) for name, found in whole if found)]


def _calls(ticket: Ticket) -> Group:
    rows: Iterator[ContactAttempt] = ticket.attempts.iterator()
    return Group(
        _("Calls"),
        [(when(row.tried_at), f"{row.get_way_display()} · {row.get_result_display()}") for row in rows],
    )


def _consents(ticket: Ticket) -> Group:
    plans = ticket.plans.filter(self_install_ok=True).order_by("pk")
    agreed = [(_("You agreed to fit the part yourself"), when(plan.consent_at)) for plan in plans]
    signed = [
        (_("Your signature"), f"{when(row.signed_at)} · {row.person.shown_name}{_drawn(row)}")
        for rows in (ticket.consents, ticket.signatures)
        for row in rows.select_related("person").order_by("signed_at")
    ]
    return Group(_("Consent and signatures"), [*agreed, *signed])


def _drawn(row: Any) -> str:
    return f" · {_('drawn with the finger')}" if row.strokes else ""


def _quotations(ticket: Ticket) -> Group:
    rows = ticket.quotations.filter(stage__in=SHOWN).order_by("version")
    return Group(_("Quotations"), [
        (row.number, f"{when(row.sent_at)} · ¥{row.total} · {row.get_stage_display()}") for row in rows
    ])  # fmt: skip


ANSWERS = (
    "resolved", "on_time", "attitude", "quality", "speed", "price_match", "part_quality", "explained", "overall", "intent",
)  # fmt: skip


def _surveys(ticket: Ticket) -> Group:
    found: list[Row] = []
    for survey in ticket.surveys.select_related("words").order_by("pk"):
        found.append((_("Survey of"), when(survey.made_at)))
        found += [(_question(name), _said(survey, name)) for name in ANSWERS]
        words = getattr(survey, "words", None)
        found.append((_("Suggestion"), words.suggestion if words else ""))
    return Group(_("Your answers in surveys"), found)


def _question(name: str) -> Any:
    field: Any = CallbackSurvey._meta.get_field(name)
    return field.verbose_name


def _said(survey: CallbackSurvey, name: str) -> str:
    value = getattr(survey, name)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    display = getattr(survey, f"get_{name}_display", None)
    return str(display() if display and value else value or "")


def _sales(ticket: Ticket) -> list[Group]:
    """What hangs on the customer, not on this report: his only once customer service has said that it is he."""
    if not is_known(ticket):
        return []
    return [
        Group(_("Your wish for a new vehicle"), kept_by_sales.leads(ticket)),
        Group(_("Hand-over of the vehicle"), kept_by_sales.deliveries(ticket)),
    ]


def _told(ticket: Ticket) -> Group:
    done = (CustomerNotice.Status.SENT, CustomerNotice.Status.TOLD, CustomerNotice.Status.UNKNOWN)
    rows = ticket.customer_notices.filter(status__in=done).order_by("settled_at")
    said = [
        f"{EVENTS[row.event].label} · {row.get_channel_display()} · {row.get_status_display()}"
        for row in rows
    ]
    return Group(
        _("What we told you"), [(when(row.settled_at), text) for row, text in zip(rows, said, strict=True)]
    )
