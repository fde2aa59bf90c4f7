"""Fines 违章 (8.4): one's own or all, one notice whole, entering one; the trip tells who drove."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.display import moments
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.paging import by_key, word_of
from aftersales.operations import once
from parts.views.pages import bound, fill, listed, opening

from .. import selectors
from ..forms.cars import AtTheWheel, FineForm
from ..models import Fine
from ..services import fining


@action("fine.view")
@require_GET
def fine_list(request: Any) -> HttpResponse:
    """Newest first; whoever drove sees his own."""
    found, more = by_key(request, selectors.fines_for(request.user))
    head = [(_("Number"), "tight"), (_("Happened at"), "tight"), (_("Car"), "tight"), (_("Driver"), ""),
            (_p("fine", "What for"), ""), (_("Amount"), "money"), (_("The driver's half"), "money")]  # fmt: skip
    rows = [
        (opening(x.get_absolute_url(), x.number), moments.when(x.happened_at), x.car.plate, str(x.driver), x.offence,
         yuan(x.amount), yuan(x.driver_half))
        for x in found
    ]  # fmt: skip
    new = [(_("Enter a fine"), reverse("dispatch:new_fine"))] if may(request.user, "violation.log") else []
    return listed(
        request, _("Fines"), head, rows, next=more, buttons=new, clause="8.4", empty=_("No fine"), icon="check-circle"
    )  # fmt: skip


@action("fine.view")
@require_GET
def fine(request: Any, number: str) -> HttpResponse:
    """What happened, who drove on which trip, and how it is borne."""
    found = get_object_or_404(selectors.fines_for(request.user), number=number.replace("\x00", ""))
    opened = found.trip is not None and found.trip_id in selectors.openable(request.user, [found.trip])
    facts = [
        (_("Car"), link(found.car, "plate") if may(request.user, "car.view") else found.car.plate),
        (_("Driver"), found.driver), (_("Happened at"), moments.when(found.happened_at)), (_("Place"), found.place or "–"),
        (_p("fine", "What for"), found.offence), (_("Number of the notice"), found.notice),
        (_("Trip"), (link(found.trip) if opened else found.trip) or _("on no trip")),
        (_("Amount"), yuan(found.amount)), (_("The driver's half"), yuan(found.driver_half)),
        (_("The company's half"), yuan(found.company_half)), (_("Entered"), by_at(found.made_by, found.made_at)),
    ]  # fmt: skip
    return render(request, "dispatch/fine.html", {"fine": found, "facts": facts})


@action("violation.log")
@require_http_methods(["GET", "POST"])
@once
def new_fine(request: Any) -> HttpResponse:
    """A notice (E05): half is the driver's, half the company's; the odd fen is the company's (8.4)."""
    form = bound(request, FineForm, initial={"car": word_of(request, "car", 12)})
    wheel = at_the_wheel(form.data) if form.is_bound else None
    return fill(
        request, form, fining.enter, title=_("Enter a fine"), back=reverse("dispatch:fines"),
        template="dispatch/new_fine.html", wheel=wheel,
    )  # fmt: skip


@action("violation.log")
@require_GET
def wheel(request: Any) -> HttpResponse:
    """Who drove the car then, or the question, if no trip tells it; the form asks for it after every change."""
    context = {
        "wheel": at_the_wheel(request.GET),
        "form": FineForm(initial={"driver": word_of(request, "driver", 60)}),
    }
    return render(request, "dispatch/_wheel.html", context)


def at_the_wheel(data: Any) -> dict[str, Any] | None:
    """{"trip": the trip that had the car, or None}; None while car or moment are missing."""
    form = AtTheWheel(data)
    if not form.is_valid():
        return None
    return {"trip": fining.trip_of(form.cleaned_data["car"], form.cleaned_data["happened_at"])}


def row(found: Fine) -> dict[str, Any]:
    """A fine over the API; amounts are strings of yuan."""
    return {
        "number": found.number, "car": found.car.plate, "driver": found.driver.username,
        "trip": found.trip.number if found.trip else None, "happened_at": found.happened_at, "place": found.place,
        "offence": found.offence, "notice": found.notice, "amount": str(found.amount), "driver_half": str(found.driver_half),
        "company_half": str(found.company_half), "entered_at": found.made_at,
    }  # fmt: skip
