"""Notes, messages, pictures and what the customer does on his private page (A03, A19–A21, G06)."""

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import members
from aftersales import files
from aftersales.charter import Department
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from sales import rights

from .. import events
from ..flow import Stage
from ..models import Attachment, CallbackSurvey, ContactAttempt, Message, Note, Ticket
from ..models.sheets import SurveyWords
from ..selectors import own_attachments
from ..told.writing import overtake, tell_customer
from .closing import note_tries
from .core import act, hands, locked
from .for_parts import payer_of

MAX_FILES = 9


@transaction.atomic
def note(ticket: Ticket, *, by: Any, at: dt.datetime, text: str) -> Note:
    """An internal note (A19); the customer never sees it."""
    row = Note.objects.create(ticket=ticket, at=at, by=by, text=text)
    act(ticket, "note", by=by, at=at)
    return row


@transaction.atomic
def message(
    ticket: Ticket, *, at: dt.datetime, text: str, by: Any = None, kind: str = "message", told: str = "answer"
) -> Message:
    """Customer and company write to each other on the private page (A20). He is `told` of ours; one note for several in a row."""
    row = Message.objects.create(ticket=ticket, at=at, by=by, text=text, kind=kind)
    act(ticket, "message" if kind == "message" else kind, by=by, at=at)
    if by is None:
        _tell_company(ticket, row, at)
    else:
        overtake(ticket, [told], by="message")
        tell_customer(ticket, told, key=row.pk, at=at)
    return row


WISHES = {
    "withdraw": gettext_noop("The customer wishes to withdraw ticket {number}"),
    "rights": gettext_noop("The customer of ticket {number} asks about his personal data"),
}


def _tell_company(ticket: Ticket, row: Message, at: dt.datetime) -> None:
    """A wish is customer service's (A10, A16), a message whoever has the ticket in hand."""
    to_service = row.kind in WISHES or ticket.engineer is None
    tell(
        list(members(Department.SERVICE, at)) if to_service else hands(ticket, at),
        event_key=f"message:{row.pk}",
        at=at,
        url=ticket.get_absolute_url(),
        params={"number": ticket.number},
        title=WISHES.get(row.kind, gettext_noop("The customer wrote on ticket {number}")),
    )


def withdraw_wish(ticket: Ticket, *, at: dt.datetime, text: str) -> Message:
    """The customer wishes to withdraw (A21); customer service cancels."""
    if not ticket.is_open:
        raise OutOfTurn(_("This report is already finished."), "3.1")
    return message(ticket, at=at, text=text, kind="withdraw")


@transaction.atomic
def rights_wish(ticket: Ticket, *, at: dt.datetime, text: str, erase: bool = False) -> Message:
    """The customer asks about his personal data (A16): customer service answers; a wish to be erased also opens the request
    that two leaders carry out (A17)."""
    if erase:
        customer = payer_of(ticket, by=None, at=at)
        rights.wish(customer, about=ticket.number, person=ticket.contact, at=at)
    return message(ticket, at=at, text=text, kind="rights")


@transaction.atomic
def prefer_telling(ticket: Ticket, *, at: dt.datetime, email: str = "", no_notices: bool = False) -> None:
    """The customer says how he is told of this report; that it changed stands in the timeline, the address does not."""
    person = ticket.contact
    person.email, person.no_notices = email, no_notices
    person.save(update_fields=["email", "no_notices"])
    act(ticket, "telling", by=None, at=at, off=no_notices)


@transaction.atomic
def attach(ticket: Ticket, uploads: list[Any], *, at: dt.datetime, by: Any = None) -> list[Attachment]:
    """Keep pictures and videos of a ticket (4.3): at most nine from the customer, while the ticket is open.

    An upload may also be a file that the store has judged already (`sha256`, `kind`, `size`); `about` says what it shows.
    """
    if by is None:
        ticket = locked(ticket)
    if by is None and not ticket.is_open:
        raise OutOfTurn(_("This report is finished; pictures can no longer be added."), "4.3", "photos")
    had = own_attachments(ticket).count() if by is None else 0
    if by is None and had + len(uploads) > MAX_FILES:
        raise BadEntry(_("At most nine pictures and videos belong to one report."), "4.3", "photos")
    rows = [_keep(ticket, upload, at, by) for upload in uploads]
    if rows:
        act(ticket, "attach", by=by, at=at, clause="4.3", files=len(rows))
    return rows


def _keep(ticket: Ticket, upload: Any, at: dt.datetime, by: Any) -> Attachment:
    stored = upload if hasattr(upload, "sha256") else files.take(upload)
    row = Attachment.objects.create(
        ticket=ticket,
        key=secrets.token_hex(16),
        kind=stored.kind,
        sha256=stored.sha256,
        size=stored.size,
        about=getattr(upload, "about", ""),
        at=at,
        by=by,
        round=ticket.round,
    )
    if stored.kind == "image":
        detach_metadata(row)
    return row


def detach_metadata(row: Attachment) -> None:
    """Ask the worker for the picture that people see: without metadata (GPS!), turned upright."""
    events.picture_kept.send(Attachment, attachment=row)


@transaction.atomic
def survey_by_customer(
    ticket: Ticket, *, at: dt.datetime, suggestion: str = "", **answers: Any
) -> CallbackSurvey:
    """The customer fills the survey himself (G06): an attempt that reached him; customer service still closes."""
    ticket = locked(ticket)
    if ticket.stage != Stage.COMPLETED:
        raise OutOfTurn(_("The survey opens when the work is completed."), "3.3")
    if ticket.surveys.filter(round=ticket.round, by_customer=True).exists():
        raise OutOfTurn(_("You have already answered this survey. Thank you."), "3.3")
    survey = CallbackSurvey(
        ticket=ticket,
        round=ticket.round,
        number=next_number("HF", at),
        by_customer=True,
        way="form",
        **answers,
    )
    survey.sign(by=None, at=at, why="survey")
    survey.save()
    if suggestion:
        SurveyWords.objects.create(survey=survey, suggestion=suggestion)
    ContactAttempt.objects.create(
        ticket=ticket,
        round=ticket.round,
        purpose="callback",
        at=at,
        tried_at=at,
        way="form",
        result="reached",
    )
    act(ticket, "survey", by=None, at=at, clause="3.3")
    overtake(ticket, ["completed"], by="survey")
    note_tries(ticket, at=at)
    return survey
