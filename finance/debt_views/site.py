"""Money taken on site (domain 5): declared on the phone, in transit, confirmed or refused by finance."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from aftersales import files
from aftersales.display.marks import yuan
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.problems import Refusal
from repairs.models import PartsOrder, Ticket

from ..debt_forms import SiteMoneyForm
from ..forms import ReasonForm
from ..models import SiteMoney
from ..services import on_site
from .acting import bound, fill, told

RELATED = ("engineer", "ticket", "order", "customer", "receipt", "decided_by")


@action("site_money.view")
@require_GET
def site_money(request: Any) -> HttpResponse:
    """What was declared, newest first: his own, or for finance all; what is in transit waits for finance."""
    rows, state = SiteMoney.objects.visible_to(request.user), request.GET.get("state", "")
    rows = rows.filter(state=state) if state in SiteMoney.State.values else rows
    context = paged(request, rows.select_related(*RELATED))
    confirms, declares = may(request.user, on_site.CONFIRM), may(request.user, "site_money.declare")
    for row in context["rows"]:
        row.waits = confirms and row.state == SiteMoney.State.DECLARED and row.engineer_id != request.user.pk
    owed = on_site.owed_about([row for row in context["rows"] if row.waits])
    for row in context["rows"]:
        beyond = row.amount - owed.get(row.pk, row.amount)
        row.beyond = yuan(beyond) if beyond > 0 else ""
    words = {
        "states": SiteMoney.State.choices,
        "state": state,
        "declares": declares,
        "form": ReasonForm(auto_id=False),
    }
    words["may_see_receipt"] = may(request.user, "receipt.view")
    return render(request, "finance/site_money.html", context | words)


@action("site_money.view")
@require_GET
def photo(request: Any, pk: int, key: str) -> HttpResponseBase:
    """What the engineer photographed, for himself and for finance; without metadata."""
    rows = SiteMoney.objects.visible_to(request.user).exclude(key="")
    return files.serve(request, get_object_or_404(rows, pk=pk, key=key), f"site-money-{pk}", original=False)


@action("site_money.declare")
@require_http_methods(["GET", "POST"])
@once
def declare(request: Any) -> HttpResponse:
    """For which ticket or order (his own, tapped), then how much and how."""
    number = request.GET.get("for", "").replace("\x00", "")[:20]
    if not number:
        return render(request, "finance/declare.html", _his(request.user))
    about = about_of(request.user, number)
    page = {"title": _("Money taken on site"), "about": about, "button": _("Declare")}
    said = _("Declared: it is in transit until finance has confirmed it.")
    act = lambda **entries: on_site.declare(about, **entries)  # noqa: E731  # the act of this one page
    return fill(
        request, bound(request, SiteMoneyForm), act, to=reverse("finance:site_money"), said=said, **page
    )


def about_of(user: Any, number: str) -> Any:
    """His own ticket or order of this number; else 404."""
    rows: Any = PartsOrder.objects if number.startswith("DD") else Ticket.objects
    about = get_object_or_404(rows.visible_to(user).select_related("customer"), number=number)
    if not may(user, "site_money.declare", about):
        raise Http404
    return about


def _his(user: Any) -> dict[str, Any]:
    """What he works on, the newest first."""
    tickets = (
        Ticket.objects.visible_to(user)
        .filter(engineer=user)
        .exclude(customer=None)
        .select_related("customer")
    )
    orders = PartsOrder.objects.filter(engineer=user).select_related("customer")
    return {"tickets": tickets.order_by("-pk")[:20], "orders": orders.order_by("-pk")[:20]}


@action("site_money.confirm")
@require_POST
@once
def decide(request: Any, pk: int) -> HttpResponse:
    """Confirmed: it counts from when it was taken. Refused: with the reason."""
    row = get_object_or_404(SiteMoney.objects.visible_to(request.user), pk=pk)
    demand(request.user, on_site.CONFIRM)
    told(request, lambda: _decided(request, row))
    return redirect("finance:site_money")


def _decided(request: Any, row: SiteMoney) -> None:
    hand = {"by": request.user, "at": request.arrived_at}
    if "refuse" not in request.POST:
        on_site.confirm(row, **hand)
        return
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Write down why it is not confirmed."))
    on_site.refuse(row, reason=form.cleaned_data["reason"], **hand)
