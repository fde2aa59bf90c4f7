"""One timeline of everything that happened on a ticket, with who and when, oldest first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.access import may

from . import changes, logbook
from .flow import PlanType
from .logbook import Line
from .models import Attachment, ContactAttempt, CustomerNotice, Ticket
from .told.table import EVENTS

ACTS: dict[str, str | Promise] = {
    "report": _("Reported on the website"), "phone_in": _("Reported by phone"), "relay": _("Relayed by sales"),
    "merged_in": _("Another report was merged into this one"),
    "consent": _("Customer agreed to fit the part himself"), "withdraw": _("Customer wishes to withdraw"),
    "survey": _("Customer answered the survey"), "rights": _("Customer asks for his data rights"),
    "close": _("Called back, solved"), "send_back": _("Called back, not solved"),
    "crew_add": _("Colleague joined"), "crew_leave": _("Colleague left"), "attach": _("Pictures added"),
    "note": _("Internal note"), "message": _("Message"), "plan": _("Plan made"), "reach": _("Customer reached"),
    "begin": _("Service begun"), "complete": _("Completed"), "merge": _("Merged into another ticket"),
    "accept": _("Accepted and recorded"), "hand_over": _("Handed over"), "reassign": _("Re-assigned"),
    "cancel": _("Cancelled"), "reopen": _("Reopened"), "replan": _("To be planned anew"),
    "write_off": _("Record 9.1 written off"), "close_unreached": _("Closed as not reached"),
    "edit_record": _("Record 9.1 corrected"), "edit_sheet": _("Repair order corrected"),
    "match_vehicle": _("Vehicle matched"), "ask_replacement": _("Engineer asks to be replaced"),
    "pause_plan": _("Plan clock paused"),
    "release_drafted": _("Parts asked for"), "release_submitted": _("Parts submitted to finance"),
    "release_signed": _("Parts signed by finance"), "release_rejected": _("Parts rejected by finance"),
    "release_revoked": _("Signature on parts revoked"), "release_cancelled": _("Release cancelled"),
    "release_split": _("What was short split off"), "parts_issued": _("Parts issued"), "line_struck": _("Part line struck"),
    "parts_declared": _("Parts declared used or unused"), "parts_handed_in": _("Parts handed in"),
    "return_confirmed": _("Return confirmed by the warehouse"), "return_refused": _("Return refused by the warehouse"),
    "old_part_waived": _("Old part waived by finance"), "old_part_charged": _("Old part charged for good"),
    "release_changed": _("Signature lost by a change"),
    "awaiting_accepted": _("Customer accepts what stands charged until the old part is back"),
    "trip_requested": _("Trip asked for"), "trip_approved": _("Trip approved"), "trip_refused": _("Trip refused"),
    "trip_cancelled": _("Trip cancelled"), "trip_departed": _("Departed"), "trip_returned": _("Back from the trip"),
    "trip_settled": _("Trip settled"), "trip_opened_again": _("Trip open again: a claim was written"),
    "quality_opened": _("Quality report begun"), "quality_reported": _("Quality report submitted"),
    "payment_arrived": _("Money arrived"), "payment_reversed": _("Receipt reversed"),
    "money_in_transit": _("Money taken on site"), "money_in_transit_refused": _("Money taken on site: not confirmed"),
    "line_rerated": _("Damage judged anew"), "parts_ready": _("Parts are already signed"),
    "parcel_packed": _("Parcel packed"), "parcel_sent": _("Parcel sent"), "parcel_delivered": _("Parcel delivered"),
    "parcel_sent_back": _("Parts sent back to us"),
    "quote_draft": _("Quotation drafted"), "quote_approve": _("Discount approved"), "quote_send": _("Quotation sent"),
    "quote_accept": _("Quotation accepted"), "quote_decline": _("Quotation declined"),
    "quote_withdraw": _("Quotation taken back"),
    "dispute_raised": _("The customer disputes a decision"), "dispute_answered": _("Dispute answered by technical"),
    "judgement": _("Customer told of the judgement"),
    "customer_told": _("Customer told"), "telling": _("Customer chose how he is told"),
    "my_data": _("Customer looked at his data"),
    "campaign": _("Opened by a service campaign"),
}  # fmt: skip

ICONS = {
    "report": "globe-alt", "phone_in": "phone-arrow-down-left", "relay": "paper-airplane", "accept": "clipboard-document-check",
    "hand_over": "arrow-right-circle", "reassign": "arrow-path-rounded-square", "reach": "phone", "attempt": "phone",
    "plan": "light-bulb", "replan": "arrow-uturn-left", "consent": "hand-thumb-up", "begin": "wrench-screwdriver",
    "complete": "check-circle", "close": "face-smile", "close_unreached": "phone-x-mark", "send_back": "arrow-uturn-left",
    "reopen": "arrow-uturn-left", "cancel": "x-circle", "merge": "arrows-pointing-in", "merged_in": "arrows-pointing-in",
    "note": "document-text", "message": "chat-bubble-left-right", "withdraw": "hand-raised", "attach": "photo",
    "edit_record": "pencil-square", "edit_sheet": "pencil-square", "match_vehicle": "truck", "crew_add": "user-plus",
    "crew_leave": "user-minus", "write_off": "document-check", "pause_plan": "pause-circle", "survey": "star",
    "ask_replacement": "hand-raised", "unreachable": "phone-x-mark", "quote_draft": "document-text",
    "quote_approve": "document-check", "quote_send": "paper-airplane", "quote_accept": "hand-thumb-up",
    "quote_decline": "x-circle", "quote_withdraw": "arrow-uturn-left", "quality_opened": "beaker", "quality_reported": "beaker",
    "customer_told": "paper-airplane",
}  # fmt: skip
TONES = {
    "send_back": "danger", "cancel": "quiet", "merge": "quiet", "reopen": "warning", "replan": "warning", "close": "success",
    "complete": "success", "withdraw": "warning", "accept": "accent", "hand_over": "accent", "reassign": "accent",
    "reach": "accent", "plan": "accent", "begin": "accent", "ask_replacement": "warning", "unreachable": "danger",
    "quote_send": "accent", "quote_accept": "success", "quote_decline": "warning",
}  # fmt: skip


@dataclass
class Entry:
    """`changes` are (label, before, after); `text` is somebody's words; `files` are for `_thumbs.html`."""

    at: dt.datetime
    who: str
    what: str
    clause: str = ""
    text: str = ""
    name: str = ""
    tone: str = ""
    icon: str = "document-text"
    round: int = 0
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "who": self.who,
            "name": self.name,
            "what": self.what,
            "clause": self.clause,
            "text": self.text,
        }


def label_of(name: str) -> str:
    from .steps import STEPS

    if name in ACTS:
        return str(ACTS[name])
    return str(STEPS[name].label) if name in STEPS else name


def entries(
    ticket: Ticket,
    user: Any = None,
    lines: Iterable[Line] | None = None,
    differences: changes.Differences | None = None,
) -> list[Entry]:
    """Events with the words, pictures and differences that belong to them. What the customer and the company wrote to
    each other is only for who may see the whole ticket (A12)."""
    lines = list(logbook.read(ticket) if lines is None else lines)
    words = _words(lines, user is None or may(user, "ticket.view_full", ticket))
    people = names(ticket, lines)
    found = [_entry(line, words, people, lines) for line in lines if line.kind == "event"]
    for entry in found:
        entry.changes = (differences or {}).get(entry.at, [])
    return found


def names(ticket: Ticket, lines: Iterable[Line]) -> dict[int, str]:
    """Everybody who is named on the ticket, by id."""
    found: dict[int, str] = {line.by: line.who for line in lines if line.by and line.who}
    if ticket.engineer is not None:
        found[ticket.engineer.pk] = ticket.engineer.get_full_name()
    return found


def _entry(
    line: Line, words: dict[tuple[str, dt.datetime], str], people: dict[int, str], lines: list[Line]
) -> Entry:
    who = line.who or (str(_("The customer")) if line.by is None and line.a not in BY_PORTAL else "")
    if line.data.get("for"):
        who = _now("{deputy} for {name}").format(deputy=who, name=people.get(line.data["for"], "–"))
    what = label_of(line.a)
    told = _told(line, people)
    text = line.b or words.get((line.a, line.at), "")
    return Entry(
        line.at, who, f"{what}{told}", line.c, text, line.a, TONES.get(line.a, ""),
        ICONS.get(line.a, "document-text"), line.round, files=_files(line, lines),
    )  # fmt: skip


def _told(line: Line, people: dict[int, str]) -> str:
    """The one fact that makes an entry readable without opening it."""
    data = line.data
    if line.a == "attempt":
        return f" · {ContactAttempt.Result(data['result']).label}"
    if line.a in ("hand_over", "reassign", "send_back", "reopen") and data.get("engineer"):
        turn = (
            " · " + _now("round {number}").format(number=line.round)
            if line.a in ("send_back", "reopen")
            else ""
        )
        return f" → {people.get(data['engineer'], '#' + str(data['engineer']))}{turn}"
    if line.a in ("crew_add", "crew_leave"):
        return f" · {people.get(data.get('user', 0), '')}"
    if line.a == "plan":
        return f" · {PlanType(data['plan']).label}" if data.get("plan") else ""
    if line.a.startswith("quote_"):
        return f" · {data.get('number', '')}"
    if line.a in ("merge", "merged_in"):
        return f" · {data.get('into') or data.get('number', '')}"
    if line.a == "customer_told":
        return _notice(data)
    if line.a == "match_vehicle" and data.get("typed") != data.get("vin"):
        return f" · {data.get('typed') or '–'} → {data.get('vin')}"
    return ""


BY_PORTAL = ("callback_tries", "customer_told")


def _notice(data: dict[str, Any]) -> str:
    """Which event, by which channel, with what result; never the words (told.delivering)."""
    result = CustomerNotice.Status(data["result"])
    by = "" if result == CustomerNotice.Status.TOLD else f" · {CustomerNotice.Channel(data['channel']).label}"
    return f" · {EVENTS[data['event']].label}{by} · {result.label}"


def _words(lines: list[Line], whole: bool) -> dict[tuple[str, dt.datetime], str]:
    found = {("note", line.at): line.b for line in lines if line.kind == "note"}
    if whole:
        found |= {(line.a, line.at): line.b for line in lines if line.kind == "message"}
    found |= {("attempt", line.at): line.b for line in lines if line.kind == "call" and line.b}
    return found


def _files(line: Line, lines: list[Line]) -> list[dict[str, str]]:
    if line.a != "attach":
        return []
    return [
        file_of(other)
        for other in lines
        if other.kind == "file" and other.at == line.at and other.by == line.by
    ]


def file_of(line: Line) -> dict[str, str]:
    """A picture for `_thumbs.html`."""
    url = f"/tickets/file/{line.b}/"
    thumb = f"{url}?size=thumb" if line.a == "image" else ""
    name = _now("Picture") if line.a == "image" else _now("Video")
    if line.d == Attachment.About.NAMEPLATE:
        name = _now("Nameplate")
    return {"url": url, "thumb": thumb, "kind": line.a, "name": name}
