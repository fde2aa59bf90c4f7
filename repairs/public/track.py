"""Number and phone open a report for half an hour (A02). Known and unknown take the same steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.access import public
from aftersales.problems import Refusal

from ..models import Ticket
from .door import careful, let_in_for_a_while
from .forms import TrackForm
from .limits import let_track

NOBODY = "+0"
NOT_FOUND = _("We find no report with this number and this phone. Please check both, or call our hotline.")


def matching(number: str, phone: str) -> Ticket | None:
    """The report with this number if the phone is its contact's; one query and two comparisons, whatever is known."""
    ticket = Ticket.objects.select_related("contact").filter(number=number).first()
    phones = [ticket.contact.phone, ticket.contact.alt_phone] if ticket else [NOBODY, NOBODY]
    fits = [constant_time_compare(known or NOBODY, phone) for known in phones]
    return ticket if any(fits) and ticket else None


@public("report.track")
def track(request: Any) -> HttpResponse:
    form = TrackForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return careful(_opened(request, form))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                return careful(refusal.tell_when(_page(request, form, refusal.status)))
    return careful(_page(request, form, status))


def _opened(request: Any, form: TrackForm) -> HttpResponse:
    number, phone = form.cleaned_data["number"], form.cleaned_data["phone"]
    let_track(request, number, request.arrived_at)
    ticket = matching(number, phone)
    if ticket is None:
        raise Unknown(NOT_FOUND)
    let_in_for_a_while(request, ticket, request.arrived_at)
    return redirect("public:tracked_private")


class Unknown(Refusal):
    """One sentence for a wrong number and a wrong phone."""

    status = 422


def _page(request: HttpRequest, form: TrackForm, status: int) -> HttpResponse:
    return render(request, "public/track.html", {"form": form, "over": "over" in request.GET}, status=status)
