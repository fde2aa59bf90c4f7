"""What the departments' endpoints share: pages by key, and the words of the description."""

import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from .jsonforms import Unreadable, record, ref
from .problems import BadEntry

HALF = re.compile("[\ud800-\udfff]")
PAGE = 50
LARGEST = 18  # digits of a key
CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before")
MANY = [CURSOR]
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key answers the same result once."
)
PROBLEM = record(type="text", title="text", status="int") | {
    "description": "RFC 9457; `clause` where the charter refused"
}
PROBLEM["properties"] |= {
    "detail": {"type": "string"}, "clause": {"type": "string"}, "field": {"type": "string"},
    "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
}  # fmt: skip


def refusals(*codes: int) -> dict[tuple[int, str], Any]:
    """The problems that an endpoint may answer, for its description."""
    return {(code, "application/problem+json"): ref("Problem") for code in codes}


def page_of(request: Any, rows: Any, row: Any) -> Response:
    """A page by key, newest first; `next` is the cursor of the page after it."""
    after = _cursor(request.query_params.get("cursor", ""))
    found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else None
    return Response({"results": [row(each) for each in found[:PAGE]], "next": more})


def _cursor(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= LARGEST):
        raise Unreadable(_("This cursor is not one that a page gave."), field="cursor")
    return int(text or 0)


def asked(request: Any, name: str, limit: int = 80) -> str:
    """A word of the query, without what no database can hold."""
    return request.query_params.get(name, "").replace("\x00", "").strip()[:limit]


class Json(JSONParser):
    """JSON whose texts a database can hold: half of a character (a lone surrogate) is refused at its entry."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return self._whole(super().parse(stream, media_type, parser_context))
        except RecursionError as deep:  # lists in lists without end
            raise ParseError(_("The body is nested too deeply.")) from deep

    def _whole(self, data: Any) -> Any:
        for name, value in data.items() if isinstance(data, dict) else [("", data)]:
            if HALF.search(json.dumps([name, value], ensure_ascii=False)):
                field = "" if HALF.search(name) else name
                raise BadEntry(_("This entry holds a character that is none."), field=field)
        return data
