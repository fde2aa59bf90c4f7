"""Answers with a kept file. The view has asked the policy before; here only the headers are decided."""

from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from . import deriving, store

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


class Picture(NamedTuple):
    """A kept photo, as the store serves it."""

    sha256: str
    kind: str = "image"


def picture(sha256: str, size: str = "large", name: str = "") -> HttpResponseBase:
    """The picture as people see it: `large` (2048) or `thumb` (320), never the original."""
    path = deriving.path_of(sha256, size)
    if path is None:
        raise Http404
    return _send(path, "image/jpeg", content_disposition_header(False, f"{name or 'picture'}.jpg"))


def serve(request: HttpRequest, stored: Any, download_name: str, *, original: bool) -> HttpResponseBase:
    """`stored` has `sha256` and `kind`. The original, and every video, goes out as an attachment only."""
    if not original and stored.kind == "image":
        return picture(
            stored.sha256, "thumb" if request.GET.get("size") == "thumb" else "large", download_name
        )
    found = deriving.format_of(stored.sha256)
    if found is None:
        raise Http404
    content = f"video/{found.suffix}" if found.suffix in ("mp4", "webm") else "application/octet-stream"
    header = content_disposition_header(True, f"{download_name}.{found.suffix}")
    return _send(store.place(store.ORIGINALS, stored.sha256), content, header)


def _send(path: Path, content: str, disposition: str | None) -> HttpResponseBase:
    response = (
        _handed_over(path, content)
        if settings.MEDIA_ACCEL
        else FileResponse(path.open("rb"), content_type=content)
    )
    response["Content-Disposition"] = disposition or "attachment"
    for name, value in SAFE.items():
        response[name] = value
    return response


def _handed_over(path: Path, content: str) -> HttpResponse:
    """The web server in front sends the file (nginx: `internal`; MEDIA_ACCEL is the address of its location)."""
    response = HttpResponse(content_type=content)
    response["X-Accel-Redirect"] = (
        f"{settings.MEDIA_ACCEL.rstrip('/')}/{quote(str(path.relative_to(store.root())))}"
    )
    return response
