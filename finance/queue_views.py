"""What waits for finance's signature (4.5): the oldest first, with what one needs to decide which to open."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.display import moments, tables
from aftersales.display.marks import money
from aftersales.display.sheet import Table
from parts.models import Basis

from . import selectors

PAGE = 50
OPENS, NUMBER = '<a class="number" data-open href="{}">{}</a>', '<span class="number">{}</span> {}'
ABOUT = '<a class="number" href="{}">{}</a>'


@action("signoff.warranty", "release.reject")
@require_GET
def queue(request: Any) -> HttpResponse:
    """Submitted releases, by key as every list: 50 a page however many wait."""
    found = list(selectors.queue(_after(request))[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = f"?{urlencode({'after': f'{last.submitted_at.isoformat()}~{last.pk}'})}" if last else ""
    return render(request, "finance/queue.html", {"table": _table(found[:PAGE]), "next": more})


def _after(request: Any) -> tuple[dt.datetime, int] | None:
    """Moment and key of the last row of the page before, None at the beginning or when the words mean nothing."""
    moment, _sep, key = request.GET.get("after", "").partition("~")
    try:
        at = dt.datetime.fromisoformat(moment)
    except ValueError:
        return None
    is_place = at.tzinfo is not None and 2000 < at.year < 9000
    return (at, int(key)) if is_place and key.isascii() and key.isdecimal() and len(key) < 18 else None


def _table(rows: list[Any]) -> Table:
    head = [
        (_("Release"), "tight"), (_("Submitted"), "tight"), (_("Basis"), ""), (_("Total to pay"), "money"),
        (_("Ticket or order"), "tight"), (_("Paying customer"), ""), (_("Requester"), ""), (_("Waits for"), ""),
    ]  # fmt: skip
    grounds = {value: str(label) for value, label in Basis.choices}
    cells = [
        (format_html(OPENS, tables.way("parts:release", x.number), x.number), moments.when(x.submitted_at, "short"),
         grounds[x.basis], money(x.total), _about(x), _payer(x), x.requester__name, _waits(x))
        for x in rows
    ]  # fmt: skip
    return Table(head, cells)


def _about(row: Any) -> SafeString:
    """The ticket or the parts-only order."""
    if row.ticket__number:
        return format_html(ABOUT, tables.way("repairs:ticket", row.ticket__number), row.ticket__number)
    return format_html(ABOUT, tables.way("repairs:order", row.order__number), row.order__number)


def _payer(row: Any) -> Any:
    if not row.debtor__number:
        return "–"
    return format_html(NUMBER, row.debtor__number, row.debtor__person__organisation)


def _waits(row: Any) -> str:
    """What must come first: waivers, the word of the management that agreed, else nothing but the signature."""
    if row.waivers:
        return ngettext("{n} waiver", "{n} waivers", row.waivers).format(n=row.waivers)
    if row.consent_by__name:
        return f"{row.consent_by__name} · {moments.when(row.agreed_day)}"
    return _("the signature")
