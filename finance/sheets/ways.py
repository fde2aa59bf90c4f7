"""Ways from a row to the papers it speaks of: a link only where this person may open what is behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from accounts.access import may
from dispatch.models import Fine, Trip
from parts.models import Release, Return, Slip
from repairs.models import PartsOrder, Ticket
from technical.models import Report

from ..models import Assessment, Claim, Deduction, Fee, Receipt, Reconciliation


def _all_or_none(model: Any, right: str) -> Callable[[Any], Any]:
    return lambda user: model.objects.all() if user.cell(right) == "Y" else model.objects.none()


def _slips(user: Any) -> Any:
    return Slip.objects.filter(release__in=Release.objects.visible_to(user).values("pk"))


#: the first letters of a number → what this person may see of such papers, and the address of one
PAPERS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "BX": (lambda user: Ticket.objects.visible_to(user), "repairs:ticket", "ticket.list"),
    "DD": (lambda user: PartsOrder.objects.visible_to(user), "repairs:order", "parts_order.view"),
    "LL": (lambda user: Release.objects.visible_to(user), "parts:release", "release.view"),
    "CK": (_slips, "parts:slip", "release.view"),
    "JC": (_slips, "parts:slip", "release.view"),
    "TK": (lambda user: Return.objects.visible_to(user), "parts:return", "return.view"),
    "JJ": (lambda user: Return.objects.visible_to(user), "parts:return", "return.view"),
    "SK": (_all_or_none(Receipt, "receipt.view"), "finance:receipt", "receipt.view"),
    "KK": (lambda user: Deduction.objects.visible_to(user), "finance:deduction", "deduction.view"),
    "KH": (lambda user: Assessment.objects.visible_to(user), "finance:assessment", "assessment.view"),
    "FY": (lambda user: Claim.objects.visible_to(user), "finance:claim", "expense.view"),
    "XF": (lambda user: Fee.objects.visible_to(user), "finance:fee", "fee.view"),
    "CX": (lambda user: Trip.objects.visible_to(user), "dispatch:trip", "trip.view"),
    "WZ": (lambda user: Fine.objects.visible_to(user), "dispatch:fine", "fine.view"),
    "ZL": (lambda user: Report.objects.visible_to(user), "technical:report", "quality_report.view"),
    "DZ": (lambda user: Reconciliation.objects.visible_to(user), "finance:reconciliation", "reconcile.view"),
}  # fmt: skip


class Ways:
    """The numbers that this person may open: one statement for each kind of paper among them."""

    def __init__(self, user: Any, numbers: Iterable[str]) -> None:
        by_kind: dict[str, set[str]] = defaultdict(set)
        for number in numbers:
            by_kind[number[:2]].add(number)
        self.open = {
            number
            for kind, theirs in by_kind.items()
            if kind in PAPERS
            for number in _seen(kind, theirs, user)
        }

    def url(self, number: str) -> str:
        if number not in self.open:
            return ""
        try:
            return reverse(PAPERS[number[:2]][1], args=[number])
        except NoReverseMatch:  # a department whose pages are not there yet
            return ""

    def to(self, number: str) -> Any:
        """The number as a link, or as it is."""
        url = self.url(number)
        return format_html('<a class="number" href="{}">{}</a>', url, number) if url else format_html(
            '<span class="number">{}</span>', number)  # fmt: skip


def _seen(kind: str, numbers: set[str], user: Any) -> set[str]:
    rows, _name, right = PAPERS[kind]
    if not may(user, right):
        return set()
    return set(rows(user).filter(number__in=numbers).values_list("number", flat=True))


def about(debt: Any) -> str:
    """The number of the ticket or order that a debt is for, or the old paper it was taken over from."""
    return debt.about.number if debt.about else debt.note or debt.key
