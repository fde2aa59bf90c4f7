"""Hand-overs (2.1): the list, a record with its versions, writing one on the phone, correcting, withdrawing, printing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from aftersales import files
from aftersales.display.paging import paged, word_of
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.paper import answers
from aftersales.problems import Refusal

from . import delivering, delivery_sheet
from .briefing import checklist_of, named
from .delivery_forms import CorrectionForm, DeliveryForm, beginning
from .forms import ReasonForm
from .models import Delivery, Vehicle
from .selectors import (
    customers_for,
    deliveries_for,
    shown_customer,
    vehicle_by_vin,
    vehicles_for,
    without_record,
)
from .views import at_field

BRIEF, VIEW = delivering.BRIEF, "delivery.view"
OPEN = 200  # vehicles without a record that the page lists


@action(VIEW)
@require_GET
def deliveries(request: Any) -> HttpResponse:
    """Records that count, newest first; and for a salesperson the sold vehicles that have none yet."""
    rows = deliveries_for(request.user).filter(current=True)
    word = word_of(request, "vin", 40)
    rows = rows.filter(vehicle__in=Vehicle.objects.found_by(word)) if word else rows
    open_ = without_record(vehicles_for(request.user)).select_related("model", "customer__person")
    open_ = open_.filter(seller=request.user) if "SALES" in request.user.roles else open_.none()
    context: dict[str, Any] = {
        "word": word, "open": list(open_.order_by("-pk")[:OPEN]), "may_brief": may(request.user, BRIEF),
        "points": len(checklist_of(local_day(request.arrived_at)).points),
    }  # fmt: skip
    context |= paged(request, rows)
    for row in (*context["open"], *context["rows"]):
        row.buyer = shown_customer(request.user, row.customer)
    return render(request, "sales/deliveries.html", context)


@action(BRIEF)
@require_http_methods(["GET", "POST"])
@once
def new_delivery(request: Any) -> HttpResponse:
    """The whole hand-over in one form: what is wrong stands at its field, and nothing typed or signed is lost."""
    demand(request.user, BRIEF, Vehicle(seller=request.user))
    today = local_day(request.arrived_at)
    vin = request.GET.get("vin", "").replace("\x00", "").strip()[:40]
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    initial = {} if sent else beginning(_own_vehicle(request, vin), vin, today)
    form = DeliveryForm(*sent, checklist=checklist_of(today), initial=initial)
    if sent and form.is_valid():
        try:
            row = delivering.deliver(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            at_field(form, refusal)
        else:
            messages.success(
                request, _("Delivered. The record {number} is signed.").format(number=row.number)
            )
            return redirect(row)
    context = {"form": form, "draft": f"delivery-{request.user.pk}"}
    return render(request, "sales/new_delivery.html", context, status=422 if sent else 200)


def _own_vehicle(request: Any, vin: str) -> Vehicle | None:
    """What the form may fill in: a vehicle that is his, or nobody's yet."""
    found = vehicle_by_vin(vin) if vin else None
    return found if found is not None and found.seller_id in (None, request.user.pk) else None


def seen(request: Any, number: str) -> Delivery:
    return get_object_or_404(deliveries_for(request.user), number=number.replace("\x00", ""))


@action(VIEW)
@require_GET
def delivery(request: Any, number: str) -> HttpResponse:
    """A record, its other versions, and what can be done with it."""
    row = seen(request, number)
    versions = Delivery.objects.filter(vehicle=row.vehicle_id, number__startswith=row.series)
    context = {
        "delivery": row, "parts": delivery_sheet.parts(row, request.user), "ink": delivery_sheet.ink(row, request.user),
        "versions": versions.select_related("made_by").order_by("version"), "reason_form": ReasonForm(),
        "acts": row.current and may(request.user, BRIEF, row),
        "shows_photo": bool(row.key) and may(request.user, "customer.view", row.customer),
    }  # fmt: skip
    return render(request, "sales/delivery.html", context)


@action(BRIEF)
@require_http_methods(["GET", "POST"])
@once
def correct(request: Any, number: str) -> HttpResponse:
    row = seen(request, number)
    demand(request.user, BRIEF, row)
    sent = [request.POST] if request.method == "POST" else []
    form = CorrectionForm(*sent, delivery=row, checklist=named(row.checklist))
    if sent and form.is_valid():
        try:
            done = delivering.correct(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            at_field(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(done)
    context = {"form": form, "delivery": row}
    return render(request, "sales/correct_delivery.html", context, status=422 if sent else 200)


@action(BRIEF)
@require_POST
@once
def withdraw(request: Any, number: str) -> HttpResponse:
    """A record of the wrong vehicle counts no more."""
    row, form = seen(request, number), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        delivering.withdraw(row, reason=reason, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect(row)


@action(VIEW)
@require_GET
def photo(request: Any, number: str, key: str) -> HttpResponseBase:
    """The photo of the hand-over, for whom the customer is open; without metadata."""
    row = get_object_or_404(
        deliveries_for(request.user).exclude(key=""), number=number.replace("\x00", ""), key=key
    )
    get_object_or_404(customers_for(request.user), pk=row.customer_id)
    return files.serve(request, files.Picture(row.sha256), row.number, original=False)


@action(VIEW)
@require_GET
def print_page(request: Any, number: str) -> HttpResponse:
    """The record as an A4 page."""
    row = seen(request, number)
    with translation.override(answers.language(request)):
        sheet = delivery_sheet.plain(row, by=request.user, at=request.arrived_at)
    return answers.page(request, sheet, row, reverse("sales:delivery_pdf", args=[row.number]))


@action(VIEW)
@require_GET
def pdf(request: Any, number: str) -> HttpResponse:
    """The same as PDF."""
    row = seen(request, number)
    with translation.override(answers.language(request)):
        return answers.file(delivery_sheet.plain(row, by=request.user, at=request.arrived_at))
