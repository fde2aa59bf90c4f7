"""The desk of assessments 考核文件 KH (8.9): written by finance, approved by a leader, issued by finance."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from accounts.models import User
from accounts.steps import Step, Steps
from aftersales.charter import Department
from aftersales.display.paging import paged, word_of
from aftersales.forms import Yuan
from aftersales.operations import once
from aftersales.problems import Refusal
from deadlines.papers import EmptyForm, PaperDesk
from technical.flow import ReportStage
from technical.models import OURS, Report, Share
from technical.shown import percent, title

from ..flow import AssessmentStage
from ..models import Assessment
from ..services import assessing
from ..services.asking import Asked, answerable
from ..sheets import assessments as sheets

A = AssessmentStage


class CaseField(forms.ModelChoiceField):
    """A case by its number, with what failed."""

    def label_from_instance(self, report: Any) -> str:
        return f"{report.number} · {title(report)}".rstrip(" ·")


class NewForm(forms.Form):
    """Whom, how much and on which final judgement it rests (C25)."""

    case: Report | None = None  # named, and final

    report = CaseField(
        queryset=Report.objects.filter(
            stage=ReportStage.FINAL, pk__in=Share.objects.filter(replaced=False, party__in=OURS).values("report")
        ).order_by("-pk"), to_field_name="number", label=gettext_lazy("Quality report"),
        help_text=gettext_lazy("Final cases that hold somebody of ours responsible and of which not everything was settled."),
    )  # fmt: skip

    person = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True).order_by("name", "pk"), to_field_name="username",
        label=pgettext_lazy("assessment", "Person"),
    )  # fmt: skip
    amount = Yuan()
    basis = forms.CharField(
        label=gettext_lazy("How it was computed"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def offer(self, report: Report, rows: list[Asked]) -> None:
        """The case is named: whom its judgement holds responsible, and where that is one, what the standard asks of him."""
        self.case = report
        named = {
            row.person.username: in_words(row) for row in reversed(rows)
        }  # of two shares the first comes first
        self.fields["report"].widget = forms.HiddenInput()
        self.fields["person"].widget.choices = [("", "–"), *reversed(named.items())]  # type: ignore[attr-defined]  # a select
        if len(named) == 1:
            self.initial.update(
                person=rows[0].person.username, amount=rows[0].amount or None, basis=rows[0].basis
            )


def in_words(row: Asked) -> str:
    """Name, department, share, clause, and the most that it asks."""
    places = ", ".join(str(Department(place).label) for place in sorted(row.person.departments()))
    clause = _("clause {number}: {most} yuan at most").format(number=row.share.clause.number, most=row.amount)
    return " · ".join([str(row.person), places, percent(row.share.percent), clause])


APPROVE = "assessment.approve"
STEPS = Steps(Assessment, [
    Step("approve", gettext_lazy("Approve"), "8.9", APPROVE, EmptyForm, assessing.approve, (A.DRAFT,), ("approve",)),
    Step("drop", gettext_lazy("Drop"), "8.9", APPROVE, EmptyForm, assessing.drop, (A.DRAFT, A.APPROVED), ("drop",), danger=True),
    Step("issue", gettext_lazy("Issue the assessment"), "8.9", "assessment.issue", EmptyForm, assessing.issue, (A.APPROVED,),
         ("issue",), reauthenticate=True),
], lock=assessing.locked, apart=lambda paper, user, step: assessing.apart(paper, user, step.name))  # fmt: skip


def assessments_for(user: Any) -> Any:
    return Assessment.objects.visible_to(user).select_related(
        "person", "made_by", "approved_by", "issued_by", "case"
    )


def payload(paper: Assessment, user: Any) -> dict[str, Any]:
    """Facts of an assessment; amount and loss of the case are strings of yuan, `report` the number of the case."""
    return {
        "person": paper.person.username, "amount": str(paper.amount), "basis": paper.basis, "report": paper.about,
        "clause": paper.clause, "loss": None if paper.loss is None else str(paper.loss), "approved_at": paper.approved_at,
        "issued_at": paper.issued_at,
    }  # fmt: skip


ACTS = {
    "draft": gettext_lazy("Drafted"), "approve": pgettext_lazy("act", "Approved"), "drop": pgettext_lazy("act", "Dropped"),
    "issue": pgettext_lazy("act", "Issued"),
}  # fmt: skip
DESK = PaperDesk(
    app="finance", name="assessment", plural="assessments", steps=STEPS, view="assessment.view", step_action="assessment.step",
    rows=assessments_for, sheet=sheets.assessment, payload=payload,
    home=("finance:assessments", gettext_lazy("Assessments")), acts=ACTS,
)  # fmt: skip


@action("assessment.view")
@require_GET
def assessment_list(request: Any) -> HttpResponse:
    """All, or his own; newest first."""
    context = paged(request, assessments_for(request.user))
    return render(
        request, "finance/assessments.html", context | {"may_draft": may(request.user, "assessment.draft")}
    )


def _offer(form: NewForm, request: Any) -> None:
    number = str(request.POST.get("report") or form.initial["report"]).replace("\x00", "")
    choice = cast(forms.ModelChoiceField, form.fields["report"])
    report = choice.queryset.filter(number=number).first()  # type: ignore[union-attr]  # it has one
    if report is not None:
        form.offer(report, answerable(report, request.arrived_at))


@action("assessment.draft")
@require_http_methods(["GET", "POST"])
@once
def new(request: Any) -> HttpResponse:
    """Write one (J80): first of which case, then of whom."""
    form = NewForm(
        request.POST if request.method == "POST" else None, initial={"report": word_of(request, "report", 20)}
    )
    _offer(form, request)
    if form.is_bound and form.is_valid():
        try:
            paper = assessing.draft(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("{number} waits for a leader.").format(number=paper.number))
            return redirect(paper)
    return render(
        request, "finance/new_assessment.html", {"form": form}, status=422 if form.is_bound else 200
    )
