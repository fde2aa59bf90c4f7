"""One timeline of everything that happened on a ticket, with who and when, newest last."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Ticket, TicketEvent

ACTS: dict[str, str | Promise] = {
    "report": _("Reported on the website"), "phone_in": _("Reported by phone"), "relay": _("Relayed by sales"),
    "merged_in": _("Another report was merged into this one"), "consent": _("Customer agreed to fit the part himself"),
    "withdraw": _("Customer wishes to withdraw"), "survey": _("Customer answered the survey"), "rights": _("Customer asks for his data rights"),
    "close": _("Called back, solved"), "send_back": _("Called back, not solved"), "crew_add": _("Colleague joined"),
    "crew_leave": _("Colleague left"), "attach": _("Pictures added"), "note": _("Internal note"), "message": _("Message"),
}


@dataclass
class Entry:
    """`changes` are (label, before, after); `text` is somebody's words; `internal` never reaches the customer."""

    at: dt.datetime
    who: str
    what: str
    clause: str = ""
    text: str = ""
    name: str = ""
    tone: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at, "who": self.who, "name": self.name, "what": self.what, "clause": self.clause, "text": self.text}


def label_of(name: str) -> str:
    from .steps import STEPS

    if name in ACTS:
        return str(ACTS[name])
    return str(STEPS[name].label) if name in STEPS else name


def who_of(row: TicketEvent) -> str:
    return row.by.get_full_name() if row.by else str(row.get_actor_display())


def entries(ticket: Ticket, user: Any = None) -> list[Entry]:
    """Events with the words that belong to them: the note, the message, the reason."""
    texts = _texts(ticket)
    found = []
    for row in ticket.events.select_related("by"):
        text = row.why or texts.get((row.name, row.at), "")
        found.append(Entry(row.at, who_of(row), label_of(row.name), row.clause, text, row.name))
    return found


def _texts(ticket: Ticket) -> dict[tuple[str, dt.datetime], str]:
    words = {("note", n.at): n.text for n in ticket.notes.all()}
    words |= {(m.kind, m.at): m.text for m in ticket.messages.all()}
    return words
