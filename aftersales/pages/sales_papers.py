"""Quotation and parts-only order as pages: what stands on them, and the way on to the sheet of parts (9.4, 8.7, 4.5)."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Part, Sheet, Table
from parts.models import Release
from parts.selectors import releases_of
from parts.sheets.releases import yuan
from repairs import papers
from repairs.models import PartsOrder, Quotation
from repairs.quote_flow import QuoteStage

from .releases import act


def order_sheet(order: PartsOrder, user: Any) -> Sheet:
    """The order, and every sheet of parts that was asked for on it."""
    accepted = order.quotations.filter(stage=QuoteStage.ACCEPTED).exists()
    return _with_parts(papers.order_sheet(order, user), order, user, asks=accepted)


def quote_sheet(quote: Quotation, user: Any) -> Sheet:
    """The quotation; once it is accepted, what was asked for on it and the way to ask."""
    sheet = papers.quote_sheet(quote, user)
    return _with_parts(sheet, quote.about, user, asks=True) if quote.stage == QuoteStage.ACCEPTED else sheet


def _with_parts(sheet: Sheet, about: Any, user: Any, *, asks: bool) -> Sheet:
    """The sheets of parts below; `asks`: and the way to a new one, for whom it is his to ask."""
    releases, way = releases_part(about, user), act(about, user) if asks else None
    sheet.parts += [releases] if releases else []
    sheet.ways += [(str(way["label"]), way["url"])] if way else []
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


QUOTES = replace(papers.QUOTES, sheet=quote_sheet)
ORDERS = replace(papers.ORDERS, sheet=order_sheet)
