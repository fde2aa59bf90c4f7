"""Price lists and rates: everybody reads what is published, finance drafts, another of finance publishes (8.1, SD05)."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from accounts.views.answers import done
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook
from catalogue import exports, services
from catalogue.forms import ListForm, PriceForm, RateForm
from catalogue.models import ListStage, PriceList
from catalogue.selectors import lists_for, rate_lines

from .batches import PAGE, keyed
from .parts import form_page

LISTS, VIEW, DRAFT, PUBLISH = (
    "catalogue:price_lists",
    "price_list.view",
    "price_list.draft",
    "price_list.publish",
)


@action(VIEW)
@require_GET
def price_lists(request: Any) -> HttpResponse:
    """Lists, newest first."""
    rows, following = keyed(request, lists_for(request.user))
    return render(request, "catalogue/price_lists.html", {
        "rows": rows, "next": following, "may_draft": may(request.user, DRAFT), "today": local_day(timezone.now()),
    })  # fmt: skip


@action(VIEW)
@require_GET
def rates(request: Any) -> HttpResponse:
    """Rates in force today (工时费标准)."""
    found = sorted(rate_lines(local_day(timezone.now())).values(), key=lambda rate: (rate.kind, rate.code))
    return render(request, "catalogue/rates.html", {"rows": found})


def opened(request: Any, pk: int) -> PriceList:
    return get_object_or_404(lists_for(request.user), pk=pk)


@action(VIEW)
@require_GET
def price_list(request: Any, pk: int) -> HttpResponse:
    """One list: its prices by key, its rates; who drafted it writes into it until it is published."""
    return _page(request, opened(request, pk))


def _page(request: Any, paper: PriceList, price: Any = None, rate: Any = None) -> HttpResponse:
    user, draft = request.user, paper.stage == ListStage.DRAFT
    mine = draft and paper.drafted_by_id == user.pk and may(user, DRAFT)
    lines = paper.lines.select_related("part").order_by("pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 16:
        lines = lines.filter(pk__gt=int(after))
    found = list(lines[: PAGE + 1])
    context = {
        "paper": paper, "rows": found[:PAGE], "next": f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "rates": list(paper.rates.order_by("pk")[:500]), "costs": may(user, "cost.view"), "mine": mine,
        "may_publish": draft and not mine and paper.drafted_by_id != user.pk and may(user, PUBLISH),
        "may_drop": draft and may(user, DRAFT), "may_export": may(user, "list.export"), "draft": draft,
        "price_form": (price or PriceForm()) if mine else None,
        "rate_form": (rate or RateForm(auto_id="rate_%s")) if mine else None,
    }  # fmt: skip
    return render(request, "catalogue/price_list.html", context, status=422 if price or rate else 200)


@action(DRAFT)
@require_http_methods(["GET", "POST"])
@once
def new_list(request: Any) -> HttpResponse:
    """An empty draft; its lines follow on its page."""
    form = ListForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            paper = services.draft_prices(
                **form.cleaned_data, prices=[], rates=[], by=request.user, at=request.arrived_at
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect(paper)
    return form_page(request, form, _("Draft a price list"), reverse(LISTS), _("Draft"))


@action(DRAFT)
@require_POST
@once
def put_price(request: Any, pk: int) -> HttpResponse:
    paper, form = opened(request, pk), PriceForm(request.POST)
    if not form.is_valid():
        return _page(request, paper, price=form)
    return _done(
        request, paper, services.put_price, *(form.cleaned_data[n] for n in ("part", "price", "cost"))
    )


@action(DRAFT)
@require_POST
@once
def put_rate(request: Any, pk: int) -> HttpResponse:
    paper, form = opened(request, pk), RateForm(request.POST, auto_id="rate_%s")
    if not form.is_valid():
        return _page(request, paper, rate=form)
    return _done(request, paper, services.put_rate, form.cleaned_data)


@action(DRAFT)
@require_POST
@once
def remove_price(request: Any, pk: int, line: int) -> HttpResponse:
    return _done(request, opened(request, pk), services.remove_price, line)


@action(DRAFT)
@require_POST
@once
def remove_rate(request: Any, pk: int, line: int) -> HttpResponse:
    return _done(request, opened(request, pk), services.remove_rate, line)


@action(PUBLISH)
@require_POST
@once
def publish(request: Any, pk: int) -> HttpResponse:
    return _done(request, opened(request, pk), services.publish_prices)


@action(DRAFT)
@require_POST
@once
def drop(request: Any, pk: int) -> HttpResponse:
    return _done(request, opened(request, pk), services.drop_prices)


def _done(request: Any, paper: PriceList, act: Any, *entries: Any) -> HttpResponse:
    """Do it, or say why not; the list's page follows either way."""
    done(request, partial(act, paper, *entries, by=request.user, at=request.arrived_at), _("Saved."))
    return redirect(paper)


@action("list.export")
@require_GET
def export(request: Any, pk: int) -> FileResponse:
    """One list as a workbook that can come back as the next one; written down (A27)."""
    demand(request.user, VIEW)
    paper = opened(request, pk)
    out = exports.price_list(
        paper, costs=may(request.user, "cost.view"), by=request.user, at=request.arrived_at
    )
    return workbook(out, f"prices-{paper.effective_on:%Y%m%d}-{paper.pk}.xlsx")
