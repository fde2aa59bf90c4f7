"""How a dispute looks (4.5a): the customer's words, what was decided about his parts, technical's answer."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.sheet import Cell, Part, Table
from repairs.models import Quotation

from .. import selectors
from ..models import Dispute
from .reports import ticket_link


def parts(paper: Dispute, user: Any) -> list[Part]:
    answered = [_answered(paper)] if paper.answered_at else []
    return [_said(paper, user), _lines(paper), *_quoted(paper, user), *_beside(paper, user), *answered]


#: what those above technical know of the charge: (dispute, reader) → a section or nothing
BESIDE: list[Callable[[Dispute, Any], Part | None]] = []


def _beside(paper: Dispute, user: Any) -> list[Part]:
    return [part for ask in BESIDE if (part := ask(paper, user)) is not None]


def next_of(paper: Dispute) -> str:
    if paper.outcome == Dispute.Outcome.VOID:
        return _("The report was ended; nothing is charged, and nobody waits for an answer.")
    if paper.answered_at:
        return ""
    return _("Technical answers it; not an engineer of the ticket (4.5a, SD08).")


def _said(paper: Dispute, user: Any) -> Part:
    words = paper.words if paper.erased_at is None else _("erased at the customer's request")
    rows: list[Cell] = [
        (_("Ticket"), ticket_link(paper.ticket, user)), (_p("dispute", "About"), paper.get_kind_display()),
        (_p("dispute", "Raised"), moments.when(paper.at)), (_p("dispute", "Taken down by"), str(paper.by or _("the customer"))),
        (_("In the customer's words"), words, "wide"),
    ]  # fmt: skip
    return Part("said", _("Dispute of the customer"), rows)


def _lines(paper: Dispute) -> Part:
    """What is charged, and how the damage was judged."""
    rows = [
        (row.release.number, f"{row.part.name} × {row.quantity}", row.get_damage_display(), row.get_charge_display())
        for row in selectors.live_lines(paper.ticket)
    ]  # fmt: skip
    head = [(_("Release"), "tight"), (_("Part"), ""), (_("Damage"), ""), (_("Charge"), "")]
    return Part(
        "lines",
        _("Parts of the ticket"),
        table=Table(head, rows) if rows else None,
        empty=_("No part was released."),
    )


def _quoted(paper: Dispute, user: Any) -> list[Part]:
    """What was quoted to him, line by line: labour and trips are charged without any part."""
    if not may(user, "quote.view", paper.ticket):
        return []
    return [_quotation(each) for each in selectors.quoted(paper.ticket)]


def _quotation(paper: Quotation) -> Part:
    head = [(_p("line", "Code"), "tight"), (_p("line", "Name"), ""), (_("Quantity"), "number"), (_("Unit price"), "money"),
            (_("Amount"), "money")]  # fmt: skip
    rows = [
        (x.code, x.name, f"{x.shown_quantity} {x.unit}", yuan(x.unit_price), yuan(x.amount))
        for x in paper.lines.all()
    ]
    cells: list[Cell] = [(_("Number"), link(paper)), (_("Stage"), paper.stage_label())]
    title = _("Quotation {number}").format(number=paper.number)
    return Part(
        f"quote-{paper.pk}",
        title,
        cells,
        table=Table(head, rows, ("", _("Total"), "", "", yuan(paper.total))),
    )


def of_ticket(ticket: Any) -> Part:
    """The disputes of a ticket in the customer's words, for whom sees the ticket in full."""
    rows = [_row(paper) for paper in ticket.disputes.select_related("ticket", "answered_by").order_by("pk")]
    head = [
        (_p("dispute", "Raised"), "tight"),
        (_p("dispute", "About"), ""),
        (_("In the customer's words"), ""),
        (_("Answer"), ""),
    ]
    return Part("disputes", _("Disputes of the customer"), table=Table(head, rows))


def _row(paper: Dispute) -> tuple[Any, ...]:
    erased = _("erased at the customer's request")
    words, why = (paper.words, paper.answer) if paper.erased_at is None else (erased, "")
    answer = " · ".join(filter(None, [str(paper.get_outcome_display()), why])) or _p("dispute", "Open")
    return (
        format_html('<a href="{}">{}</a>', paper.get_absolute_url(), moments.when(paper.at)),
        paper.get_kind_display(),
        words,
        answer,
    )


def _answered(paper: Dispute) -> Part:
    why = paper.answer if paper.erased_at is None else _("erased at the customer's request")
    rows: list[Cell] = [
        (_("Answer"), paper.get_outcome_display()), (_("Answered by"), by_at(paper.answered_by, paper.answered_at)),
        (_p("dispute", "Why"), why, "wide"),
    ]  # fmt: skip
    note = _("The customer reads the answer on his page.")
    return Part("answer", _("Answer of technical"), rows, note=note)
