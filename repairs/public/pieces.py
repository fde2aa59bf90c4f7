"""Photos and videos of a customer on their way, piece by piece (A03, 4.3): beside the plain file field, which needs none of it.

The key stands in a header, never in an address; an unknown one is answered as a forgotten one. What has arrived and was
judged comes back as a seal, which the form sends along (`pictures.py`).
"""

import base64
import binascii
import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import public
from aftersales.files import limits, pieces
from aftersales.problems import BadEntry, Refusal

from ..gate import address_of
from .limits import let_judge, let_piece

KEY, OFFSET, DIGEST = "Upload-Key", "Upload-Offset", "Content-Digest"
NAMEPLATE = "nameplate"
View = Callable[..., HttpResponse]


class Forgotten(Refusal):
    """No file of this key: never begun, or left for a day."""

    status = 404


def answered(view: View) -> View:
    """What the portal refuses is an answer of one sentence; nothing of it is kept by a browser."""

    @functools.wraps(view)
    def wrapped(request: Any) -> HttpResponse:
        try:
            response = view(request)
        except Refusal as refusal:
            response = refusal.tell_when(_told(refusal))
        except ObjectDoesNotExist:  # swept in this very moment
            response = _told(Forgotten(GONE))
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


GONE = _("This file is no longer known here. Please choose it again.")


def _told(refusal: Refusal) -> HttpResponse:
    said: dict[str, Any] = {"sentence": str(refusal)}
    if isinstance(refusal, pieces.OutOfStep):
        said["offset"] = refusal.offset
    return JsonResponse(said, status=refusal.status)


@public("report.upload_pieces")
@require_http_methods(["GET", "HEAD", "POST"])
@answered
def files(request: Any) -> HttpResponse:
    """POST `size` begins a file: its key, and how large the pieces may be. GET asks how far the file of a key is."""
    if request.method != "POST":
        row = _known(request.headers.get(KEY, ""))
        return JsonResponse({"offset": row.received, "size": row.size, "done": bool(row.sha256)})
    size = request.POST.get("size", "")
    if not (size.isascii() and size.isdigit() and len(size) < 12):
        raise BadEntry(_("Say how many bytes the file has."))
    key = pieces.begin(size=int(size), address=address_of(request), at=request.arrived_at)
    begun = {"key": key, "offset": 0, "piece": limits.PIECE_OFFER, "most": limits.PIECE_BYTES}
    return JsonResponse(begun, status=201)


@public("report.upload_pieces")
@require_POST
@answered
def piece(request: Any) -> HttpResponse:
    """One piece (its bytes are the body) with its offset and its digest (RFC 9530); answers how far the file is now."""
    let_piece(request, request.arrived_at)
    row = _known(request.headers.get(KEY, ""))
    offset = request.headers.get(OFFSET, "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 12):
        raise BadEntry(_("Say where the piece begins."))
    body = request.read(limits.PIECE_BYTES + 1)
    if len(body) > limits.PIECE_BYTES or not _whole(body, request.headers.get(DIGEST, "")):
        raise BadEntry(_("This piece has not arrived as it was sent."))
    return JsonResponse({"offset": pieces.put(row, offset=int(offset), piece=body, at=request.arrived_at)})


@public("report.upload_pieces")
@require_POST
@answered
def done(request: Any) -> HttpResponse:
    """Everything is here: judged and kept, the file's seal comes back. Asked twice it answers the same file."""
    let_judge(request, request.arrived_at)
    row = _known(request.headers.get(KEY, ""))
    about = NAMEPLATE if request.POST.get("about") == NAMEPLATE else ""
    name, kind = request.POST.get("name", "")[-60:], "image" if about else "any"
    kept = pieces.finish(row, name=name, about=about, kind=kind)
    return JsonResponse({"seal": kept.seal, "kind": kept.kind, "size": kept.size})


def _known(key: str) -> Any:
    row = pieces.find(key[:64])
    if row is None:
        raise Forgotten(GONE)
    return row


def _whole(body: bytes, digest: str) -> bool:
    """Whether the body has the digest that its sender took of it."""
    told = digest.removeprefix("sha-256=:").removesuffix(":")
    try:
        return constant_time_compare(base64.b64decode(told, validate=True), hashlib.sha256(body).digest())
    except (binascii.Error, ValueError):
        return False
