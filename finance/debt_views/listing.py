"""The list of debts: filters, open amounts, sums by age (4.11, 8.8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.display.paging import paged

from .. import filters

RELATED = ("ticket", "order", "release", "customer__person", "engineer")


@action("receivable.view")
@require_GET
def receivables(request: Any) -> HttpResponse:
    """What customers owe and engineers answer for: all, or his own (C10); the open ones unless the address says otherwise."""
    today = timezone.localdate()
    given = request.GET.copy()
    given.setdefault("state", filters.State.OPEN.value)
    params = filters.asked(given)
    rows = filters.debts(request.user, params, today)
    context = paged(request, rows.select_related(*RELATED))
    for row in context["rows"]:
        row.age = filters.age_of(row.due_on, today)
    groups = filters.ageing(filters.debts(request.user, _without(params, "age", "engineer"), today), today)
    more = {
        "form": filters.DebtFilter(given, engineers=_engineers(request.user, groups, params)),
        "action": reverse("finance:receivables"),
        "sums": _sums(request, filters.sums(groups, params.get("engineer", ""))),
    }
    return render(request, "finance/receivables.html", context | more)


def _without(params: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in params.items() if name not in names}


def _engineers(user: Any, groups: list[dict[str, Any]], params: dict[str, str]) -> dict[str, str] | None:
    """Who answers for one of these debts, and who was asked for."""
    if user.cell("receivable.view") != "Y":
        return None
    chosen = {params["engineer"]: params["engineer"]} if "engineer" in params else {}
    return chosen | {group["username"]: group["name"] for group in groups}


def _sums(request: Any, sums: dict[str, Any]) -> list[dict[str, Any]]:
    """Each class with its sum and the address of its list."""
    query = request.GET.copy()
    query.pop("before", None)
    found = []
    for age in filters.Age:
        query["age"] = age.value
        found.append(
            {"age": age, "label": age.label, "total": sums[age.value], "url": f"?{query.urlencode()}"}
        )
    return found
