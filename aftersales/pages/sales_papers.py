"""Quotation and parts-only order as pages: what stands on them, and the way on to the sheet of parts (9.4, 8.7, 4.5)."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display import moments
from aftersales.display.sheet import Part, Sheet, Table
from parts.models import Release
from parts.selectors import releases_of
from parts.sheets.releases import yuan
from repairs import papers
from repairs.models import PartsOrder, Quotation
from repairs.quote_flow import QuoteStage

from .releases import act, link


def order_sheet(order: PartsOrder, user: Any) -> Sheet:
    """The order, and every sheet of parts that was asked for on it."""
    sheet = papers.order_sheet(order, user)
    sheet.parts += [part for part in [releases_part(order, user)] if part]
    sheet.ways += _ways(order, user) if order.quotations.filter(stage=QuoteStage.ACCEPTED).exists() else []
    return sheet


def quote_sheet(quote: Quotation, user: Any) -> Sheet:
    """The quotation; once it is accepted, what was asked for on it and the way to ask."""
    sheet = papers.quote_sheet(quote, user)
    if quote.stage == QuoteStage.ACCEPTED:
        sheet.parts += [part for part in [releases_part(quote.about, user)] if part]
        sheet.ways += _ways(quote.about, user)
    return sheet


def releases_part(about: Any, user: Any) -> Part | None:
    """The sheets of a ticket or order, the newest first; None for whom A13 does not name."""
    if not may(user, "release.view"):
        return None
    head = [
        (_("Number"), ""),
        (_("Stage"), ""),
        (_("Basis"), ""),
        (_("Total to pay"), "money"),
        (_("Submitted"), ""),
    ]
    rows = [_row(release) for release in releases_of(about, user)]
    return Part(
        "releases", _("Releases of parts"), table=Table(head, rows), empty=_("No parts were asked for.")
    )


def _row(release: Release) -> tuple[Any, ...]:
    asked = moments.when(release.submitted_at, "short") if release.submitted_at else "–"
    return (
        link(release),
        release.get_stage_display(),
        release.get_basis_display(),
        yuan(release.total),
        asked,
    )


def _ways(about: Any, user: Any) -> list[tuple[str, str]]:
    found = act(about, user)
    return [(str(found["label"]), found["url"])] if found else []


QUOTES = replace(papers.QUOTES, sheet=quote_sheet)
ORDERS = replace(papers.ORDERS, sheet=order_sheet)
