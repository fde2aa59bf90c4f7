"""The same POST twice has one effect and one answer (reliability: key, effect and answer in one transaction)."""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from . import clock
from .models import OperationKey, claim_key
from .problems import BadEntry

FIELD, HEADER = "operation", "Idempotency-Key"
View = Callable[..., HttpResponse]
Again = Callable[[HttpRequest, str], HttpResponse]


def key_of(request: HttpRequest) -> str:
    """The operation's key from the header or the form's hidden field, or ""."""
    return (request.headers.get(HEADER) or request.POST.get(FIELD, "")).replace("\x00", "")[:100]


def scope_of(request: HttpRequest) -> str:
    """Whose key it is: keys of two people never meet."""
    user = getattr(request, "user", None)
    return f"user:{user.pk}" if user is not None and user.is_authenticated else "public"


def fingerprint(request: HttpRequest) -> str:
    """What was asked: path, fields and the files' names, sizes and contents."""
    digest = hashlib.sha256(request.path.encode())
    if str(request.content_type).partition(";")[0].strip().lower() == "application/json":
        digest.update(_json_of(request))
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _json_of(request: Any) -> bytes:
    """The JSON that came, in one spelling; over the API it is already read."""
    if not hasattr(request, "accepted_renderer"):
        return request.body
    return json.dumps(request.data, sort_keys=True).encode()


def once(view: View | None = None, *, again: Again | None = None, other: View | None = None) -> Any:
    """Run the view in one transaction with its key; a repeated key answers what was answered before.

    `again(request, result)` rebuilds an answer that must not be stored (a private link, say) from the
    short text that the view left in `response.operation_result`; `other(request, …)` answers a form that comes with
    a key under which something else was sent.
    """
    if view is None:
        return functools.partial(once, again=again, other=other)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request)
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        asked = fingerprint(request)
        with transaction.atomic():
            at = getattr(request, "arrived_at", None) or clock.now()
            entry, is_new = claim_key(scope_of(request), key, asked, at)
            if not is_new and other is not None and entry.fingerprint != asked:
                return other(request, *args, **kwargs)
            if not is_new:
                return _again(request, entry, asked, again)
            return _settle(request, entry, _rendered(request, view(request, *args, **kwargs)), again)

    return wrapped


def _rendered(request: Any, response: Any) -> HttpResponse:
    """Its bytes are kept, so it is rendered here: a page's answer or, with the renderer DRF chose, the API's."""
    if not getattr(response, "is_rendered", True):
        for name in ("accepted_renderer", "accepted_media_type"):
            setattr(response, name, getattr(request, name, None))
        response.renderer_context = {"request": request, "response": response}
        response.render()
    return response


def _settle(
    request: HttpRequest, entry: OperationKey, response: HttpResponse, again: Again | None
) -> HttpResponse:
    """Keep a success with its key; after a refusal the corrected form may come with the same key."""
    if _succeeded(request, response):
        _keep(entry, response, again)
    else:
        entry.delete()
    return response


def _succeeded(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code >= 400:
        return False
    return (
        request.path.startswith("/api/") or response.status_code != 200 or "HX-Redirect" in response.headers
    )


def _keep(entry: OperationKey, response: HttpResponse, again: Again | None) -> None:
    entry.status = response.status_code
    if again is not None:
        entry.result = str(getattr(response, "operation_result", ""))
    else:
        entry.body, entry.content_type = response.content, response.headers.get("Content-Type", "")[:60]
        entry.location = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    entry.save()


def _again(request: HttpRequest, entry: OperationKey, asked: str, again: Again | None) -> HttpResponse:
    if entry.fingerprint != asked:
        sentence = _(
            "This form was already sent with other entries. Nothing was changed; please open it anew."
        )
        if request.path.startswith("/api/"):
            raise BadEntry(sentence)
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    if again is not None:
        return again(request, entry.result)
    status = 200 if request.headers.get("HX-Request") and entry.location else entry.status
    response = HttpResponse(bytes(entry.body), status=status, content_type=entry.content_type)
    if entry.location:
        response["HX-Redirect" if request.headers.get("HX-Request") else "Location"] = entry.location
    return response
