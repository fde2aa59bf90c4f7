"""What has a page of its own: the survey, the wish to withdraw, a request about personal data."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.access import public
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import services
from . import story
from .acts import done
from .door import Door, back, of_customer
from .forms import CustomerSurveyForm, RightsForm, WithdrawForm
from .limits import let_write


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
            services.rights_wish(
                door.ticket,
                at=request.arrived_at,
                text=form.words(),
                erase=form.cleaned_data["wish"] == "erase",
            )
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
    answer = render(request, f"public/{name}.html", known, status=status)
    return refusal.tell_when(answer) if refusal else answer
