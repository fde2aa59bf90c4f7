"""The records behind a printed form, and what of them this reader may see (A12, A13, A18, G02)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deadlines.selectors import due_of

from .. import logbook, privacy, selectors
from ..models import CallbackSurvey, Plan, RepairSheet, Ticket, WriteOff

CONTACTED = ("reach", "contact")
HANDED = ("hand_over", "reassign", "send_back", "reopen")


class Blank:
    """A sheet that nobody has written yet: every entry is empty room to write."""

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> None:
        return None


BLANK: Any = Blank()


@dataclass
class Signed:
    """One sheet of parts as finance signs it (⑦): texts, days and moments as they stand on paper; `case` is a, b or c."""

    number: str
    case: str
    due: str
    payer: str
    paid: str = ""
    paid_on: str = ""
    receipt: str = ""
    consent: str = ""
    agreed_day: Any = ""
    opinion: str = ""
    signer: str = ""
    signed_at: Any = ""
    digests: str = ""


@dataclass
class Beside:
    """What departments above know of the ticket in this round: a row of each table of ⑥, the sheets of ⑦."""

    parts: list[Sequence[Any]] = field(default_factory=list)
    issued: list[Sequence[Any]] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)


@dataclass
class Record:
    """One ticket in one round, as one person may see it. `surveys` is None for whom G02 does not name."""

    ticket: Ticket
    round: int
    by: Any
    at: dt.datetime
    plain: bool
    street: bool
    full: bool
    lines: list[logbook.Line]
    order: RepairSheet | None = None
    plan: Plan | None = None
    surveys: list[CallbackSurvey] | None = None
    write_offs: list[WriteOff] | None = None
    callback_due: dt.datetime | None = None
    own: bool = False
    quotes: list[str] = field(default_factory=list)
    beside: Beside = field(default_factory=Beside)

    @property
    def home(self) -> Ticket:
        """The page to which the paper's code leads."""
        return self.ticket

    def events(self, *names: str, round: int | None = None) -> list[logbook.Line]:
        """The entries of the timeline with these names, oldest first."""
        return [
            line for line in self.lines
            if line.kind == "event" and line.a in names and (round is None or line.round == round)
        ]  # fmt: skip

    def last(self, *names: str) -> logbook.Line | None:
        """The last such entry of this round."""
        return next(reversed(self.events(*names, round=self.round)), None)

    def named(self, paper: str) -> str:
        """Numbers of the papers of departments above that this round's timeline names: its `trip`s, its quality `report`."""
        found = (
            line.data.get(paper) for line in self.lines if line.kind == "event" and line.round == self.round
        )
        return ", ".join(dict.fromkeys(str(number) for number in found if number))

    @property
    def handed(self) -> logbook.Line | None:
        """How the ticket came to its present engineer."""
        return next(reversed(self.events(*HANDED)), None)

    def of(self, kind: str) -> list[logbook.Line]:
        return [line for line in self.lines if line.kind == kind]

    def survey(self, round: int | None = None) -> CallbackSurvey | None:
        """Form 9.5 of a round: customer service's, or (`own`, or where there is no other) the customer's."""
        found = [s for s in self.surveys or [] if s.round == (round or self.round)]
        return next(iter(sorted(found, key=lambda s: s.by_customer != self.own)), None)


def read(ticket: Ticket, *, by: Any, at: dt.datetime, round: int | None = None, own: bool = False) -> Record:
    """Everything that the forms of a ticket say, in a fixed number of statements."""
    number = round or ticket.round
    hands = ("made_by", "changed_by")
    return Record(
        ticket=ticket, round=number, by=by, at=at, own=own, plain=privacy.plain_for(by, ticket),
        street=privacy.street_for(by, ticket), full=by.has_perm("ticket.view_full", ticket), lines=logbook.read(ticket),
        order=ticket.sheets.filter(round=number).select_related(*hands).first(),
        plan=ticket.plans.filter(round=number).select_related("by").last(),
        surveys=selectors.surveys_for(by, ticket),
        write_offs=list(ticket.write_offs.select_related("asked_by", "confirmed_by").order_by("round")),
        callback_due=due_of(ticket, "callback"),
        quotes=list(ticket.quotations.filter(round=number).order_by("version").values_list("number", flat=True)),
    )  # fmt: skip
