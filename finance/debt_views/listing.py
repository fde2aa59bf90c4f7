"""The list of debts: filters, open amounts, sums by age (4.11, 8.8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.limits import local_day

from .. import filters
from ..views import paged

RELATED = ("ticket", "order", "release", "customer__person", "engineer")


@action("receivable.view")
@require_GET
def receivables(request: Any) -> HttpResponse:
    """What customers owe and engineers answer for: all, or his own (C10); the open ones unless the address says otherwise."""
    today = local_day(request.arrived_at)
    given = request.GET if "state" in request.GET else request.GET.copy() | {"state": filters.State.OPEN}
    params = filters.asked(given)
    rows = filters.debts(request.user, params, today)
    context = paged(request, rows.select_related(*RELATED))
    for row in context["rows"]:
        row.age = filters.age_of(row.due_on, today)
    every_age = {name: value for name, value in params.items() if name != "age"}
    form = filters.DebtFilter(given, of_all=request.user.cell("receivable.view") == "Y")
    more = {"form": form, "action": reverse("finance:receivables"), "sums": _sums(request, every_age, today)}
    return render(request, "finance/receivables.html", context | more)


def _sums(request: Any, params: dict[str, str], today: Any) -> list[dict[str, Any]]:
    """Each class with its sum and the address of its list."""
    sums = filters.ageing(filters.debts(request.user, params, today), today)
    query = request.GET.copy()
    query.pop("before", None)
    found = []
    for age in filters.Age:
        query["age"] = age.value
        found.append(
            {"age": age, "label": age.label, "total": sums[age.value], "url": f"?{query.urlencode()}"}
        )
    return found
