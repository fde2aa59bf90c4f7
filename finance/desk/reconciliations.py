"""The desk of reconciliations, and their list by month: who has signed (4.11, 8.8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.limits import first_of, following, local_day
from deadlines.papers import PaperDesk

from ..models import ClosedMonth, Reconciliation, month_name
from ..services import reconciling
from ..services.booking import before
from ..sheets import reconciliations as sheets
from .reconciliation_steps import ACTS, STEPS
from .rights import month_of


def reconciliations_for(user: Any) -> Any:
    return Reconciliation.objects.visible_to(user).select_related("engineer", "finance_signed_by")


def brief(paper: Reconciliation, user: Any) -> dict[str, Any]:
    """As it was last signed: amounts as strings of yuan, null before anybody signed."""
    figures = {name: _text(getattr(paper, name)) for name in sheets.FORMULA}
    by = paper.finance_signed_by
    return {
        "engineer": paper.engineer.username, "month": month_name(paper.month), "figures": figures,
        "engineer_signed_at": paper.engineer_signed_at, "finance_signed_at": paper.finance_signed_at,
        "finance_signed_by": by.username if by else None, "locked_at": paper.locked_at,
    }  # fmt: skip


def _text(amount: Any) -> str | None:
    return None if amount is None else str(amount)


def payload(paper: Reconciliation, user: Any) -> dict[str, Any]:
    """The figures as they stand now; `shown` is what a program that signs sends back, `void`: a signature on others."""
    now = reconciling.shown(paper)
    figures = {name: str(value) for name, value in now.facts().items()}
    return brief(paper, user) | {
        "figures": figures,
        "shown": now.digest(),
        "void": reconciling.is_void(paper, now),
    }


DESK = PaperDesk(
    app="finance", name="reconciliation", plural="reconciliations", steps=STEPS, view="reconcile.view",
    step_action="reconcile.step", rows=reconciliations_for, sheet=sheets.reconciliation, payload=payload,
    home=("finance:reconciliations", gettext_lazy("Reconciliations")), acts=ACTS, brief=brief,
)  # fmt: skip


@action("reconcile.view")
@require_GET
def reconciliation_list(request: Any) -> HttpResponse:
    """A month's reconciliations by engineer: the last month, or the one that was asked for; an engineer: all of his."""
    rows = reconciliations_for(request.user)
    if request.user.cell("reconcile.view") == "O":
        return render(
            request, "finance/reconciliations.html", {"rows": rows.order_by("-month")[:60], "own_only": True}
        )
    month = month_of(request.GET.get("month", "")) or before(first_of(local_day(request.arrived_at)))
    found = list(rows.filter(month=month).order_by("engineer__name", "engineer"))
    context = {
        "rows": found, "month": month_name(month), "earlier": month_name(before(month)), "later": month_name(following(month)),
        "signed": sum(1 for row in found if row.locked_at), "count": len(found),
        "closed": ClosedMonth.objects.filter(month=month, reopened_at=None).exists(),
    }  # fmt: skip
    return render(request, "finance/reconciliations.html", context)
