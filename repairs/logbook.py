"""Everything that is written beside a ticket, read in ONE statement however much there is (performance P5)."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from aftersales.kept import Kept

from .models import (
    Attachment,
    ConsentSignature,
    ContactAttempt,
    CrewMember,
    CustomerNotice,
    Message,
    Note,
    Quotation,
    Signature,
    Ticket,
    TicketEvent,
    WriteOff,
)

COLUMNS = ("l_kind", "l_pk", "l_at", "l_later", "l_by", "l_who", "l_round", "l_a", "l_b", "l_c", "l_d")


@dataclass(slots=True)
class Line:
    """One row of any of the eleven tables. `later` is a second moment (of the call, of leaving);
    what `a` to `d` mean depends on the table, see `ARMS`."""

    kind: str
    pk: int
    at: dt.datetime
    later: dt.datetime | None
    by: int | None
    who: str | None
    round: int
    a: str
    b: str
    c: str
    d: str

    @property
    def data(self) -> dict[str, Any]:
        """An event's `data`, a notice's `params`."""
        return json.loads(self.d) if self.kind in ("event", "notice") and self.d else {}


def _text(name: str) -> Any:
    return Cast(F(name), TextField()) if name else Value("", TextField())


def _arm(
    model: Any,
    ticket: int,
    *,
    kind: str,
    at: str = "at",
    later: str = "",
    by: str = "by",
    pk: str = "pk",
    round: str = "round",
    a: str = "",
    b: str = "",
    c: str = "",
    d: str = "",
    **narrow: Any,
) -> QuerySet[Any, Any]:
    rows = model.objects.filter(ticket=ticket, **narrow).order_by()
    return rows.annotate(
        l_kind=Value(kind, CharField()), l_pk=F(pk), l_at=F(at),
        l_later=F(later) if later else Cast(Value(None), DateTimeField()),
        l_by=F(f"{by}_id"), l_who=F(f"{by}__name"), l_round=F(round) if round else Value(0, IntegerField()),
        l_a=_text(a), l_b=_text(b), l_c=_text(c), l_d=_text(d),
    ).values_list(*COLUMNS)  # fmt: skip


def _everything(ticket: int) -> QuerySet[Any, Any]:
    arms = [
        _arm(
            ContactAttempt, ticket, kind="call", later="tried_at", a="purpose", b="note", c="way", d="result"
        ),
        _arm(TicketEvent, ticket, kind="event", a="name", b="why", c="clause", d="data"),
        _arm(Note, ticket, kind="note", round="", b="text"),
        _arm(Message, ticket, kind="message", round="", a="kind", b="text"),
        _arm(Attachment, ticket, kind="file", a="kind", b="key", c="sha256", d="about", erased_at=None),
        _arm(CrewMember, ticket, kind="crew", at="since", later="until", by="user", round=""),
        _arm(
            Signature, ticket, kind="signature", at="signed_at", by="witness", a="person__name", b="strokes"
        ),
        _arm(
            ConsentSignature,
            ticket,
            kind="consent",
            at="signed_at",
            by="plan__by",
            pk="plan_id",
            a="person__name",
            b="strokes",
        ),
        _arm(
            CustomerNotice,
            ticket,
            kind="notice",
            at="created_at",
            later="not_before",
            round="",
            a="event",
            b="status",
            c="channel",
            d="params",
            status__in=["waiting", "failed", "unknown"],
        ),
        _arm(WriteOff, ticket, kind="write_off", at="confirmed_at", by="confirmed_by"),
        _arm(
            Quotation,
            ticket,
            kind="quotation",
            at="made_at",
            later="sent_at",
            by="made_by",
            a="number",
            b="stage",
            c="total",
            d="valid_until",
        ),
    ]
    return arms[0].union(*arms[1:], all=True)


_READ = Kept(_everything)


def read(ticket: Ticket) -> list[Line]:
    """Events, calls, notes, messages, pictures, crew, signatures, consents, what the customer is to be told, write-offs and
    quotations of a ticket, oldest first."""
    lines = [Line(*row) for row in _READ(ticket.pk)]
    return sorted(lines, key=lambda line: (line.at, line.kind != "event", line.pk))
