"""`/api/v1/quality-standards`: the versions of 9.7 as their pages show and take them; amounts and percents are strings."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals
from catalogue.api import CHECKED, checked, upload_of

from .. import imports, selectors
from ..forms.standards import ClauseForm, FileForm, NewForm, NumberForm
from ..models import Clause, Standard
from ..services import standards
from ..services.clauses import FACTS

VIEW, STEP, DRAFT, PUBLISH = "standard.view", "standard.step", standards.DRAFT, standards.PUBLISH
PK = OpenApiParameter("id", int, OpenApiParameter.PATH)
ROW = {
    "id": "int", "version": "text", "title": "text", "effective_on": "day", "stage": "text", "in_force": "bool",
    "drafted_by": "text", "drafted_at": "moment", "published_by": "text?", "published_at": "moment?",
}  # fmt: skip
SCHEMAS = {
    "StandardClause": record(
        number="text", category="text", criterion="text", party="text", severity="text", factor="text", method="text",
        amount="text?", percent="text?", points="int?", cap="text?", appeal_days="int",
    ),
    "StandardRow": record(**ROW),
    "Standard": record(**ROW, clauses="[StandardClause]"),
    "StandardPage": record(results="[StandardRow]", next="text?"),
}  # fmt: skip


def row_of(paper: Standard, now: Standard | None) -> dict[str, Any]:
    """A version's head; `in_force`: judgements of today go by it."""
    names = ("version", "title", "effective_on", "stage", "drafted_at", "published_at")
    return {name: getattr(paper, name) for name in names} | {
        "id": paper.pk, "in_force": now is not None and now.pk == paper.pk, "drafted_by": paper.drafted_by.username,
        "published_by": paper.published_by.username if paper.published_by else None,
    }  # fmt: skip


def clause_of(row: Clause) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    money = ("factor", "amount", "percent", "cap")
    return facts | {name: None if facts[name] is None else str(facts[name]) for name in money}


def _now(request: Any) -> Standard | None:
    return selectors.standard_on(local_day(request.arrived_at))


def opened(request: Any, pk: int) -> Standard:
    """A version that this person may see; else 404."""
    found: Standard = get_object_or_404(selectors.standards_for(request.user), pk=pk)
    return found


def _fresh(request: Any, pk: int) -> Response:
    return Response(row_of(opened(request, pk), _now(request)))


@extend_schema(operation_id="quality_standards", parameters=MANY,
               responses={200: ref("StandardPage")} | refusals(400, 401, 403))  # fmt: skip
@action(VIEW)
@api_view(["GET"])
def many(request: Any) -> Response:
    """Versions of the standard 9.7, newest first; drafts only for who writes or publishes them."""
    now = _now(request)
    return page_of(request, selectors.standards_for(request.user), lambda paper: row_of(paper, now))


@extend_schema(operation_id="quality_standard", parameters=[PK],
               responses={200: ref("Standard")} | refusals(401, 403, 404))  # fmt: skip
@action(VIEW)
@api_view(["GET"])
def one(request: Any, pk: int) -> Response:
    """One version with its clauses."""
    paper = opened(request, pk)
    clauses = [clause_of(row) for row in selectors.clauses_of(paper)]
    return Response(row_of(paper, _now(request)) | {"clauses": clauses})


@extend_schema(operation_id="draft_quality_standard", parameters=[KEY],
               request={"application/json": schema_of(NewForm())},
               responses={201: ref("StandardRow")} | refusals(400, 401, 403, 422))  # fmt: skip
@action(DRAFT)
@api_view(["POST"])
@once
def draft(request: Any) -> Response:
    """A draft (F08), empty or with the clauses of the version in force; somebody else publishes it."""
    form = bound(NewForm, request.data)
    if not form.is_valid():
        return of_form(form)
    head, at = dict(form.cleaned_data), request.arrived_at
    clauses = selectors.facts_in_force(local_day(at), FACTS) if head.pop("copy") else []
    paper = standards.draft_standard(**head, clauses=clauses, by=request.user, at=at)
    return Response(row_of(paper, _now(request)), 201)


@extend_schema(operation_id="import_quality_standard", parameters=[KEY], request=upload_of(FileForm()),
               responses=CHECKED)  # fmt: skip
@action(DRAFT)
@api_view(["POST"])
@once
def import_standard(request: Any) -> Response:
    """Check a workbook of clauses, every fault named; with `keep` and without a fault it becomes a draft."""
    form = FileForm(request.data, request.FILES)
    return checked(request, form, imports.read_clauses, lambda found, facts, file: standards.draft_standard(
        facts["version"], facts["title"], facts["effective_on"], clauses=found.rows, source=file.name, by=request.user,
        at=request.arrived_at,
    ))  # fmt: skip


@extend_schema(operation_id="put_quality_clause", parameters=[PK, KEY],
               request={"application/json": schema_of(ClauseForm())},
               responses={200: ref("StandardClause")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(DRAFT)
@api_view(["POST"])
@once
def put_clause(request: Any, pk: int) -> Response:
    """Write a clause into one's own draft; a second entry of its number replaces the first."""
    paper, form = opened(request, pk), bound(ClauseForm, request.data)
    if not form.is_valid():
        return of_form(form)
    row = standards.put_clause(paper, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(clause_of(row))


@extend_schema(operation_id="remove_quality_clause", parameters=[PK, KEY],
               request={"application/json": schema_of(NumberForm())},
               responses={200: ref("StandardRow")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(DRAFT)
@api_view(["POST"])
@once
def remove_clause(request: Any, pk: int) -> Response:
    """Take a clause out of one's own draft."""
    paper, form = opened(request, pk), bound(NumberForm, request.data)
    if not form.is_valid():
        return of_form(form)
    standards.remove_clause(paper, form.cleaned_data["number"], by=request.user, at=request.arrived_at)
    return _fresh(request, pk)


@extend_schema(operation_id="publish_quality_standard", parameters=[PK, KEY], request=None,
               responses={200: ref("StandardRow")} | refusals(401, 403, 404, 409, 422))  # fmt: skip
@action(STEP)
@api_view(["POST"])
@once
def publish(request: Any, pk: int) -> Response:
    """Put a version in force from its day on (F09); never one's own (SD05)."""
    demand(request.user, PUBLISH)
    standards.publish(opened(request, pk), by=request.user, at=request.arrived_at)
    return _fresh(request, pk)


@extend_schema(operation_id="drop_quality_standard", parameters=[PK, KEY], request=None,
               responses={200: ref("StandardRow")} | refusals(401, 403, 404, 409))  # fmt: skip
@action(STEP)
@api_view(["POST"])
@once
def drop(request: Any, pk: int) -> Response:
    """A draft that nobody shall publish."""
    demand(request.user, DRAFT)
    standards.drop(opened(request, pk), by=request.user, at=request.arrived_at)
    return _fresh(request, pk)


HERE = "quality-standards"
urlpatterns = [
    path(HERE, many, name="quality_standards"),
    path(f"{HERE}/draft", draft, name="draft_quality_standard"),
    path(f"{HERE}/import", import_standard, name="import_quality_standard"),
    path(f"{HERE}/<int:pk>", one, name="quality_standard"),
    path(f"{HERE}/<int:pk>/clauses", put_clause, name="put_quality_clause"),
    path(f"{HERE}/<int:pk>/clauses/remove", remove_clause, name="remove_quality_clause"),
    path(f"{HERE}/<int:pk>/publish", publish, name="publish_quality_standard"),
    path(f"{HERE}/<int:pk>/drop", drop, name="drop_quality_standard"),
]
