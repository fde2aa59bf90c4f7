"""Reports that people type in: customer service while the customer talks (3.1), sales what they were told (2.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal
from repairs import services
from repairs.forms import PhoneIntakeForm, RelayForm
from repairs.known import SHORTEST, known_by


@action("report.create_by_phone")
@require_http_methods(["GET", "POST"])
@once
def new(request: Any) -> HttpResponse:
    """Phone intake: saved is reported and recorded at once; then the hand-over form with the suggested engineers."""
    known = {name: request.GET.get(name, "") for name in ("phone", "vin", "model")}
    form = _form(request, PhoneIntakeForm, {"urgency": "normal", **known})
    if request.method == "POST" and form.is_valid():
        at = request.arrived_at
        try:
            ticket = services.phone_in(by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            return _page(request, "repairs/new.html", form, refusal)
        messages.success(
            request, _("Ticket {number} is recorded (9.1). Now hand it over.").format(number=ticket.number)
        )
        return _go(request, reverse("repairs:ticket", args=[ticket.number]) + "?step=hand_over")
    return _page(request, "repairs/new.html", form)


@action("referral.create")
@require_http_methods(["GET", "POST"])
@once
def relay(request: Any) -> HttpResponse:
    """Sales passes a report on to customer service within 12 hours of hearing it (2.3)."""
    form = _form(request, RelayForm, {"urgency": "normal"})
    form.fields.pop("remark", None)
    if request.method == "POST" and form.is_valid():
        at = request.arrived_at
        try:
            ticket = services.relay(by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            return _page(request, "repairs/relay.html", form, refusal)
        told = _("Relayed: {number}. Customer service hands it over within 12 hours (3.2).")
        messages.success(request, told.format(number=ticket.number))
        return _go(request, ticket.get_absolute_url())
    return _page(request, "repairs/relay.html", form)


def _form(request: Any, kind: Any, initial: dict[str, Any]) -> Any:
    form = kind(request.POST) if request.method == "POST" else kind(initial=initial)
    form.fields["symptom"].widget.attrs["rows"] = 2
    form.fields["vin"].help_text = ""
    return form


def _page(request: Any, template: str, form: Any, refusal: Refusal | None = None) -> HttpResponse:
    if refusal is not None and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
        refusal = None
    status = 422 if form.is_bound else 200
    draft = f"{request.user.pk}:{request.resolver_match.url_name}"
    return render(request, template, {"form": form, "refusal": refusal, "draft": draft}, status=status)


def _go(request: Any, url: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)


@action("report.create_by_phone", "referral.create")
@require_GET
def known(request: Any) -> HttpResponse:
    """Who is calling: customers, vehicles and open tickets of this phone number, as far as this person may see them."""
    phone = request.GET.get("phone", "").strip()
    return render(
        request,
        "repairs/_known.html",
        {"found": known_by(phone, request.user), "asked": len(phone) >= SHORTEST},
    )
