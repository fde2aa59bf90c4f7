"""How a reconciliation looks (4.11, 8.8): seven figures as a checklist, below each the rows that make it, then what is open."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import link, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table

from ..flow import ReconciliationStage
from ..models import Deduction, Reconciliation, Refund, month_name
from ..services import deducting, evidence, reconciling
from ..services.evidence import MOVED, Evidence, Open, ageing
from ..services.reasons import shown
from .ways import Ways, about

C = ReconciliationStage
#: the figures in the order of the formula, each with its sign in it
FORMULA: dict[str, tuple[Any, str]] = {
    "opening": (gettext_lazy("Opening"), ""), "new": (gettext_lazy("New debts"), "+"),
    "adjusted": (gettext_lazy("Adjusted"), "+"), "collected": (gettext_lazy("Collected"), "−"),
    "deducted": (gettext_lazy("Deducted from the wage"), "−"), "refunded": (gettext_lazy("Repaid to the engineer"), "+"),
    "closing": (gettext_lazy("Closing"), "="),
}  # fmt: skip


class Checklist(NamedTuple):
    """What a reconciliation rests on, read once for page, form and print."""

    figures: reconciling.Figures
    rows: list[Evidence]
    open: list[Open]


def checklist(paper: Reconciliation) -> Checklist:
    return Checklist(
        reconciling.shown(paper), evidence.rows_of(paper.engineer_id, paper.month),
        evidence.open_debts(paper.engineer_id, paper.month),
    )  # fmt: skip


def reconciliation(paper: Reconciliation, user: Any) -> Sheet:
    found = checklist(paper)
    debts = [*(row.debt for row in found.rows), *(row.debt for row in found.open)]
    ways = Ways(user, [*(row.row.paper for row in found.rows), *(about(debt) for debt in debts)])
    below = [part for name in MOVED for part in _below(name, found, ways)]
    parts = [_figures(found.figures), *below, _open(found, ways), *_waiting(paper), _hands(paper)]
    return Sheet(
        title=_("Reconciliation"), story=f"{paper.engineer} · {month_name(paper.month)}", parts=parts,
        banner=banner(paper, found.figures),
        prints=[(str(_("Print")), reverse("finance:reconciliation_print", args=[paper.number]))],
    )  # fmt: skip


def banner(paper: Reconciliation, now: reconciling.Figures) -> tuple[str, Any, Any] | None:
    """The state in words: void, half signed, locked."""
    if reconciling.is_void(paper, now):
        whose = (
            _("The engineer's signature is void")
            if paper.stage == C.ENGINEER
            else _("Finance's signature is void")
        )
        return "danger", whose, _(
            "Rows were booked into this month after it was signed: {before} then, {now} now. Both sign the figures as they stand."
        ).format(before=yuan(paper.closing), now=yuan(now.closing))  # fmt: skip
    if paper.stage == C.ENGINEER:
        return "info", _("The engineer has signed, finance has not"), ""
    if paper.stage == C.FINANCE:
        return "info", _("Finance has signed, the engineer has not"), ""
    if paper.stage == C.LOCKED:
        return (
            "success",
            _("Both have signed: the month is locked"),
            _("Corrections fall into the first open month."),
        )
    return None


def _figures(now: reconciling.Figures) -> Part:
    """One under the other, each with its sign in the formula."""
    facts = now.facts()
    rows: list[Cell] = [
        (f"{sign} {word}".strip(), _figure(name, facts[name]), "wide sum")
        for name, (word, sign) in FORMULA.items()
    ]
    return Part("figures", _("The seven figures"), rows)


def _figure(name: str, amount: Decimal) -> Any:
    return format_html("<b>{}</b>", yuan(amount)) if name in ("opening", "closing") else yuan(amount)


HEAD = (
    (gettext_lazy("Day"), "tight"), (gettext_lazy("Paper"), "tight"), (gettext_lazy("Why"), ""),
    (gettext_lazy("Ticket or order"), "tight"), (gettext_lazy("Customer"), ""), (gettext_lazy("Amount"), "money"),
)  # fmt: skip


def _below(name: str, found: Checklist, ways: Ways) -> list[Part]:
    """The rows that make one figure, and their sum; nothing for a figure that nothing makes."""
    rows = [
        (moments.when(x.row.day), ways.to(x.row.paper), words(x), ways.to(about(x.debt)), _customer(x.debt), yuan(x.amount))
        for x in found.rows if x.figure == name
    ]  # fmt: skip
    if not rows:
        return []
    foot = [_("Total"), *[""] * (len(HEAD) - 2), yuan(found.figures.facts()[name])]
    return [Part(name, FORMULA[name][0], table=Table(HEAD, rows, foot))]


def words(row: Evidence) -> str:
    return f"{_('reversal:')} {shown(row.row.why)}" if row.row.reverses_id else shown(row.row.why)


def _customer(debt: Any) -> str:
    if debt.customer is None:
        return "–"
    return f"{debt.customer.number} {debt.customer.person.organisation}".strip()


def _open(found: Checklist, ways: Ways) -> Part:
    head = [(_("Ticket or order"), "tight"), (_("Customer"), ""), (_("Due on"), "tight"), (_("Days overdue"), "number"),
            (_("Ageing"), "tight"), (_p("money", "Open"), "money")]  # fmt: skip
    rows = [
        (ways.to(about(x.debt)), _customer(x.debt), moments.when(x.debt.due_on), max(x.days, 0), aged(x.days), yuan(x.amount))
        for x in found.open
    ]  # fmt: skip
    foot = [_("Total"), *[""] * (len(head) - 2), yuan(sum_of(found.open))]
    return Part(
        "open",
        _("Open at the end of the month"),
        table=Table(head, rows, foot),
        empty=_("Nothing is open."),
        note=_by_age(found.open),
    )


def aged(days: int) -> Any:
    tone = "danger" if days > 40 else "warning" if days > 30 else ""
    return format_html('<b class="tone-text-{}">{}</b>', tone, ageing(days)) if tone else ageing(days)


def sum_of(rows: Iterable[Open]) -> Decimal:
    return sum((row.amount for row in rows), Decimal("0.00"))


def _by_age(rows: Sequence[Open]) -> str:
    """0–30: ¥… · 31–40: ¥… · > 40: ¥…"""
    sums = {name: sum_of(x for x in rows if ageing(x.days) == name) for name in ("0–30", "31–40", "> 40")}
    return (
        " · ".join(f"{_('{days} days').format(days=name)} {yuan(total)}" for name, total in sums.items())
        if rows
        else ""
    )


def _waiting(paper: Reconciliation) -> list[Part]:
    """Drafts and refunds of this engineer that are not settled: what the next month will bring."""
    drafts = Deduction.objects.filter(engineer=paper.engineer_id, stage__in=deducting.LIVE).order_by(
        "month", "due_on"
    )
    rows: list[Any] = [
        (link(x), month_name(x.month), x.get_stage_display(), moments.when(x.due_on), yuan(x.amount)) for x in drafts
    ]  # fmt: skip
    refunds = Refund.objects.filter(deduction__engineer=paper.engineer_id, settled_at=None, dropped_at=None)
    rows += [
        (link(x.deduction), "", _("refund to be repaid"), moments.when(x.arose_at, "date"), yuan(x.amount))
        for x in refunds.select_related("deduction")
    ]
    if not rows:
        return []
    head = [
        (_("Deduction"), ""),
        (_("Payroll month"), "tight"),
        (_("State"), ""),
        (_p("deduction", "Since"), "tight"),
        (_("Amount"), "money"),
    ]
    return [Part("waiting", _("Drafts and refunds"), table=Table(head, rows))]


def _hands(paper: Reconciliation) -> Part:
    rows: list[Cell] = [
        (_("The engineer"), signed(paper.engineer, paper.engineer_signed_at)),
        (_("Finance"), signed(paper.finance_signed_by, paper.finance_signed_at)),
    ]
    if paper.locked_at:
        rows.append((_("Locked"), moments.when(paper.locked_at)))
    proposal = open_unlocking(paper)
    if proposal is not None:
        said = f"{proposal.proposed_by}, {moments.when(proposal.proposed_at, 'short')}: {proposal.reason}"
        rows.append((_("Unlocking is proposed; a second leader carries it out"), said, "wide"))
    return Part("hands", _("Signatures"), rows)


def signed(who: Any, at: Any) -> str:
    return f"{who} {moments.when(at)}" if at else _("not yet")


def open_unlocking(paper: Reconciliation) -> Any:
    rows = paper.unlockings.filter(done_at=None, dropped_at=None)
    return rows.select_related("proposed_by").first() if paper.stage == C.LOCKED else None
