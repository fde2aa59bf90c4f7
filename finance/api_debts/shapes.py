"""What these endpoints share: parameters, bodies, the row of what takes two persons."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from accounts.services.again import prove
from aftersales.jsonforms import Unreadable, record, ref, schema_of
from aftersales.problems import BadEntry
from aftersales.rest import refusals

PK = OpenApiParameter("id", int, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH)
SECRET = {
    "application/json": {
        "type": "object",
        "properties": {"secret": {"type": "string"}},
        "required": ["secret"],
    }
}
PROPOSAL = {
    "id": "int", "amount": "text", "reason": "text", "proposed_by": "text", "proposed_at": "moment", "seconded_by": "text?",
    "done_at": "moment?", "dropped_at": "moment?",
}  # fmt: skip
FILE = {
    "multipart/form-data": {
        "type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "keep": {"type": "boolean"}},
        "required": ["file"],
    }
}  # fmt: skip


def body_of(form: Any, **more: Any) -> dict[str, Any]:
    """A form as a JSON body (a file needs multipart), with entries beside it."""
    found = schema_of(form, files=False)
    required = [*found.get("required", []), *more]
    return {"application/json": found | {"properties": found["properties"] | more, "required": required}}


def answers(name: str, status: int = 200, *codes: int) -> dict[Any, Any]:
    return {status: ref(name)} | refusals(400, 401, 403, 404, *codes)


def page_schema(name: str) -> dict[str, Any]:
    return record(results=f"[{name}]", next="text?")


def split_body(request: Any, *names: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The body without these entries and without its files, and them as text."""
    if not isinstance(request.data, Mapping):
        raise Unreadable(_("The body must be one JSON object with the entries of the form."))
    body = {name: value for name, value in request.data.items() if name not in request.FILES}
    taken = {name: str(body.pop(name, "") or "").replace("\x00", "") for name in names}
    return body, taken


def proven(request: Any, clause: str = "") -> dict[str, Any]:
    """By whom and when, once `secret` has shown again who he is; nothing else may stand in the body."""
    body, taken = split_body(request, "secret")
    if body:
        raise BadEntry(_("This form has no entry of this name."), field=min(map(str, body))[:80])
    prove(request.user, taken["secret"], request.arrived_at, clause)
    return {"by": request.user, "at": request.arrived_at}


def proposal_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "amount": str(row.amount), "reason": row.reason, "proposed_by": row.proposed_by.username,
        "proposed_at": row.proposed_at, "seconded_by": row.seconded_by.username if row.seconded_by else None,
        "done_at": row.done_at, "dropped_at": row.dropped_at,
    }  # fmt: skip


def number_of(paper: Any) -> str | None:
    return paper.number if paper is not None else None
