"""“My data”: the customer reads and takes along what is kept of him, once he has also given the phone number (PIPL 45)."""

from typing import Any

from django.core import signing
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import public
from aftersales import files
from aftersales.problems import Refusal

from ..models import Ticket
from ..services.core import log
from . import kept
from .door import Door, of_customer
from .forms import MyDataForm
from .limits import let_look, let_take
from .private import shown_files
from .track import NOBODY

SALT, OPEN_FOR = "my data", 600  # seconds in which the file may be taken after the phone was given


class Wrong(Refusal):
    """One sentence, whatever was wrong."""

    status = 422


@public("customer.my_data")
@require_http_methods(["GET", "POST"])
@of_customer
def my_data(request: Any, door: Door) -> HttpResponseBase:
    """Nothing of it is kept with an operation's key: the same question twice is answered twice."""
    form = MyDataForm(request.POST if request.method == "POST" and "proof" not in request.POST else None)
    try:
        if request.method == "POST" and "proof" in request.POST:
            return _file(request, door)
        if form.is_valid():
            return _shown(request, door, form.cleaned_data["phone"])
    except Refusal as refusal:
        return refusal.tell_when(_asking(request, door, form, refusal))
    return _asking(request, door, form)


def _asking(request: Any, door: Door, form: MyDataForm, refusal: Refusal | None = None) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.is_bound else 200
    known = {"form": form, "ticket": door.ticket, "home": door.url(), "refusal": refusal, "closed": False}
    return render(request, "public/my_data.html", known, status=status)


def _shown(request: Any, door: Door, phone: str) -> HttpResponse:
    let_look(request, door.ticket.pk, request.arrived_at)
    if not knows(door.ticket, phone):
        raise Wrong(_("This is not the phone number that was given with the report."))
    log(door.ticket, "my_data", by=None, at=request.arrived_at)
    known = {
        "groups": kept.groups_of(door.ticket), "files": shown_files(door), "ticket": door.ticket, "home": door.url(),
        "rights": door.url("rights"),
        "here": door.url("my_data"), "proof": signing.dumps(_seal(door.ticket), salt=SALT),
    }  # fmt: skip
    return render(request, "public/my_data_shown.html", known)


def knows(ticket: Ticket, phone: str) -> bool:
    """Two comparisons in constant time, whatever is known."""
    fits = [
        constant_time_compare(known or NOBODY, phone)
        for known in (ticket.contact.phone, ticket.contact.alt_phone)
    ]
    return any(fits)


def _seal(ticket: Ticket) -> list[int]:
    return [ticket.pk, ticket.private_version]


def _file(request: Any, door: Door) -> HttpResponseBase:
    try:
        proof = signing.loads(request.POST["proof"], salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        proof = None
    if proof != _seal(door.ticket):
        raise Wrong(_("Ten minutes are over. Please enter the phone number again."))
    if request.POST.get("as") == "zip":
        return _zip(door.ticket, request)
    answer = JsonResponse(
        kept.as_json(door.ticket, request.arrived_at), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="{door.ticket.number}.json"'
    return answer


def _zip(ticket: Ticket, request: Any) -> StreamingHttpResponse:
    """The same with his pictures and videos; counted, for it may be large."""
    let_take(ticket.pk, request.arrived_at)
    answer = StreamingHttpResponse(
        files.bundle(kept.as_files(ticket, request.arrived_at)), content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="{ticket.number}.zip"'
    return answer
