"""How a view answers a wish for a workbook: a short one at once, a long one with the way to the downloads."""

from collections.abc import Callable
from typing import IO, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..problems import Refusal
from ..xlsx import dated, held, workbook
from .asking import PAGE, ask, is_long
from .writers import Note


def answer(
    request: Any,
    kind: str,
    wishes: dict[str, str],
    rows: QuerySet[Any],
    write: Callable[[IO[bytes], Any], Note],
) -> HttpResponseBase:
    """`rows` as a file named after its `kind`: `write(out, rows)` now if they are few, else its writer in a worker."""
    name = dated(kind, request.arrived_at)
    if is_long(rows):
        return _later(request, kind, wishes, name)
    return workbook(held(lambda out: write(out, rows)()), name)


def _later(request: Any, kind: str, wishes: dict[str, str], name: str) -> HttpResponseBase:
    try:
        ask(request.user, kind, wishes, name, request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The list is long: it is being written, and you are told when it is ready.")
        )
    return redirect(PAGE)
