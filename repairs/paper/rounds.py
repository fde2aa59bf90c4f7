"""What belongs to one round: diagnosis, plan, service, callback, write-off."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aftersales.display import moments
from aftersales.paper.drawings import strokes_of

from ..flow import Stage
from ..logbook import Line
from ..models import CallbackSurvey, ContactAttempt, Plan, RepairSheet
from .reading import Cell, Read, Round, Section, cells, joined


def rounds(read: Read) -> list[Round]:
    """What belongs to one round each, the present one first."""
    numbers = range(read.ticket.round, 0, -1)
    return [Round(n, n == read.ticket.round, _round(read, n)) for n in numbers]


def _round(read: Read, number: int) -> list[Section]:
    sheet = next((row for row in reversed(read.revisions) if row["round"] == number), None)
    found = [
        _order(read, sheet, number),
        *_plans(read, number),
        _service(read, sheet, number),
        _callback(read, number),
    ]
    if read.surveys is None:
        found.pop()
    found.append(_write_off(read, number))
    if read.ticket.stage == Stage.CANCELLED:  # nothing will be filled in any more
        return [section for section in found if section.rows]
    return found


def _order(read: Read, sheet: dict[str, Any] | None, number: int) -> Section:
    calls = [_call(line) for line in read.of("call", number, a="contact") if line.d != "reached"]
    tries: list[Cell] = [(_("Calls in vain"), joined(calls), "wide")] if calls else []
    if sheet is None:
        empty = _(
            "Filled when the engineer has reached the customer, within 12 hours of the hand-over (4.3)."
        )
        return Section("order", _("Diagnosis"), tries, empty)
    names = (
        "first_contact_at",
        "damage_type",
        "confirmed_symptom",
        "cause_guess",
        "damage_evidence",
        "component_serials",
    )
    rows = cells(RepairSheet, sheet, names, ("confirmed_symptom", "cause_guess", "damage_evidence"))
    return Section("order", _("Diagnosis"), [*rows, (_("Warranty"), _warranty(sheet)), *tries])


def _call(line: Line) -> str:
    words = [
        moments.when(line.later or line.at, "short"),
        str(ContactAttempt.Result(line.d).label),
        line.who or "",
        line.b,
    ]
    return " · ".join(w for w in words if w)


def _warranty(sheet: dict[str, Any]) -> SafeString:
    if not sheet["in_warranty"]:
        until = _("vehicle not matched or never delivered")
        if sheet["warranty_end"]:
            until = _("ended {day}").format(day=sheet["warranty_end"])
        return format_html(RATED, "warning", _("not under warranty"), until)
    term = f"{sheet['warranty_start']} – {sheet['warranty_end']}"
    return format_html(RATED, "success", _("under warranty"), term)


RATED = '<b class="tone-text-{}">{}</b> <span class="quiet">{}</span>'


PLAN = (
    "plan_type", "told_at", "told_how", "appointment_at", "explanation", "assembly_notes", "risk_text", "needs_parts",
)  # fmt: skip


def _plans(read: Read, number: int) -> list[Section]:
    plans = [plan for plan in read.plans if plan.round == number]
    if not plans:
        empty = _("Filled within 24 hours of the hand-over: a, b or c, as told to the customer (4.4).")
        return [Section("plan", _("Plan"), empty=empty)]
    last, earlier = plans[-1], len(plans) - 1
    rows = cells(Plan, last, PLAN, ("explanation", "assembly_notes", "risk_text"))
    if last.plan_type == "a":
        rows.append((_("Consent (4.4a)"), _consent(last)))
    signed = next((line for line in read.of("consent", number) if line.pk == last.pk), None)
    if signed is not None:
        whom = signed.a if read.user.has_perm("ticket.view_full", read.ticket) else "***"
        rows.append((_("Signed by the customer"), f"{whom} · {moments.when(signed.at)}", "wide"))
    note = (
        _("{count} earlier plan(s) of this round stand in the timeline.").format(count=earlier)
        if earlier
        else ""
    )
    full = read.user.has_perm("ticket.view_full", read.ticket)
    drawn = ink(signed.b) if signed is not None and signed.b and full else ""
    return [Section("plan", _("Plan"), rows, note=note, signature=drawn)]


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
        whom = signed.a if read.user.has_perm("ticket.view_full", read.ticket) else "***"
        words = f"{whom} · {moments.when(signed.at)} · {_('witness')} {signed.who}"
        rows.append((_("Signed by the customer"), words, "wide"))
    drawn = ink(signed.b) if signed is not None and signed.b else ""
    empty = _("Filled on site or by phone; the customer signs or says that it works (4.7).")
    return Section("service", _("Service"), rows, empty, signature=drawn)


def ink(strokes: str) -> SafeString | str:
    """A signature as drawn: strokes in thousandths of a field three times as wide as high."""
    drawn = strokes_of(strokes)
    if not drawn:
        return ""
    points = [" ".join(f"{x},{y}" for x, y in stroke) for stroke in drawn]
    paths = format_html_join("", '<polyline points="{}"/>', ((p,) for p in points))
    return format_html(INK, _("Signature of the customer"), paths)


INK = (
    '<svg class="ink" viewBox="0 0 1000 1000" preserveAspectRatio="none" width="300" height="100" role="img"'
    ' aria-label="{}">{}</svg>'
)


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
            rows += [
                (_("Answered to"), str(row.made_by) if row.made_by else _("the customer himself")),
                *_answers(row),
            ]
    calls = [_call(line) for line in read.of("call", number, a="callback")]
    if calls:
        rows.append((_("Calls"), joined(calls), "wide"))
    return Section(
        "callback", _("Callback"), rows, _("Customer service calls within 24 hours of completion (3.3).")
    )


def _answers(survey: CallbackSurvey) -> list[Cell]:
    if not survey.reached:
        return [(_("Result"), _("not reached"), "wide")]
    rows = cells(CallbackSurvey, survey, SURVEY)
    words = getattr(survey, "words", None)
    return [*rows, (_("Suggestion"), words.suggestion, "wide")] if words and words.suggestion else rows


def _write_off(read: Read, number: int) -> Section:
    line = next(iter(read.of("write_off", number)), None)
    rows = [(_("Confirmed"), f"{moments.when(line.at)} {line.who}")] if line else []
    empty = _("Customer service confirms record 9.1 with the engineer within 24 hours of completion (4.8).")
    return Section("write-off", _("Write-off"), rows, empty)
