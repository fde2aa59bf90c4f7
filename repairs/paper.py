"""The ticket as the paper: its sections, each a list of (label, value[, "wide"]) for `_section.html`."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aftersales.display import moments
from aftersales.phones import show

from . import privacy
from .changes import label, shown
from .logbook import Line
from .models import CallbackSurvey, ContactAttempt, Plan, RepairSheet, Ticket, Words
from .timeline import file_of

Cell = tuple[Any, ...]


@dataclass
class Section:
    """One section; `empty` says when a blank one will be filled."""

    id: str
    title: str
    rows: list[Cell] = field(default_factory=list)
    empty: str = ""
    edit_url: str = ""
    note: str = ""
    files: list[dict[str, str]] = field(default_factory=list)
    signature: SafeString | str = ""


@dataclass
class Round:
    """The sections of one round; earlier rounds are folded."""

    number: int
    current: bool
    sections: list[Section]


@dataclass
class Read:
    """What was read for the page, once."""

    ticket: Ticket
    user: Any
    lines: list[Line]
    revisions: list[dict[str, Any]]
    plans: list[Plan]
    surveys: list[CallbackSurvey] | None

    def of(self, kind: str, round: int | None = None, **values: str) -> list[Line]:
        return [
            line for line in self.lines
            if line.kind == kind and (round is None or line.round == round) and all(getattr(line, k) == v for k, v in values.items())
        ]  # fmt: skip


def cells(model: Any, source: Any, names: tuple[str, ...], wide: tuple[str, ...] = ()) -> list[Cell]:
    """The filled fields of a row or a dictionary, with their labels."""
    found: list[Cell] = []
    for name in names:
        value = source.get(name) if isinstance(source, dict) else getattr(source, name)
        text = shown(model, name, value)
        if text:
            found.append((label(model, name), _lines(text), "wide") if name in wide else (label(model, name), text))
    return found


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.splitlines()))


def head(read: Read) -> list[Section]:
    """Customer and vehicle · fault: the same for every round."""
    return [_people(read), _fault(read), _record(read)]


def _people(read: Read) -> Section:
    ticket, person = read.ticket, read.ticket.contact
    rows: list[Cell] = [(_("Customer or company"), _customer(read)), (_("Contact"), person.shown_name), (_("Phone"), phone(read))]
    if person.alt_phone and privacy.plain_for(read.user, ticket):
        rows.append((_("Second phone"), _tel(person.alt_phone)))
    rows.append((_("VIN"), _vin(ticket)))
    rows += cells(Ticket, ticket, ("model", "plate", "delivered_on", "odometer"))
    place = [ticket.region, person.street if privacy.street_for(read.user, ticket) else ""]
    if any(place):
        rows.append((_("Where it stands"), " ".join(p for p in place if p), "wide"))
    note = _("This VIN is not registered: nothing is under warranty until customer service matches it.") if ticket.vehicle_id is None else ""
    return Section("customer", _("Customer, vehicle"), rows, note=note)


def _customer(read: Read) -> Any:
    ticket = read.ticket
    name = ticket.contact.organisation or (ticket.customer.number if ticket.customer else "")
    if ticket.customer is None or not name or not read.user.has_perm("customer.view", ticket.customer):
        return name
    return format_html('<a href="{}">{}</a>', ticket.customer.get_absolute_url(), name)


def _vin(ticket: Ticket) -> Any:
    if ticket.vehicle is None:
        return ticket.vin or "–"
    return format_html('<a href="{}">{}</a>', ticket.vehicle.get_absolute_url(), ticket.vin)


def _tel(number: str) -> SafeString:
    return format_html('<a class="tel" href="tel:{}">{}</a>', number, show(number))


def phone(read: Read) -> Any:
    """Plain, masked with a button that reveals it, or masked (A12–A14)."""
    ticket, person = read.ticket, read.ticket.contact
    if not person.phone:
        return "–"
    if privacy.plain_for(read.user, ticket):
        return _tel(person.phone)
    if not privacy.reveal_for(read.user, ticket):
        return person.masked_phone
    url = reverse("repairs:reveal", args=[ticket.number])
    return SafeString(render_to_string("repairs/_phone.html", {"masked": person.masked_phone, "url": url}))


def _fault(read: Read) -> Section:
    ticket, words = read.ticket, read.ticket.words
    if words.erased_at:
        return Section("fault", _("Fault"), empty=_("The customer's own words were erased at his request."))
    rows = cells(Words, words, ("symptom",), ("symptom",)) + cells(Words, words, ("occurred",)) + cells(Ticket, ticket, ("drivable", "urgency"))
    rows += cells(Words, words, ("self_checked",), ("self_checked",))
    files = [file_of(line) for line in read.of("file")] if read.user.has_perm("evidence.view", ticket) else []
    return Section("fault", _("Fault"), rows, files=files)


def _record(read: Read) -> Section:
    ticket, record = read.ticket, getattr(read.ticket, "intake", None)
    rows = cells(Ticket, ticket, ("channel", "reported_at", "relayed_by", "received_at"))
    if record is None:
        return Section("record", _("Record 9.1"), rows)
    rows = [(_("Number"), record.number), *rows, (_("Accepted"), f"{moments.when(ticket.accepted_at)} {ticket.accepted_by or ''}")]
    if record.slot:
        day, half = record.slot.split()
        rows.append((_("Collection window"), f"{day} {_('morning') if half == 'a' else _('afternoon')}"))
    for line in [*read.of("event", a="hand_over")[-1:], *read.of("event", a="reassign")[-1:]][-1:]:
        rows.append((_("Handed over"), f"{moments.when(line.at)} → {ticket.engineer or ''}"))
    if record.remark:
        rows.append((_("Remark"), _lines(record.remark), "wide"))
    return Section("record", _("Record 9.1"), rows)


def rounds(read: Read) -> list[Round]:
    """What belongs to one round each, the present one first."""
    numbers = range(read.ticket.round, 0, -1)
    return [Round(n, n == read.ticket.round, _round(read, n)) for n in numbers]


def _round(read: Read, number: int) -> list[Section]:
    sheet = next((row for row in reversed(read.revisions) if row["round"] == number), None)
    found = [_order(read, sheet, number), *_plans(read, number), _service(read, sheet, number), _callback(read, number)]
    if read.surveys is None:
        found.pop()
    return [*found, _write_off(read, number)]


def _order(read: Read, sheet: dict[str, Any] | None, number: int) -> Section:
    calls = [_call(line) for line in read.of("call", number, a="contact") if line.d != "reached"]
    tries: list[Cell] = [(_("Calls in vain"), format_html_join(SafeString("<br>"), "{}", ((c,) for c in calls)), "wide")] if calls else []
    if sheet is None:
        return Section("order", _("Diagnosis"), tries, _("Filled when the engineer has reached the customer, within 12 hours of the hand-over (4.3)."))
    names = ("first_contact_at", "damage_type", "confirmed_symptom", "cause_guess", "damage_evidence", "component_serials")
    rows = cells(RepairSheet, sheet, names, ("confirmed_symptom", "cause_guess", "damage_evidence"))
    return Section("order", _("Diagnosis"), [*rows, (_("Warranty"), _warranty(sheet)), *tries])


def _call(line: Line) -> str:
    words = [moments.when(line.later or line.at, "short"), str(ContactAttempt.Result(line.d).label), line.who or "", line.b]
    return " · ".join(w for w in words if w)


def _warranty(sheet: dict[str, Any]) -> SafeString:
    if not sheet["in_warranty"]:
        until = _("ended {day}").format(day=sheet["warranty_end"]) if sheet["warranty_end"] else _("vehicle not matched or never delivered")
        return format_html('<b class="tone-text-warning">{}</b> <span class="quiet">{}</span>', _("not under warranty"), until)
    return format_html('<b class="tone-text-success">{}</b> <span class="quiet">{} – {}</span>', _("under warranty"), sheet["warranty_start"], sheet["warranty_end"])


PLAN = (
    "plan_type", "told_at", "told_how", "appointment_at", "explanation", "assembly_notes", "risk_text", "needs_parts",
)  # fmt: skip


def _plans(read: Read, number: int) -> list[Section]:
    plans = [plan for plan in read.plans if plan.round == number]
    if not plans:
        return [Section("plan", _("Plan"), empty=_("Filled within 24 hours of the hand-over: a, b or c, as told to the customer (4.4)."))]
    last, earlier = plans[-1], len(plans) - 1
    rows = cells(Plan, last, PLAN, ("explanation", "assembly_notes", "risk_text"))
    if last.plan_type == "a":
        rows.append((_("Consent (4.4a)"), _consent(last)))
    note = _("{count} earlier plan(s) of this round stand in the timeline.").format(count=earlier) if earlier else ""
    return [Section("plan", _("Plan"), rows, note=note)]


def _consent(plan: Plan) -> str:
    if not plan.self_install_ok:
        return _("not yet given")
    how = dict(ContactAttempt.Way.choices).get(plan.consent_how, plan.consent_how)
    return f"{moments.when(plan.consent_at)} · {how}"


def _service(read: Read, sheet: dict[str, Any] | None, number: int) -> Section:
    names = ("arrived_at", "left_at", "work_done", "result", "customer_word")
    rows = cells(RepairSheet, sheet, names, ("work_done", "customer_word")) if sheet else []
    signed = next(iter(read.of("signature", number)), None)
    if signed is not None:
        whom = signed.a if privacy.plain_for(read.user, read.ticket) or read.user.has_perm("ticket.view_full", read.ticket) else "***"
        rows.append((_("Signed by the customer"), f"{whom} · {moments.when(signed.at)} · {_('witness')} {signed.who}", "wide"))
    drawn = ink(signed.b) if signed is not None and signed.b else ""
    return Section("service", _("Service"), rows, _("Filled on site or by phone; the customer signs or says that it works (4.7)."), signature=drawn)


def ink(strokes: str) -> SafeString | str:
    """A signature as drawn: strokes in thousandths of a field three times as wide as high."""
    try:
        drawn = [[(int(x), int(y)) for x, y in stroke] for stroke in json.loads(strokes)]
    except (ValueError, TypeError):
        return ""
    paths = format_html_join("", '<polyline points="{}"/>', ((" ".join(f"{x},{y}" for x, y in stroke),) for stroke in drawn))
    title = _("Signature of the customer")
    return format_html('<svg class="ink" viewBox="0 0 1000 1000" preserveAspectRatio="none" width="300" height="100" role="img" aria-label="{}">{}</svg>', title, paths)


SURVEY = (
    "number", "way", "resolved", "overall", "on_time", "attitude", "quality", "speed", "price_match", "part_quality",
    "explained", "intent", "follow_up",
)  # fmt: skip


def _callback(read: Read, number: int) -> Section:
    survey = next((s for s in read.surveys or [] if s.round == number and not s.by_customer), None)
    own = next((s for s in read.surveys or [] if s.round == number and s.by_customer), None)
    rows: list[Cell] = []
    for row in [survey, own]:
        if row is not None:
            rows += [(_("Asked by"), str(row.made_by) if row.made_by else _("the customer himself")), *_answers(row)]
    calls = [_call(line) for line in read.of("call", number, a="callback")]
    if calls:
        rows.append((_("Calls"), format_html_join(SafeString("<br>"), "{}", ((c,) for c in calls)), "wide"))
    return Section("callback", _("Callback"), rows, _("Customer service calls within 24 hours of completion (3.3)."))


def _answers(survey: CallbackSurvey) -> list[Cell]:
    if not survey.reached:
        return [(_("Result"), _("not reached"), "wide")]
    rows = cells(CallbackSurvey, survey, SURVEY)
    words = getattr(survey, "words", None)
    return [*rows, (_("Suggestion"), words.suggestion, "wide")] if words and words.suggestion else rows


def _write_off(read: Read, number: int) -> Section:
    line = next(iter(read.of("write_off", number)), None)
    rows = [(_("Confirmed"), f"{moments.when(line.at)} {line.who}")] if line else []
    return Section("write-off", _("Write-off"), rows, _("Customer service confirms record 9.1 with the engineer within 24 hours of completion (4.8)."))
