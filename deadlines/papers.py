"""Pages and endpoints of a staged paper: the sheet, its clocks, its steps in place, the same steps over the API.

A department declares a `PaperDesk` for each kind of paper; ways of showing it (`sheet`, `payload`) are its own.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from accounts.services.again import prove
from accounts.steps import Step, Steps, seen
from aftersales.display import states
from aftersales.display.sheet import Happened, Sheet
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import Refusal, Stale
from aftersales.rest import KEY, MANY, page_of, refusals

from .selectors import clocks

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH)
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="the step's name")
SCHEMAS = {
    "PaperStep": record(name="text", label="text", clause="text", allowed="bool", why_not="text?", schema="object"),
    "Paper": record(number="text", stage="text", stage_label="text", state="text", clocks="[object]", steps="[PaperStep]"),
    "PaperPage": record(results="[object]", next="text?"),
    "PaperTaken": record(number="text", stage="text"),
}  # fmt: skip


class StepForm(forms.Form):
    """Base of the steps' forms: `paper` and `user` choose initial values and offers; `says` is a sentence above the entries."""

    says: Any = ""

    def __init__(self, *args: Any, paper: Any = None, user: Any = None, **kwargs: Any) -> None:
        self.paper, self.user = paper, user
        if paper is not None:
            kwargs["initial"] = {**self.known(paper), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.prepare()

    def known(self, paper: Any) -> dict[str, Any]:
        """What the paper already says, shown in the form."""
        return {}

    def prepare(self) -> None:
        """Adapt choices to the paper; called once the fields exist, `paper` may be None (the API's description)."""

    def offer(self, name: str, *rows: Any) -> None:
        """Give a choice of rows what there is to choose from (`aftersales.forms.OneOf`, `Several`)."""
        field: Any = self.fields[name]
        field.offer(*rows)


class EmptyForm(StepForm):
    """A step that asks for nothing: one tap."""


@dataclass
class PaperDesk:
    """One kind of paper. `app` and `name` make the addresses `app:name` and `app:name_step`; `plural` is the API's word.

    `rows(user)`: what this person may see. `sheet(paper, user)`: the page. `payload(paper, user)`: the API's own facts; `brief`:
    those of a list, where the whole costs statements of its own.
    `view` and `step_action` are the policy's rows that open the page and a step's page.
    """

    app: str
    name: str
    plural: str
    steps: Steps
    view: str
    step_action: str
    rows: Callable[[Any], Any]
    sheet: Callable[[Any, Any], Sheet]
    payload: Callable[[Any, Any], dict[str, Any]]
    home: tuple[str, str | Promise]  # (address name, word) of the list above it
    acts: Mapping[str, str | Promise] = field(default_factory=dict)
    said: Callable[[Any, Step], str] | None = None
    brief: Callable[[Any, Any], dict[str, Any]] | None = None
    operation: str = ""  # in the API's description, where `name` alone would be another endpoint's

    # --- addresses
    def urls(self, prefix: str) -> list[URLPattern]:
        return [
            path(f"{prefix}<str:number>/", self.page_view(), name=self.name),
            path(f"{prefix}<str:number>/steps/<str:step_name>/", self.step_view(), name=f"{self.name}_step"),
        ]

    def api_urls(self) -> list[URLPattern]:
        return [
            path(self.plural, self.api_many(), name=self.plural),
            path(f"{self.plural}/<str:number>", self.api_one(), name=self.name),
            path(
                f"{self.plural}/<str:number>/steps/<str:step_name>", self.api_step(), name=f"{self.name}_step"
            ),
        ]

    def opened(self, user: Any, number: str) -> Any:
        """The paper, if this person may see it; else 404."""
        return get_object_or_404(self.rows(user), number=number.replace("\x00", ""))

    # --- pages
    def page_view(self) -> Any:
        @action(self.view)
        @require_GET
        def page(request: Any, number: str) -> HttpResponse:
            """The paper; `?step=…` opens a step's form in place, also without JavaScript."""
            paper = self.opened(request.user, number)
            return render(request, "components/paper.html", self.composed(request, paper, timezone.now()))

        return page

    def composed(self, request: Any, paper: Any, at: dt.datetime) -> dict[str, Any]:
        offered = self.steps.offered(paper, request.user)
        asked = self.steps.rows.get(request.GET.get("step", ""))
        may_step = request.user.has_perm(self.step_action)
        opened = self.panel(request, paper, asked) if asked and may_step else None
        road = [self._offer(paper, step, why) for step, why in offered if may_step]
        return {
            "paper": paper, "sheet": self.sheet(paper, request.user), "home": self._home(),
            "road": [o for o in road if not o["danger"]], "acts": [o for o in road if o["danger"] and o["allowed"]],
            **shown_clocks(paper, at), "entries": self.happened(paper), "step_panel": opened, "stages": [],
        }  # fmt: skip

    def _home(self) -> tuple[str, str]:
        return reverse(self.home[0]), str(self.home[1])

    def _offer(self, paper: Any, step: Step, why: Refusal | None) -> dict[str, Any]:
        url = reverse(f"{self.app}:{self.name}_step", args=[paper.number, step.name])
        return {
            "name": step.name, "label": step.label, "clause": step.clause, "url": url, "danger": step.danger,
            "allowed": why is None, "why_not": str(why) if why else "",
        }  # fmt: skip

    def happened(self, paper: Any) -> list[Happened]:
        """Who did what when, from the paper's history, newest first; what has no word is nobody's act."""
        rows = paper.history.select_related("history_user").order_by("-history_date", "-history_id")
        return [
            Happened(row.history_date, str(row.history_user or ""), word)
            for row in rows
            if (word := self.word(row.history_change_reason or ""))
        ]

    def word(self, name: str) -> str:
        """A step's or act's name in words."""
        if name in self.acts:
            return str(self.acts[name])
        return str(self.steps.rows[name].label) if name in self.steps.rows else name

    def step_view(self) -> Any:
        @action(self.step_action)
        @require_http_methods(["GET", "POST"])
        @once
        def step(request: Any, number: str, step_name: str) -> HttpResponse:
            """Open a step's form, or take the step."""
            paper = self.opened(request.user, number)
            taken = self._step(step_name)
            stuck = self.steps.refusal(paper, taken, request.user)
            if request.method == "GET":
                return self._answer(request, self.panel(request, paper, taken))
            form = self.form(paper, taken, request.user, request.POST, request.FILES)
            if not form.is_valid() and stuck is None:
                return self._answer(request, self.panel(request, paper, taken, form), 422)
            try:
                done = self._take(request, paper, taken, dict(form.cleaned_data) if form.is_valid() else {})
            except Refusal as refusal:
                return self._refused(request, paper, taken, form, refusal)
            return self._done(request, paper, taken, done)

        return step

    def _step(self, name: str) -> Step:
        if name not in self.steps.rows:
            raise Http404
        return self.steps.rows[name]

    def form(self, paper: Any, step: Step, user: Any, *data: Any) -> Any:
        """The step's form, with the state of the paper that the page shows, hidden; and once more who it is."""
        form = step.form(*data, paper=paper, user=user)
        if step.reauthenticate:
            form.fields["secret"] = secret_field()
        form.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=seen(paper))
        return form

    def _take(self, request: Any, paper: Any, step: Step, entries: dict[str, Any]) -> Any:
        state, secret = entries.pop("seen", ""), entries.pop("secret", "")
        if step.reauthenticate:
            prove(request.user, secret, request.arrived_at, step.clause)
        return self.steps.take(
            paper, step.name, by=request.user, at=request.arrived_at, seen_state=state, **entries
        )

    def panel(
        self, request: Any, paper: Any, step: Step, form: Any = None, refusal: Any = None
    ) -> dict[str, Any]:
        """What `components/_paper_step.html` asks for."""
        stuck = refusal or self.steps.refusal(paper, step, request.user)
        if form is None and not isinstance(stuck, Refusal):
            form = self.form(paper, step, request.user)
        return {
            "paper": paper, "step": step, "form": form, "refusal": stuck, "danger": step.danger, "home": self._home(),
            "action": reverse(f"{self.app}:{self.name}_step", args=[paper.number, step.name]),
            "back": paper.get_absolute_url(),
            "draft": "" if step.reauthenticate else f"{request.user.pk}:{paper.number}:{step.name}",
        }  # fmt: skip

    def _answer(self, request: Any, panel: dict[str, Any], status: int = 0) -> HttpResponse:
        refused = panel["refusal"] if panel["form"] is None else None
        htmx = request.headers.get("HX-Request")
        template = "components/_paper_step.html" if htmx else "components/paper_step.html"
        return render(request, template, panel, status=status or getattr(refused, "status", 200))

    def _refused(self, request: Any, paper: Any, step: Step, form: Any, refusal: Refusal) -> HttpResponse:
        """Nothing was saved and nothing is lost: the form stays filled, the sentence stands on top or at its field."""
        paper = self.opened(request.user, paper.number)
        if isinstance(refusal, Stale):
            form.data = form.data.copy()
            form.data["seen"] = seen(paper)
        at_fields = [each for each in refusal.each if each.field in form.fields]
        for each in at_fields:
            form.add_error(each.field, str(each))
        rest = None if at_fields else refusal
        return self._answer(request, self.panel(request, paper, step, form, rest), refusal.status)

    def _done(self, request: Any, paper: Any, step: Step, done: Any) -> HttpResponse:
        fresh = done if isinstance(done, type(paper)) else paper
        sentence = self.said(fresh, step) if self.said else ""
        messages.success(request, sentence or _("Done: {step}.").format(step=step.label))
        visible = self.rows(request.user).filter(pk=fresh.pk).exists()
        url = fresh.get_absolute_url() if visible else self._home()[0]
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": url})
        return redirect(url)

    # --- API
    def api_many(self) -> Any:
        @extend_schema(operation_id=self.plural.replace("-", "_"), parameters=MANY,
                       responses={200: ref("PaperPage")} | refusals(400, 401, 403))  # fmt: skip
        @action(self.view)
        @api_view(["GET"])
        def many(request: Any) -> Response:
            """A page of papers, newest first; `stage` narrows it, `next` is the cursor of the page after it."""
            return self.page(request)

        return many

    def page(self, request: Any) -> Response:
        """The same for an endpoint that also takes a POST."""
        rows, stage = self.rows(request.user), request.query_params.get("stage", "")
        rows = rows.filter(stage=stage[:20]) if stage else rows
        facts = self.brief or self.payload
        return page_of(request, rows, lambda paper: self.in_brief(paper) | facts(paper, request.user))

    def in_brief(self, paper: Any) -> dict[str, Any]:
        """What every answer says of a paper."""
        return {
            "number": paper.number,
            "stage": paper.stage,
            "stage_label": paper.stage_label(),
            "state": seen(paper),
        }

    def api_one(self) -> Any:
        @extend_schema(operation_id=self.operation or self.name, parameters=[NUMBER],
                       responses={200: ref("Paper")} | refusals(401, 403, 404))  # fmt: skip
        @action(self.view)
        @api_view(["GET"])
        def one(request: Any, number: str) -> Response:
            """One paper whole: stage, its own facts, clocks, steps."""
            paper = self.opened(request.user, number)
            return Response(
                self.in_brief(paper) | self.payload(paper, request.user) | {
                    "clocks": [clock(row) for row in clocks(paper, request.arrived_at)],
                    "steps": [self._api_offer(paper, s, why, request.user) for s, why in self.steps.offered(paper, request.user)],
                }
            )  # fmt: skip

        return one

    def _api_offer(self, paper: Any, step: Step, why: Refusal | None, user: Any) -> dict[str, Any]:
        form = step.form(paper=paper, user=user)
        if step.reauthenticate:
            form.fields["secret"] = secret_field()
        return {
            "name": step.name, "label": str(step.label), "clause": step.clause, "allowed": why is None,
            "why_not": str(why) if why else None, "schema": schema_of(form),
        }  # fmt: skip

    def api_step(self) -> Any:
        @extend_schema(operation_id=f"{self.operation or self.name}_step", parameters=[NUMBER, NAME, KEY],
                       request={"application/json": {"type": "object", "additionalProperties": True}},
                       responses={200: ref("PaperTaken")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
        @action(self.step_action)
        @api_view(["POST"])
        @once
        def step(request: Any, number: str, step_name: str) -> Response:
            """Take a step; the body is the step's form, `seen` may be the `state` as read."""
            paper, taken = self.opened(request.user, number), self._step(step_name)
            stuck = self.steps.refusal(paper, taken, request.user)
            if stuck is not None:
                raise stuck
            body = without_files(request) if isinstance(request.data, Mapping) else request.data
            kept = {n: str(body.pop(n, "")) for n in ("seen", "secret")} if isinstance(body, dict) else {}
            form = bound(taken.form, body, request.FILES, paper=paper, user=request.user)
            if not form.is_valid():
                return of_form(form)
            self._take(request, paper, taken, form.cleaned_data | kept)
            fresh = type(paper).objects.get(pk=paper.pk)
            return Response({"number": fresh.number, "stage": fresh.stage})

        return step


def without_files(request: Any) -> dict[str, Any]:
    """The entries of a body; what came as a file stands in `request.FILES` (of multipart data the body names both)."""
    return {name: value for name, value in request.data.items() if name not in request.FILES}


def secret_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your password, or a code of your second factor"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("A signature is yours alone; that is why you are asked again."),
    )  # fmt: skip


def clock(row: Any) -> dict[str, Any]:
    """A clock over the API."""
    person = row.assignee
    owner = {"username": person.username, "name": person.name} if person else {"department": row.department}
    return {
        "rule": row.rule, "clause": row.clause, "label": str(row.label), "opened_at": row.opened_at, "due_at": row.due_at,
        "raw_due_at": row.raw_due_at, "met_at": row.met_at, "missed_at": row.missed_at, "provisional": row.provisional,
        "owner": owner,
    }  # fmt: skip


def shown_clocks(subject: Any, at: dt.datetime) -> dict[str, list[Any]]:
    """The running ones; folded below them what was met or ended, newest first."""
    rows: list[Any] = clocks(subject, at)
    for row in rows:
        row.state = states.state_of(row, at)  # read by _clock.html
    over = [row for row in rows if row.stopped_at is not None]
    return {
        "clocks": [row for row in rows if row.stopped_at is None],
        "old_clocks": sorted(over, key=lambda row: row.stopped_at or at, reverse=True),
    }
