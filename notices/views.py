"""The inbox of the person who is signed in, his wishes, and the outbox's undelivered letters (H08)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action

from . import rules, selectors, services
from .forms import PreferenceForm
from .models import Channel, Notification

DEAD_ON_PAGE = 100


@action("own.inbox")
@require_GET
def inbox(request: Any) -> HttpResponse:
    return render(
        request,
        "notices/inbox.html",
        _inbox(request, PreferenceForm(instance=selectors.preference(request.user))),
    )


def _inbox(request: Any, form: PreferenceForm) -> dict[str, Any]:
    page = selectors.inbox(request.user, request.GET.get("after", ""))
    newest = max((row.pk for row in page.rows), default=0)
    older = f"{reverse('notices:inbox')}?after={page.after}" if page.after else ""
    return {
        "rows": page.rows,
        "older": older,
        "newest": newest,
        "form": form,
        "waiting": any(row.waits for row in page.rows),
        "quiet_from": rules.QUIET_FROM,
        "quiet_until": rules.QUIET_UNTIL,
    }


@action("own.inbox")
@require_GET
def open_notice(request: Any, pk: int) -> HttpResponse:
    """On to what the notice is about; opening it is reading it."""
    row = get_object_or_404(Notification, pk=pk, recipient=request.user, channel=Channel.APP)
    services.mark_read(row, at=request.arrived_at)
    return redirect(row.url if url_has_allowed_host_and_scheme(row.url, None) else "notices:inbox")


@action("own.inbox")
@require_POST
def read_all(request: Any) -> HttpResponse:
    until = request.POST.get("until", "")
    if until.isdecimal():
        services.mark_all_read(request.user, until=int(until), at=request.arrived_at)
    return redirect("notices:inbox")


@action("own.notices")
@require_POST
def prefer(request: Any) -> HttpResponse:
    form = PreferenceForm(request.POST, instance=selectors.preference(request.user))
    if not form.is_valid():
        return render(request, "notices/inbox.html", _inbox(request, form), status=422)
    services.prefer(request.user, **form.cleaned_data)
    messages.success(request, _("From now on you are told in this way."))
    return redirect("notices:inbox")


@action("outbox.retry_dead")
def outbox(request: Any) -> HttpResponse:
    """What was given up after eight attempts; the button sends it again."""
    if request.method == "POST":
        return _retry(request)
    page = Paginator(selectors.dead(), DEAD_ON_PAGE).get_page(1)
    return render(request, "notices/outbox.html", {"rows": page.object_list, "count": page.paginator.count})


def _retry(request: Any) -> HttpResponse:
    chosen = [int(pk) for pk in request.POST.getlist("row") if pk.isdigit()]
    count = services.retry_dead(chosen, by=request.user, at=request.arrived_at)
    said = ngettext("{count} notice goes out again.", "{count} notices go out again.", count).format(
        count=count
    )
    messages.success(request, said)
    return redirect("notices:outbox")
