"""The page of sheet 9.3: who and when, a row per ticket, what it earned and cost, finance's own lines, the totals."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.sheet import Cell, Part, Sheet, Table
from repairs.models import Ticket

from ..models import Statement, month_name
from ..rows import Row, counted, customers, on_time, totals
from ..rules import profit
from ..services.statement_rows import rows_of, satisfaction
from . import words
from .words import yuan


class Shown:
    """One sheet as one person sees it, read once: the page, the API and the paper draw from it.

    The engineer sees the cost of parts as a sum only (C32).
    """

    def __init__(self, paper: Statement, user: Any, at: dt.datetime) -> None:
        self.paper, self.user = paper, user
        self.costs = may(user, "cost.view")
        self.rows = rows_of(paper, at)
        self.lines = list(paper.adjustments.select_related("by"))
        self.totals = totals(self.rows, self.lines)
        self.satisfaction = satisfaction(self.rows)
        self.customers = customers(self.rows)
        self.columns = words.columns(self.costs)

    @property
    def visible(self) -> set[int]:
        """The tickets that this person may open."""
        ids = [row.pk for row in self.rows]
        return set(Ticket.objects.visible_to(self.user).filter(pk__in=ids).values_list("pk", flat=True))

    def sum(self, name: str) -> Decimal:
        """Due, received or open of the rows that count."""
        return sum((getattr(row, name) for row in counted(self.rows)), Decimal("0.00"))


def sheet(paper: Statement, user: Any) -> Sheet:
    shown = Shown(paper, user, timezone.now())
    prints = [(_("Print 9.3"), reverse("finance:statement_print", args=[paper.number]))]
    return Sheet(
        title=_("Statistics sheet"), story=f"{month_name(paper.month)} · {paper.engineer}", prints=prints,
        parts=[_head(shown), _tickets(shown), _money(shown), _lines(shown), _totals(shown)], banner=_banner(paper),
    )  # fmt: skip


def _banner(paper: Statement) -> tuple[str, Any, Any] | None:
    if paper.returned_why and paper.stage == "open":
        return "warning", _("Sent back by finance"), paper.returned_why
    return None


def _head(shown: Shown) -> Part:
    paper = shown.paper
    rows: list[Cell] = [
        (_("Month"), month_name(paper.month)), (_("Engineer"), str(paper.engineer)), (_("Stage"), paper.stage_label()),
        (_("Confirmed at"), moments.when(paper.confirmed_at) if paper.confirmed_at else ""),
        (_("Checked by"), f"{paper.checked_by} {moments.when(paper.checked_at)}" if paper.checked_at else ""),
    ]  # fmt: skip
    note = "" if paper.confirmed_at else _("As it stands now; confirmed, it stays as it is.")
    return Part("head", _("Sheet"), [row for row in rows if row[1]], note=note)


def _tickets(shown: Shown) -> Part:
    head = [
        (_("Ticket"), "tight"), (_("Customer"), ""), (_("Region"), ""), (_("Model"), ""),
        (_p("form", "Reported, completed"), "tight"), (_p("form", "Plan, fault"), ""), (_("Charge"), ""),
        (_("Old parts: due / in / open"), ""), (_("In time"), "tight"), (_("Quality report"), ""),
    ]  # fmt: skip
    visible = shown.visible
    rows = [
        (_number(row, visible), shown.customers.get(row.customer, ""), row.region, f"{row.model} {row.vin}".strip(),
         format_html("{}<br>{}", moments.when(row.reported), moments.when(row.completed)),
         f"{words.plan(row)} {words.fault(row)}".strip(), words.charge(row),
         words.old_parts(row), words.in_time(row), words.report(row))
        for row in shown.rows
    ]  # fmt: skip
    return Part(
        "tickets", _("Tickets"), table=Table(head, rows), empty=_("No ticket was completed in this month.")
    )


def _number(row: Row, visible: set[int]) -> Any:
    if row.pk not in visible:
        return row.ticket
    return format_html(
        '<a class="number" href="{}">{}</a>', reverse("repairs:ticket", args=[row.ticket]), row.ticket
    )


def _money(shown: Shown) -> Part:
    names = words.used(shown.columns, totals(shown.rows), ())
    owed = [(_("Due"), "money"), (_p("money", "Received"), "money"), (_("Still open"), "money")]
    head = [(_("Ticket"), "tight"), *owed, *((words.word(name), "money") for name in names)]
    rows = [
        (row.ticket, yuan(row.due), yuan(row.received), yuan(row.open), *map(yuan, words.money_of(row, names)))
        for row in counted(shown.rows)
    ]  # fmt: skip
    sums = [yuan(shown.sum(name)) for name in ("due", "received", "open")]
    foot = [_("Total"), *sums, *(yuan(totals(shown.rows)[name]) for name in names)]
    note = _("By completion, with what is still open; the accounts (8.10) count money on the day it comes.")
    empty = _("Nothing counts in this month.")
    return Part("money", _("Money"), table=Table(head, rows, foot), empty=empty, note=note)


def _lines(shown: Shown) -> Part:
    head = [(_("Column"), ""), (_("Amount"), "money"), (_("Reason"), ""), (_("By"), ""), (_("At"), "tight")]
    rows = [
        (line.get_column_display(), yuan(line.amount), line.reason, str(line.by), moments.when(line.at))
        for line in shown.lines
    ]
    return Part("lines", _("Adjustments by finance"), table=Table(head, rows), empty=_("None."))


def _totals(shown: Shown) -> Part:
    """With the cost of parts as sums, also for the engineer; satisfaction here alone (SD10)."""
    rows: list[Cell] = [*words.summed(shown.totals, words.columns(True))]
    grade = shown.satisfaction
    rows.append((_("Satisfaction"), grade if grade is not None else _("shown from five answers on")))
    rows += [
        (_("In time {clause}").format(clause=words.clause(rule)), f"{good} / {of}")
        for rule, (good, of) in on_time(shown.rows).items()
    ]
    return Part("totals", _("Totals"), rows)


# --- over the API
def payload(paper: Statement, user: Any) -> dict[str, Any]:
    """The sheet's own facts; in a list without its rows, which are computed."""
    return {
        "month": month_name(paper.month), "engineer": paper.engineer.username, "confirmed_at": paper.confirmed_at,
        "checked_at": paper.checked_at, "checked_by": paper.checked_by.username if paper.checked_by else None,
        "returned_why": paper.returned_why,
    }  # fmt: skip


def whole_payload(paper: Statement, user: Any) -> dict[str, Any]:
    """With rows, adjustments and totals; amounts are strings of yuan."""
    shown = Shown(paper, user, timezone.now())
    return payload(paper, user) | {
        "rows": [_row(row, shown) for row in shown.rows],
        "adjustments": [
            {"column": x.column, "amount": str(x.amount), "reason": x.reason, "by": x.by.username, "at": x.at}
            for x in shown.lines
        ],
        "totals": {name: str(amount) for name, amount in shown.totals.items()}, "profit": str(profit(shown.totals)),
        "satisfaction": None if shown.satisfaction is None else str(shown.satisfaction),
    }  # fmt: skip


def _row(row: Row, shown: Shown) -> dict[str, Any]:
    return {
        "ticket": row.ticket, "round": row.round, "customer": row.customer, "region": row.region, "model": row.model,
        "vin": row.vin, "reported": row.reported, "completed": row.completed, "plan": row.plan, "fault": row.fault,
        "charge": row.charge, "due": str(row.due), "received": str(row.received), "open": str(row.open),
        "old_due": row.old_due, "old_in": row.old_in, "old_open": row.old_open, "counts": not row.pending,
        "late_from": row.late_from, "on_time": row.on_time,
        "amounts": {name: str(row.amounts[name]) for name in shown.columns},
    }  # fmt: skip
