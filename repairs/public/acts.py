"""What the customer does on his page: write, add pictures, agree, answer, wish. A refusal stands where he tapped."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.access import public
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import services
from . import private, story
from .door import Door, back, of_customer
from .forms import ConsentForm, CustomerSurveyForm, MessageForm, PhotosForm, RightsForm, WithdrawForm
from .limits import let_upload, let_write
from .pictures import LIMIT, Pictures


def done(request: HttpRequest, sentence: Any) -> HttpResponse:
    messages.success(request, sentence)
    return back(request)


def refused(request: HttpRequest, door: Door, refusal: Refusal, name: str, form: forms.Form) -> HttpResponse:
    """The page as the report stands now, with the sentence at its form and what was typed still in it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    door.ticket = private.fresh(door.ticket)
    return private.show(request, door, status=refusal.status, **{name: form})


@public("ticket.message")
@require_POST
@of_customer
@once(again=back)
def message(request: Any, door: Door) -> HttpResponse:
    """The customer writes to us (A20)."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return private.show(request, door, status=422, message_form=form)
    try:
        let_write(door.ticket.pk, request.arrived_at)
        services.message(door.ticket, at=request.arrived_at, text=form.cleaned_data["text"])
    except Refusal as refusal:
        return refused(request, door, refusal, "message_form", form)
    return done(request, _("Your message has reached us."))


@public("report.add_photo_public")
@require_POST
@of_customer
def photos(request: Any, door: Door) -> HttpResponse:
    """More pictures, at most nine in all (A03, 4.3). They are judged before anything is locked."""
    form = PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        return private.show(request, door, status=422, photos_form=form)
    try:
        let_upload(request, request.arrived_at)
        room = LIMIT - door.ticket.attachments.filter(by=None).count()
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
    for sentence in pictures.errors:
        messages.error(request, sentence)
    return done(request, _("Your pictures have reached us.")) if pictures.kept else back(request)


@public("plan.consent")
@require_POST
@of_customer
@once(again=back)
def consent(request: Any, door: Door) -> HttpResponse:
    """The customer agrees to fit the part himself, to the plan whose told text he has before him (4.4a)."""
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return private.show(request, door, status=422, consent_form=form)
    try:
        services.consent(door.ticket, at=request.arrived_at, plan_id=form.cleaned_data["plan"])
    except Refusal as refusal:
        return refused(request, door, refusal, "consent_form", form)
    return done(request, _("Thank you. Your consent is written down."))


@public("survey.answer")
@of_customer
@once(again=back)
def survey(request: Any, door: Door) -> HttpResponse:
    """Form 9.5, answered by the customer himself (G06, 3.3)."""
    form = CustomerSurveyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = {k: v for k, v in form.cleaned_data.items() if v is not None}
        try:
            services.survey_by_customer(door.ticket, at=request.arrived_at, **answers)
        except Refusal as refusal:
            return _own_page(request, door, form, "survey", refusal=refusal)
        return done(request, _("Thank you for your answers."))
    return _own_page(
        request, door, form, "survey", closed=not form.is_bound and not story.survey_open(door.ticket)
    )


@public("ticket.withdraw_request")
@of_customer
@once(again=back)
def withdraw(request: Any, door: Door) -> HttpResponse:
    """A wish to withdraw the report (A21); customer service decides and calls back."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            let_write(door.ticket.pk, request.arrived_at)
            services.withdraw_wish(door.ticket, at=request.arrived_at, text=form.cleaned_data["text"])
        except Refusal as refusal:
            return _own_page(request, door, form, "withdraw", refusal=refusal)
        return done(request, _("Your wish has reached customer service; a colleague will answer you."))
    return _own_page(
        request, door, form, "withdraw", closed=not form.is_bound and not story.withdrawable(door.ticket)
    )


@public("customer.rights_request.open")
@of_customer
@once(again=back)
def rights(request: Any, door: Door) -> HttpResponse:
    """A request about his personal data (A16; PIPL 44–50): it reaches customer service."""
    form = RightsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            let_write(door.ticket.pk, request.arrived_at)
            services.message(door.ticket, at=request.arrived_at, text=form.words(), kind="rights")
        except Refusal as refusal:
            return _own_page(request, door, form, "rights", refusal=refusal)
        return done(request, _("Your request has reached customer service. We answer within 15 days."))
    return _own_page(request, door, form, "rights")


def _own_page(
    request: HttpRequest,
    door: Door,
    form: forms.Form,
    name: str,
    *,
    refusal: Refusal | None = None,
    closed: bool = False,
) -> HttpResponse:
    """The form on a page of its own, with the refusal above it."""
    status = refusal.status if refusal else 422 if form.is_bound else 200
    known = {"form": form, "ticket": door.ticket, "home": door.url(), "refusal": refusal, "closed": closed}
    return render(request, f"public/{name}.html", known, status=status)
