"""A person's downloads: what a worker is writing for him, how far it is, and the files of the last seven days."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import Denied, action
from accounts.services import audit
from aftersales import downloads
from aftersales.files.serving import SAFE
from aftersales.models import Download
from aftersales.xlsx import TYPE

SHOWN = 50


@action("list.export")
@require_GET
def mine(request: Any) -> HttpResponse:
    """The list; to its own poll the list alone. While something is being written it asks again every two seconds."""
    at = request.arrived_at
    rows = list(Download.objects.filter(user=request.user, asked_at__gt=at - 2 * downloads.KEPT)[:SHOWN])
    for row in rows:
        row.until = row.ready_at and row.ready_at + downloads.KEPT  # type: ignore[attr-defined]  # for the page
        row.open = row.state == Download.State.READY and row.until > at  # type: ignore[attr-defined]
        row.so_far, row.whole = f"{row.done:,}", f"{row.total:,}"  # type: ignore[attr-defined]
    waits = any(row.state in (Download.State.WAITING, Download.State.WRITING) for row in rows)
    template = (
        "pages/_downloads.html" if request.headers.get("HX-Target") == "downloads" else "pages/downloads.html"
    )
    return render(request, template, {"rows": rows, "waits": waits})


@action("list.export")
@require_GET
def file(request: Any, pk: int) -> HttpResponseBase:
    """The file to its owner and nobody else, as long as he holds what it was written with; each fetching is written down."""
    row = downloads.fetchable(request.arrived_at).filter(pk=pk, user=request.user).first()
    if row is None:
        get_object_or_404(Download, pk=pk, user=request.user, why=Download.Why.ERASED)
        messages.error(request, Download.Why.ERASED.label)
        return redirect("desk:downloads")
    if not downloads.may_fetch(row, request.user):
        raise Denied(_("Your rights have changed since this file was written. Please ask for it again."))
    try:
        content = downloads.path_of(row).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    audit("download.fetch", by=request.user, at=request.arrived_at, subject=row, kind=row.kind)
    return FileResponse(content, as_attachment=True, filename=row.name, content_type=TYPE, headers=SAFE)
