"""Lists of quotations and parts-only orders, the search for a part, and the form that opens an order."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from accounts.grants import cell
from aftersales.display.paging import any_word
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.widgets import PlainSelect
from catalogue.models import Part
from repairs import services
from repairs.models import OrderStage, PartsOrder, Quotation
from repairs.order_forms import OrderForm
from repairs.quote_flow import QuoteStage
from repairs.quote_forms import OFFERS
from sales.models import Person

PAGE = 50
ANY = ("", gettext_lazy("all"))


class Narrow(forms.Form):
    """Filters of the lists; empty means all, what cannot be read finds nothing."""

    q = forms.CharField(label=gettext_lazy("Number or name"), required=False, max_length=40)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False, widget=PlainSelect)
    mine = forms.ChoiceField(label=gettext_lazy("Whose"), required=False, widget=PlainSelect,
                             choices=[ANY, ("1", gettext_lazy("mine"))])  # fmt: skip

    def __init__(self, data: Any, stages: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.fields["stage"].choices = [ANY, *stages]  # type: ignore[attr-defined]  # a choice of stages


def asked(request: Any) -> dict[str, str]:
    given = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:40] for name in ("q", "stage", "mine")
    }
    return {name: value for name, value in given.items() if value}


def listed(request: Any, rows: Any, template: str, stages: Any, *, address: str, **more: Any) -> HttpResponse:
    """A page of the list by key, newest first; to htmx its table alone."""
    wanted = asked(request)
    rows = rows.filter(stage=wanted["stage"]) if "stage" in wanted else rows
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = f"{address}?{urlencode(wanted | {'before': found[PAGE - 1].pk})}" if len(found) > PAGE else ""
    context = {
        "rows": found[:PAGE],
        "next": older,
        "action": address,
        "form": Narrow(wanted, stages),
        "query": urlencode(wanted),
    }
    return render(request, template, context | more)


def of_whom(text: str, user: Any, path: str) -> Q:
    """Rows whose contact has this name or organisation; a phone finds only for whom it is not masked (A14)."""
    plain = cell("customer.phone_reveal", user.roles) == "Y"
    return Q(**{f"{path}__in": Person.objects.found_by(text, by_phone=plain).values("pk")})


@action("quote.view")
@require_GET
def quotations(request: Any) -> HttpResponse:
    """The quotations of the tickets and orders that this person may see."""
    wanted = asked(request)
    rows = Quotation.objects.visible_to(request.user).select_related(
        "ticket__contact", "order__contact", "made_by"
    )
    if word := wanted.get("q", ""):
        numbers = (
            Q(number__icontains=word) | Q(ticket__number__icontains=word) | Q(order__number__icontains=word)
        )
        people = of_whom(word, request.user, "ticket__contact") | of_whom(
            word, request.user, "order__contact"
        )
        rows = rows.filter(numbers | people)
    if "mine" in wanted:
        rows = rows.filter(Q(ticket__engineer=request.user) | Q(order__engineer=request.user))
    return listed(
        request, rows, "repairs/quotations.html", QuoteStage.choices, address=reverse("repairs:quotations"),
        today=local_day(timezone.now()),
    )  # fmt: skip


@action("part.view")
@require_GET
def parts(request: Any) -> HttpResponse:
    """Parts that answer to what is typed, whatever the field's name: code, name, initials, model."""
    word = any_word(request)
    found = Part.objects.filter(active=True).found_by(word)[:OFFERS] if len(word) > 1 else []
    return render(request, "repairs/_parts_found.html", {"parts": found})


@action("parts_order.view")
@require_GET
def orders(request: Any) -> HttpResponse:
    """Parts-only orders (8.7)."""
    wanted = asked(request)
    rows = PartsOrder.objects.visible_to(request.user).select_related("customer", "contact", "engineer")
    if word := wanted.get("q", ""):
        numbers = Q(number__icontains=word) | Q(customer__number__icontains=word)
        rows = rows.filter(numbers | of_whom(word, request.user, "contact"))
    if "mine" in wanted:
        rows = rows.filter(engineer=request.user)
    return listed(request, rows, "repairs/orders.html", OrderStage.choices, address=reverse("repairs:orders"))


@action("parts_order.open")
@require_http_methods(["GET", "POST"])
@once
def new_order(request: Any) -> HttpResponse:
    """Open a parts-only order (B25)."""
    form = OrderForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=_known(request)
    )
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            order = services.open_order(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as said:
            refusal = _at_field(form, said)
        else:
            messages.success(request, _opened(order, request.user))
            return redirect(order)
    status = 422 if form.is_bound else 200
    draft = f"{request.user.pk}:new_order"
    return render(
        request, "repairs/new_order.html", {"form": form, "refusal": refusal, "draft": draft}, status=status
    )


def _opened(order: PartsOrder, user: Any) -> str:
    """What is done, and whose move it is now."""
    if may(user, "quote.create", order):
        return _("Order {number} is open. Now draft its quotation.").format(number=order.number)
    sentence = _("Order {number} is open. {engineer} has been told and writes the quotation.")
    return sentence.format(number=order.number, engineer=order.engineer)


def _known(request: Any) -> dict[str, str]:
    """`?customer=KH…` comes from the customer's page; an engineer names himself."""
    known = {"customer": request.GET.get("customer", "")[:20]}
    return known if "CS" in request.user.roles else known | {"engineer": request.user.username}


def _at_field(form: Any, refusal: Refusal) -> Refusal | None:
    if refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
        return None
    return refusal
