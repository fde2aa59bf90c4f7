"""A step of a ticket: its form in place (htmx) or on a page of its own, one call, an answer that says what is next."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from accounts.access import action
from aftersales.display import moments
from aftersales.operations import once
from aftersales.problems import Refusal, Stale
from aftersales.widgets import TapCards
from deadlines.selectors import next_clock
from repairs import steps, timeline
from repairs.models import Quotation, Ticket
from repairs.steps import STEPS, Step

CARDS = 12  # more engineers than this are a list to choose from


def opened(request: Any, number: str) -> Ticket:
    """The ticket, if this person may see it; else 404."""
    rows = Ticket.objects.visible_to(request.user).select_related(
        "contact", "words", "engineer", "vehicle", "customer", "intake"
    )
    return get_object_or_404(rows, number=number)


@action("service.step")
@require_http_methods(["GET", "POST"])
@once
def step(request: Any, number: str, name: str) -> HttpResponse:
    """Open a step's form, or take the step."""
    ticket = opened(request, number)
    if name not in STEPS:
        raise Http404
    taken = STEPS[name]
    stuck = steps.refusal(ticket, taken, request.user)
    if request.method == "GET":
        return _answer(request, ticket, taken, None if stuck else bound(request, ticket, taken), stuck)
    form = bound(request, ticket, taken, request.POST, request.FILES)
    if not form.is_valid() and stuck is None:
        return _answer(request, ticket, taken, form, None, 422)
    try:
        result = _take(request, ticket, taken, form)
    except Refusal as refusal:
        return _refused(request, ticket, taken, form, refusal)
    return _done(request, ticket, taken, result)


def bound(request: Any, ticket: Ticket, taken: Step, *data: Any) -> Any:
    """The step's form with the state of the paper that the page shows, hidden."""
    form: Any = taken.form(*data, ticket=ticket, user=request.user)
    form.fields["seen"] = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=steps.seen(ticket)
    )
    chosen = form.fields.get("engineer")
    if chosen is not None and chosen.required and 0 < len(chosen.queryset) <= CARDS:
        chosen.widget, chosen.empty_label = TapCards(), None
        chosen.widget.choices = chosen.choices
    return form


def _take(request: Any, ticket: Ticket, taken: Step, form: Any) -> Any:
    entries = dict(form.cleaned_data) if form.is_valid() else {}
    seen = entries.pop("seen", "")
    at = request.arrived_at
    return steps.take(ticket, taken.name, by=request.user, at=at, seen_state=seen, **entries)


def _refused(request: Any, ticket: Ticket, taken: Step, form: Any, refusal: Refusal) -> HttpResponse:
    """Nothing was saved and nothing is lost: the form stays filled, the sentence stands on top or at its field."""
    ticket = opened(request, ticket.number)
    said: Any = refusal
    if isinstance(refusal, Stale):
        form.data = form.data.copy()
        form.data["seen"] = steps.seen(ticket)
        said = f"{refusal} {_last(ticket)}"
    if refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
        said = None
    return _answer(request, ticket, taken, form, said, refusal.status)


def _last(ticket: Ticket) -> str:
    """What the other one did: the last line of the timeline."""
    row = ticket.events.select_related("by").order_by("-at", "-pk").first()
    if row is None:
        return ""
    who = row.by.get_full_name() if row.by else _("The customer")
    last = {"who": who, "what": timeline.label_of(row.name), "when": moments.when(row.at, "short")}
    return _("Last: {who} · {what} · {when}.").format(**last)


def panel(request: Any, ticket: Ticket, taken: Step, form: Any = None, refusal: Any = None) -> dict[str, Any]:
    """What `_step_form.html` asks for."""
    return {
        "ticket": ticket, "step": taken, "form": form, "refusal": refusal, "danger": taken.danger,
        "action": reverse("repairs:step", args=[ticket.number, taken.name]), "back": ticket.get_absolute_url(),
        "draft": f"{request.user.pk}:{ticket.number}:{taken.name}", "note": NOTES.get(taken.name, ""),
    }  # fmt: skip


def _answer(
    request: Any, ticket: Ticket, taken: Step, form: Any, refusal: Any, status: int = 200
) -> HttpResponse:
    if form is None and refusal is not None:
        status = getattr(refusal, "status", 409)
    template = "repairs/_step.html" if request.headers.get("HX-Request") else "repairs/step.html"
    return render(request, template, panel(request, ticket, taken, form, refusal), status=status)


def _done(request: Any, ticket: Ticket, taken: Step, result: Any) -> HttpResponse:
    """Say what happened and what is next, and go back to the paper; most services return it as it is now."""
    fresh = result if result == ticket else Ticket.objects.select_related("merged_into").get(pk=ticket.pk)
    messages.success(request, said(fresh, taken, request))
    url = (fresh.merged_into or fresh).get_absolute_url()
    if isinstance(result, Quotation):  # its lines are written next
        url = result.get_absolute_url()
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def said(ticket: Ticket, taken: Step, request: Any) -> str:
    """“Handed over. Next: Reach the customer (4.3), 陈建国, by 11-24 10:00.”"""
    done = _("Done: {step}.").format(step=timeline.label_of(taken.name) if taken.moves else taken.label)
    if not taken.moves:
        return done
    clock = next_clock(ticket, request.arrived_at)
    if clock is None:
        return done
    follows = _("Next: {label} ({clause}) {who}, by {due}.")
    due = moments.due(clock.due_at, "short")
    return f"{done} " + follows.format(
        label=clock.label, clause=clock.clause or "–", who=clock.owner, due=due
    )


NOTES: dict[str, Any] = {"call_back": _lazy("1 is the worst mark, 5 the best.")}
