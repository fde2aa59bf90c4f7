"""Pages of the sales desk: its home, the lists of leads and sales, a new sale, the list as Excel."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, demand, may
from aftersales.charter import FIGURES
from aftersales.display import moments, states
from aftersales.display.marks import chip, stage_mark, yuan
from aftersales.display.paging import by_key
from aftersales.display.sheet import Table
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.widgets import PlainSelect
from aftersales.xlsx import held, workbook

from .. import lead_exports as exports
from .. import lead_selectors as selectors
from .. import lead_services as services
from ..lead_flow import LIVE, LeadStage, SaleStage
from ..lead_forms import SaleForm
from ..models import Lead, Sale, Source, leads_sales
from ..selectors import buyer

SOME = 20
#: a follow-up is due on a day: it is shown as due soon as many days before as a day clock is
DAYS_SOON = dt.timedelta(days=FIGURES["soon_days"].default)


class LeadFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Number, contact, company or phone"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=gettext_lazy("Where it comes from"), choices=[("", gettext_lazy("any")), *Source.choices], required=False,
        widget=PlainSelect,
    )  # fmt: skip
    seller = forms.ChoiceField(
        label=gettext_lazy("Salesperson"), required=False, widget=PlainSelect,
        choices=[("", gettext_lazy("any")), ("me", gettext_lazy("me")), ("nobody", gettext_lazy("nobody yet"))],
    )  # fmt: skip
    stage = forms.CharField(required=False, widget=forms.HiddenInput)


@action("sale.view")
@require_GET
def home(request: Any) -> HttpResponse:
    """What is mine to do today, what nobody has yet, my customers, and how the months went."""
    user, at = request.user, request.arrived_at
    due, free = selectors.to_follow(user, at)[: SOME + 1], selectors.unclaimed(user, at)[: SOME + 1]
    own, mine = "SALES" in user.roles, selectors.own_customers(user)[: SOME + 1]
    to_confirm = selectors.sales_to_confirm(user)[: SOME + 1]
    sections = [
        *([_section(_("To follow up today"), _leads_table(list(due), at), _("Nothing is due today."))] if own else []),
        _section(_("Nobody has them yet"), _leads_table(list(free), at), _("Every lead is in somebody's hand.")),
        *([_section(_("Commissions and cancellations to confirm"), _sales_table(list(to_confirm), user),
                    _("Nothing waits for your hand."))] if may(user, "commission.confirm") else []),
        *([_section(_("My customers"), _customers_table(list(mine)),
                    _("Whoever buys from you becomes your customer once the sale is confirmed."))] if own else []),
    ]  # fmt: skip
    context = {
        "sections": [s for s in sections if s["table"].rows], "quiet": [s for s in sections if not s["table"].rows],
        "months": selectors.months(user, local_day(at)), "all": not own or leads_sales(user), "ways": ways(user),
    }  # fmt: skip
    return render(request, "sales/home.html", context)


def ways(user: Any) -> list[tuple[str, str]]:
    found = [
        (_("Purchase leads"), reverse("sales:leads")),
        (_p("sales list", "Sales"), reverse("sales:sold")),
    ]
    return found + ([(_("Customers"), reverse("sales:customers"))] if may(user, "customer.view") else [])


def _section(title: str, table: Table, empty: str) -> dict[str, Any]:
    """The first rows; a count with a plus when there are more, for the whole list is a page of its own."""
    more = len(table.rows) > SOME
    count = f"{SOME}+" if more else str(len(table.rows))
    return {"title": title, "table": replace(table, rows=table.rows[:SOME]), "count": count, "empty": empty}


def _leads_table(rows: list[Lead], at: dt.datetime) -> Table:
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Customer"), ""), (_("What is wanted"), ""),
            (_("Registered"), "tight"), (_("Salesperson"), ""), (_("Follow up by"), "tight wide")]  # fmt: skip
    return Table(head, [_lead_row(row, at) for row in rows])


def opening(paper: Any) -> Any:
    """The link that opens a row of a list."""
    return format_html('<a href="{}" data-open class="number">{}</a>', paper.get_absolute_url(), paper.number)


def _due(row: Lead, at: dt.datetime) -> SafeString | str:
    """Its clock as the list of tickets shows one; a lead that nobody works on has none."""
    if row.follow_up_at is None or row.stage not in LIVE or row.is_lapsed:
        return "–"
    state = states.nearness(row.follow_up_at, at, DAYS_SOON)
    mark, when = chip(state, get_language() or ""), moments.due(row.follow_up_at, "short")
    return format_html('{} <span class="quiet">{}</span>', mark, when)


def _lead_row(row: Lead, at: dt.datetime) -> tuple[Any, ...]:
    wish = f"{row.model} × {row.quantity}" if row.model else row.words[:40] or row.get_wanted_display()
    mark = _("Lapsed") if row.is_lapsed else stage_mark(row.stage, LeadStage, get_language() or "")
    who = " · ".join(word for word in (row.contact.shown_name, row.contact.organisation) if word)
    return (
        opening(row),
        mark,
        who,
        wish,
        moments.when(row.registered_at, "short"),
        str(row.seller or "–"),
        _due(row, at),
    )


def _sales_table(rows: list[Sale], user: Any) -> Table:
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Customer"), ""), (_("Salesperson"), ""),
            (_("Sold on"), "tight"), (_("Price"), "money"), (_("Commission"), "money")]  # fmt: skip
    return Table(head, [_sale_row(row, user) for row in rows])


def _sale_row(row: Sale, user: Any) -> tuple[Any, ...]:
    mark = stage_mark(row.stage, SaleStage, get_language() or "")
    return (
        opening(row), mark, buyer(user, row), str(row.seller), moments.when(row.sold_on), yuan(row.price),
        yuan(row.commission),
    )  # fmt: skip


def _customers_table(rows: list[Any]) -> Table:
    head = [
        (_("Number"), "tight"),
        (_("Contact"), ""),
        (_("Customer or company"), ""),
        (_("Region"), ""),
        (_("Live leads"), "tight"),
    ]
    return Table(head, [
        (opening(row), row.person.shown_name, row.person.organisation or "–", row.region or "–", row.live) for row in rows
    ])  # fmt: skip


# --- lists
@action("lead.view")
@require_GET
def lead_list(request: Any) -> HttpResponse:
    """The leads that this person may see, newest first, by standing."""
    wishes = selectors.asked(request.GET)
    rows, more = by_key(request, _chosen(request.user, wishes).select_related(*selectors.RELATED))
    context = {
        "table": _leads_table(rows, request.arrived_at), "next": more, "form": LeadFilter(request.GET),
        "action": reverse("sales:leads"),
        "tabs": _tabs(request, wishes.get("stage", "")), "may_register": may(request.user, "purchase_intent.create")
        or may(request.user, "purchase_intent.handle"), "export": _export_url(request), "q": wishes.get("q", ""),
        "narrowed": bool(wishes.keys() - {"stage"}),
    }  # fmt: skip
    return render(request, "sales/leads.html", context)


def _chosen(user: Any, wishes: dict[str, str]) -> Any:
    return selectors.filtered(Lead.objects.visible_to(user), wishes, user, timezone.localdate())


def _tabs(request: Any, stage: str) -> list[dict[str, Any]]:
    params = request.GET.copy()
    params.pop("before", None)
    found = []
    for name, label in selectors.STANDINGS.items():
        params["stage"] = name
        found.append({"label": label, "url": f"?{params.urlencode()}", "current": name == stage})
    return found


def _export_url(request: Any) -> str:
    if not may(request.user, "list.export"):
        return ""
    return f"{reverse('sales:export_leads')}?{request.GET.urlencode()}"


@action("lead.view")
@require_GET
def export_leads(request: Any) -> HttpResponseBase:
    """The list under its filters as a workbook, names and phones masked (A27)."""
    demand(request.user, "list.export")
    wishes = selectors.asked(request.GET)
    rows = _chosen(request.user, wishes)
    out = held(
        partial(exports.leads, rows=rows, by=request.user, at=request.arrived_at, asked=sorted(wishes))
    )
    return workbook(out, f"{_('purchase-leads')}-{local_day(request.arrived_at):%Y%m%d}.xlsx")


@action("sale.view")
@require_GET
def sale_list(request: Any) -> HttpResponse:
    """His own sales, or all of them, newest first."""
    stage = request.GET.get("stage", "")
    rows = selectors.sales_for(request.user)
    rows = rows.filter(stage=stage) if stage in SaleStage.values else rows
    found, more = by_key(request, rows)
    tabs = [("", _p("sales", "All")), *SaleStage.choices]
    context = {
        "table": _sales_table(found, request.user), "next": more, "may_record": may(request.user, "sale.record"),
        "tabs": [{"label": label, "url": f"?stage={name}", "current": name == stage} for name, label in tabs],
    }  # fmt: skip
    return render(request, "sales/sold.html", context)


@action("sale.record")
@require_http_methods(["GET", "POST"])
@once
def new_sale(request: Any) -> HttpResponse:
    """The salesperson writes a sale down; `?lead=YX…` fills in what the lead says."""
    data = [request.POST] if request.method == "POST" else []
    form = SaleForm(*data, user=request.user, initial=None if data else _known(request))
    if request.method == "POST" and form.is_valid():
        try:
            sale = services.record(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request,
                _("{number} waits until somebody else confirms the commission.").format(number=sale.number),
            )
            return redirect(sale)
    context = {
        "form": form,
        "title": _("Record a sale"),
        "back": reverse("sales:sold"),
        "whence": _p("sales list", "Sales"),
    }
    return render(request, "sales/form.html", context, status=422 if form.is_bound else 200)


def _known(request: Any) -> dict[str, Any]:
    number = request.GET.get("lead", "").replace("\x00", "")[:20]
    if not number:
        return {}
    lead = get_object_or_404(selectors.leads_for(request.user), number=number)
    model = lead.model.code if lead.model else ""
    return {"customer": lead.customer.number, "model": model, "quantity": lead.quantity}
