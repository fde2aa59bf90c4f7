"""Every step and act of a ticket: its word, clause, right, form and service. Pages and API read this one table.

A new step is one transition (flow.py), one service, one form class and one row here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import demand, may
from accounts.steps import refusal
from aftersales import files
from aftersales.problems import Refusal, Stale

from . import forms, quote_forms, services
from .flow import OPEN, WITH_ENGINEER, Stage
from .models import Quotation, Ticket
from .services import quotations

S = Stage
ANY = tuple(Stage)


@dataclass(frozen=True)
class Step:
    """`transitions` are the edges of the flow that it may take (empty: it moves nothing);
    `stages` is where it is offered; `action` the row of the policy that it asks."""

    name: str
    label: str | Promise
    clause: str
    action: str
    form: type[forms.StepForm]
    service: Callable[..., Any]
    stages: tuple[Stage, ...]
    transitions: tuple[str, ...] = ()
    danger: bool = False
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def moves(self) -> bool:
        return bool(self.transitions)


def with_files(ticket: Ticket, *, by: Any, at: dt.datetime, photos: list[Any]) -> Any:
    return services.attach(ticket, photos, by=by, at=at)


def quote(ticket: Ticket, *, by: Any, at: dt.datetime, **facts: Any) -> Quotation:
    """A draft of a quotation 9.4 for the ticket."""
    return quotations.draft(ticket, by=by, at=at, **facts)


STEPS: dict[str, Step] = {
    step.name: step
    for step in [
        Step("accept", _("Accept and record"), "3.2", "service_record.write", forms.IntakeForm, services.accept,
             (S.REPORTED,), ("accept",)),
        Step("hand_over", _("Hand over"), "3.2", "intake.dispatch", forms.HandOverForm, services.hand_over,
             (S.RECORDED,), ("hand_over",)),
        Step("contact", _("Customer reached"), "4.3", "repair_sheet.write", forms.ContactForm, services.contact,
             (S.ASSIGNED,), ("reach",)),
        Step("attempt", _("Log a call"), "4.3", "contact_log.write", forms.AttemptForm, services.attempt,
             tuple(WITH_ENGINEER), fixed=(("purpose", "contact"),)),
        Step("plan", _("Save the plan"), "4.4", "plan.set", forms.PlanForm, services.plan, (S.CONTACTED,), ("plan",)),
        Step("consent", _("Customer agrees to fit the part"), "4.4a", "plan.consent_record", forms.ConsentForm,
             services.consent, (S.PLANNED,)),
        Step("begin", _("Begin the service"), "4.4", "service.begin", forms.BeginForm, services.begin,
             (S.PLANNED,), ("begin",)),
        Step("complete", _("Complete"), "4.7", "service.complete", forms.CompleteForm, services.complete,
             (S.IN_SERVICE,), ("complete",)),
        Step("call_back", _("Fill in the callback survey"), "3.3", "revisit.write", forms.CallbackForm, services.call_back,
             (S.COMPLETED,), ("close", "send_back")),
        Step("callback_attempt", _("Log a call"), "3.3", "revisit.write", forms.AttemptForm, services.attempt,
             (S.COMPLETED,), fixed=(("purpose", "callback"),)),
        Step("close_unreached", _("Close as not reached"), "3.3", "ticket.close", forms.EmptyForm,
             services.close_unreached, (S.COMPLETED,), ("close_unreached",)),
        Step("write_off", _("Write off record 9.1"), "4.8", "service_record.clear", forms.EmptyForm, services.write_off,
             (S.COMPLETED, S.CLOSED, S.ASSIGNED, S.CONTACTED, S.PLANNED, S.IN_SERVICE)),
        Step("replan", _("Plan anew"), "4.4", "plan.set", forms.ReasonForm, services.replan,
             (S.PLANNED, S.IN_SERVICE), ("replan",)),
        Step("pause_plan", _("Pause the plan clock"), "4.4", "plan.pause", forms.PauseForm, services.pause_plan,
             (S.ASSIGNED, S.CONTACTED)),
        Step("edit_record", _("Correct record 9.1"), "3.2", "service_record.write", forms.IntakeForm, services.edit_record,
             (S.RECORDED, *WITH_ENGINEER)),
        Step("edit_sheet", _("Correct the repair order"), "4.3", "repair_sheet.write", forms.SheetForm,
             services.edit_sheet, (S.CONTACTED, S.PLANNED, S.IN_SERVICE)),
        Step("match_vehicle", _("Match the vehicle"), "3.2", "service_record.write", forms.MatchVehicleForm,
             services.match_vehicle, tuple(OPEN)),
        Step("quote", _("Quotation"), "9.4", "quote.create", quote_forms.OfTicketForm, quote,
             (S.CONTACTED, S.PLANNED, S.IN_SERVICE)),
        Step("reassign", _("Re-assign"), "3.2", "ticket.reassign", forms.ReassignForm, services.reassign,
             tuple(WITH_ENGINEER), ("reassign",)),
        Step("ask_replacement", _("Ask to be replaced"), "4.1", "ticket.ask_replacement", forms.ReasonForm,
             services.ask_replacement, tuple(WITH_ENGINEER)),
        Step("unreachable", _("Engineer not reached by phone"), "4.1", "engineer.unreachable_log", forms.NoteForm,
             services.log_unreachable, tuple(WITH_ENGINEER)),
        Step("crew_add", _("Add a colleague"), "", "ticket.crew", forms.CrewForm, services.crew_add, tuple(WITH_ENGINEER)),
        Step("crew_leave", _("Let a colleague go"), "", "ticket.crew", forms.CrewForm, services.crew_leave, tuple(WITH_ENGINEER)),
        Step("note", _("Internal note"), "", "ticket.note", forms.TextForm, services.note, ANY),
        Step("message", _("Write to the customer"), "", "ticket.message", forms.TextForm, services.message, ANY),
        Step("attach", _("Add pictures"), "4.3", "evidence.upload", forms.AttachForm, with_files, tuple(OPEN)),
        Step("merge", _("Merge into another ticket"), "3.1", "intake.merge_or_reject", forms.MergeForm, services.merge,
             (S.REPORTED, S.RECORDED, S.ASSIGNED, S.CONTACTED, S.PLANNED), ("merge",), danger=True),
        Step("cancel", _("Cancel"), "3.1", "intake.merge_or_reject", forms.CancelForm, services.cancel,
             (S.REPORTED, S.RECORDED, S.ASSIGNED, S.CONTACTED, S.PLANNED), ("cancel",), danger=True),
        Step("reopen", _("Reopen"), "3.3", "ticket.reopen", forms.ReopenForm, services.reopen, (S.CLOSED,), ("reopen",)),
    ]
}  # fmt: skip


def offered(ticket: Ticket, user: Any) -> list[tuple[Step, Refusal | None]]:
    """The steps of the present stage that are this person's by right, each with what still stands in its way."""
    here = [step for step in STEPS.values() if ticket.stage in step.stages]
    return [(step, refusal(ticket, step, user)) for step in here if may(user, step.action, ticket)]


def seen(ticket: Ticket) -> str:
    """What a page shows of the paper; sent back with the form, so that a stale page is noticed."""
    return f"{ticket.stage}.{ticket.turn}.{ticket.revision}"


def take(ticket: Ticket, name: str, *, by: Any, at: dt.datetime, seen_state: str = "", **entries: Any) -> Any:
    """Take a step or act by name: the one door for pages and API. Raises `Refusal` with its sentence.

    Judged as it was read, and again under its lock if somebody was faster: who has just handed the ticket on
    has no right to it any more.
    """
    step = STEPS[name]
    ticket.look_at(at)
    _judge(ticket, step, by, seen_state)
    if "photos" in entries:  # decoding takes its time: before the lock
        entries["photos"] = [files.take(photo) for photo in entries["photos"]]
    with transaction.atomic():
        held = services.locked(ticket, *(entry for entry in entries.values() if isinstance(entry, Ticket)))
        held.look_at(at)
        if (seen(held), held.engineer_id) != (seen(ticket), ticket.engineer_id):
            _judge(held, step, by, seen_state)
        held.is_held = True
        try:
            return step.service(held, by=by, at=at, **dict(step.fixed), **entries)
        finally:
            held.is_held = False


def _judge(ticket: Ticket, step: Step, by: Any, seen_state: str) -> None:
    demand(by, step.action, ticket)
    if seen_state and (step.moves or step.name.startswith("edit_")) and seen_state != seen(ticket):
        raise Stale(
            _(
                "The ticket has moved on since this page was opened. Nothing was saved; your entries are still here."
            )
        )
    stuck = refusal(ticket, step, by)
    if stuck is not None:
        raise stuck
