"""What the customer does on his page: write, add pictures, agree. A refusal stands where he tapped."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.access import public
from aftersales.addresses import posted
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import services
from ..selectors import own_attachments
from ..services import quotations
from . import private
from .door import Door, back, of_customer, to_page
from .forms import ConsentForm, MessageForm, PhotosForm, QuotationForm, TellingForm
from .limits import let_upload, let_write
from .panels import ACTS
from .pictures import LIMIT, Pictures


def done(request: HttpRequest, sentence: Any) -> HttpResponse:
    messages.success(request, sentence)
    return back(request)


def refused(request: HttpRequest, door: Door, refusal: Refusal, name: str, form: forms.Form) -> HttpResponse:
    """The page as the report stands now, with the sentence at its form and what was typed still in it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    door.ticket = private.fresh(door.ticket)
    return refusal.tell_when(private.show(request, door, status=refusal.status, **{name: form}))


def taken(
    request: Any, door: Door, name: str, form: forms.Form, act: Callable[..., Any], thanks: Any
) -> HttpResponse:
    """Do what the form asks (`act(ticket, at=…, **entries)`), within what one may write in an hour; else say why not."""
    if not form.is_valid():
        return private.show(request, door, status=422, **{name: form})
    try:
        let_write(door.ticket.pk, request.arrived_at)
        act(door.ticket, at=request.arrived_at, **form.cleaned_data)
    except Refusal as refusal:
        return refused(request, door, refusal, name, form)
    return done(request, thanks)


@public("ticket.message")
@posted(to_page)
@of_customer
@once(again=back)
def message(request: Any, door: Door) -> HttpResponse:
    """The customer writes to us (A20)."""
    form = MessageForm(request.POST)
    return taken(request, door, "message_form", form, services.message, _("Your message has reached us."))


@public("report.add_photo_public")
@posted(to_page)
@of_customer
def photos(request: Any, door: Door) -> HttpResponse:
    """More pictures, at most nine in all (A03, 4.3). They are judged before anything is locked."""
    form = PhotosForm(request.POST, request.FILES)
    form.fields["photos"].required = not request.POST.getlist("kept")  # they may have come before, in pieces
    if not form.is_valid():
        return private.show(request, door, status=422, photos_form=form)
    try:
        let_upload(request, request.arrived_at)
        room = LIMIT - own_attachments(door.ticket).count()
        pictures = Pictures(request, limit=max(room, 0))
    except Refusal as refusal:
        return refused(request, door, refusal, "photos_form", form)
    return _attach(request, door, form, pictures)


@once(again=back)
def _attach(request: Any, door: Door, form: PhotosForm, pictures: Pictures) -> HttpResponse:
    try:
        services.attach(door.ticket, pictures.kept, at=request.arrived_at)
    except Refusal as refusal:
        return refused(request, door, refusal, "photos_form", form)
    for _field, sentence in pictures.errors:
        messages.error(request, sentence)
    return done(request, _("Your pictures have reached us.")) if pictures.kept else back(request)


@public("plan.consent")
@posted(to_page)
@of_customer
@once(again=back)
def consent(request: Any, door: Door) -> HttpResponse:
    """The customer agrees to fit the part himself, to the plan whose told text he has before him (4.4a)."""
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return private.show(request, door, status=422, consent_form=form)
    try:
        signed = {name: form.cleaned_data[name] for name in ("signer", "strokes")}
        services.consent(door.ticket, at=request.arrived_at, plan_id=form.cleaned_data["plan"], **signed)
    except Refusal as refusal:
        return refused(request, door, refusal, "consent_form", form)
    return done(request, _("Thank you. Your consent is written down."))


@public("quote.answer")
@posted(to_page)
@of_customer
@once(again=back)
def quotation(request: Any, door: Door) -> HttpResponse:
    """The customer accepts or declines the quotation that he has before him (9.4, B22)."""
    form = QuotationForm(request.POST)
    if not form.is_valid():
        return private.show(request, door, status=422, quotation_form=form)
    entries = form.cleaned_data
    quote = get_object_or_404(door.ticket.quotations.exclude(sent_at=None), pk=entries["quotation"])
    try:
        let_write(door.ticket.pk, request.arrived_at)
        if entries["answer"] == "accept":
            quotations.accept(quote, at=request.arrived_at)
            return done(request, _("Thank you. You have accepted the quotation."))
        quotations.decline(quote, at=request.arrived_at, reason=entries["reason"])
    except Refusal as refusal:
        return refused(request, door, refusal, "quotation_form", form)
    return done(request, _("You have declined the quotation. Your engineer hears of it and calls you."))


@public("quality.customer_dispute")
@posted(to_page)
@of_customer
@once(again=back)
def dispute(request: Any, door: Door) -> HttpResponse:
    """The customer disputes “human damage” or a charge (F11, 4.5a); technical has said what becomes of it."""
    raised = ACTS["dispute"]
    return taken(request, door, "dispute_form", raised.form(request.POST), raised.do, raised.thanks)


@public("parcel.arrived")
@posted(to_page)
@of_customer
@once(again=back)
def arrived(request: Any, door: Door) -> HttpResponse:
    """The customer has his parcel in hand (6.3); whoever keeps the parcels has said what becomes of it."""
    told = ACTS["arrived"]
    form = told.form(request.POST)
    if not form.is_valid():
        return back(request)
    try:
        let_write(door.ticket.pk, request.arrived_at)
        told.do(door.ticket, at=request.arrived_at, **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return back(request)
    return done(request, told.thanks)


@public("customer.telling")
@posted(to_page)
@of_customer
@once(again=back)
def telling(request: Any, door: Door) -> HttpResponse:
    """How he wants to be told of this report, or that he does not."""
    form, thanks = TellingForm(request.POST), _("From now on you are told in this way.")
    return taken(request, door, "telling_form", form, services.prefer_telling, thanks)
