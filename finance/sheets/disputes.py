"""What a customer owes, beside his dispute of it (4.5a)."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import yuan
from aftersales.display.sheet import Part, Table
from technical.models import Dispute
from technical.sheets.disputes import BESIDE

from ..models import Receivable
from ..selectors import open_amounts


def owed(paper: Dispute, user: Any) -> Part | None:
    """The receivables of its ticket that this person may see (C10); None where there are none."""
    rows = list(Receivable.objects.visible_to(user).filter(ticket=paper.ticket).order_by("due_on", "pk"))
    left = open_amounts(rows)
    cells = [
        (_way(row), moments.when(row.due_on), yuan(row.amount), yuan(left[row.pk])) for row in rows
    ]  # fmt: skip
    head = [
        (_p("receivable", "For"), ""),
        (_("Due on"), "tight"),
        (_("Amount"), "money"),
        (_("Still open"), "money"),
    ]
    return Part("owed", _("Receivables"), table=Table(head, cells)) if rows else None


def _way(row: Receivable) -> Any:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.get_kind_display())


def register() -> None:
    """Called once, when the app is ready."""
    BESIDE.append(owed)
