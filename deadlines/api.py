"""`/api/v1/duties`: what I owe, by when."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import record, ref
from aftersales.rest import refusals

from .models import Deadline
from .selectors import duties

SCHEMAS = {
    "Duty": record(
        rule="text", clause="text", label="text", subject="text", url="text", opened_at="moment", due_at="moment",
        missed="bool", provisional="bool",
    ),
    "Duties": record(results="[Duty]"),
}  # fmt: skip


def as_json(row: Deadline, at: Any) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "clause": row.clause,
        "label": str(row.row.label),
        "subject": row.title,
        "url": row.url,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "missed": row.is_missed(at),
        "provisional": row.provisional,
    }


@extend_schema(operation_id="duties", responses={200: ref("Duties")} | refusals(401, 403))
@action("own.home")
@api_view(["GET"])
def my_duties(request: Any) -> Response:
    """What I owe, soonest first: rule, clause, subject, due_at, missed."""
    at = request.arrived_at
    return Response({"results": [as_json(row, at) for row in duties(request.user, at)]})
