"""A visitor would like a new vehicle (4.2): with his own consent it becomes a lead of sales; nobody earns a fee for it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import public
from aftersales.operations import once
from aftersales.phones import PhoneField
from aftersales.problems import Refusal
from catalogue.models import VehicleModel
from sales.lead_services import Consent, Wish, register
from sales.models import How, Source, Wanted
from sales.services import met

from ..forms import line, text
from . import texts
from .forms import NoticedForm
from .limits import let_wish

MOST = 500


class BuyForm(NoticedForm):
    """Who, what, and his consent to the call."""

    contact = line(_("Your name"), required=True, limit=60, autocomplete="name")
    phone = PhoneField(label=_("Phone"), help_text=_("Our sales department calls this number."))
    organisation = line(_("Company or unit"), limit=120, autocomplete="organization")
    region = line(_("Province, city, district"), limit=60, autocomplete="address-level2")
    model = forms.ModelChoiceField(
        VehicleModel.objects.none(), label=_("Which model?"), to_field_name="code", required=False,
        empty_label=_("I do not know yet"),
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("How many?"), min_value=1, max_value=MOST, initial=1)
    wanted = forms.ChoiceField(label=_("When?"), choices=Wanted.choices, initial=Wanted.LATER)
    words = text(_("What do you need it for?"), rows=3, limit=500)
    consent = forms.BooleanField(
        label=_("I agree that the sales department of Feiyue calls me about a new vehicle"),
        error_messages={"required": _("We call you only if you agree; please tick it.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = VehicleModel.objects.order_by("code")  # type: ignore[attr-defined]  # a choice of models


@public("purchase_intent.ask")
def wish(request: Any) -> HttpResponse:
    """The form; what is sent becomes a lead that nobody has yet."""
    if request.method != "POST":
        return _page(request, BuyForm(initial={"privacy_version": texts.PRIVACY_VERSION}))
    form = BuyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        let_wish(request, form.cleaned_data["phone"], request.arrived_at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return refusal.tell_when(_page(request, form, refusal.status))
    return _keep(request, form=form)


def thanked(request: HttpRequest, result: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("public:bought"))


@once(again=thanked)
def _keep(request: Any, form: BuyForm) -> HttpResponse:
    """A double click makes one lead; a number that is known belongs to its customer, whoever was first with him stays first."""
    given, at = form.cleaned_data, request.arrived_at
    words = {"name": given["contact"], "phone": given["phone"], "organisation": given["organisation"]}
    customer, person = met(words, region=given["region"], at=at)
    register(
        customer, contact=person, source=Source.WEBSITE, by=None, at=at,
        consent=Consent(How.WEBSITE, at, given["privacy_version"]),
        wish=Wish(given["model"], given["quantity"], given["wanted"], given["words"]),
    )  # fmt: skip
    return thanked(request)


@public("purchase_intent.ask")
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "public/thanks.html")


def _page(request: HttpRequest, form: BuyForm, status: int = 200) -> HttpResponse:
    if form.is_bound:
        shown = request.POST.copy()
        shown["privacy_version"] = texts.PRIVACY_VERSION
        form.data = shown
    response = render(
        request, "public/buy.html", {"form": form, "version": texts.PRIVACY_VERSION}, status=status
    )
    response["Cache-Control"] = "no-store"
    return response
