"""How a deduction looks (4.11, 8.8): what for, the debt, the objection and its decision, what came back."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.limits import DAY
from deadlines.models import Deadline

from ..flow import DeductionStage
from ..models import Deduction, Refund, month_name
from ..selectors import open_amounts
from ..services import deducting
from ..services.reasons import shown
from ..wages import fortieth
from .ways import Ways, about

D = DeductionStage
Banner = tuple[str, Any, Any] | None


def deduction(paper: Deduction, user: Any) -> Sheet:
    refunds = list(paper.refunds.select_related("receipt", "paid_by"))
    ways = Ways(user, _numbers(paper, refunds))
    parts = [_what(paper, ways), *_debt(paper, ways), _objection(paper), _refunds(paper, refunds, ways)]
    return Sheet(
        title=_("Deduction from the wage"), story=f"{paper.engineer} · {month_name(paper.month)} · {yuan(_stands(paper))}",
        parts=[*parts, *_others(paper)], links=[(_("The whole month"), month_url(paper))], banner=_banner(paper),
    )  # fmt: skip


def month_url(paper: Deduction) -> str:
    return reverse("finance:payroll", args=[month_name(paper.month), paper.engineer.username])


def _stands(paper: Deduction) -> Any:
    return paper.amount if paper.confirmed is None else paper.confirmed


def _numbers(paper: Deduction, refunds: list[Refund]) -> set[str]:
    found = {paper.paper} if paper.paper else {about(paper.receivable)}
    return found | {refund.receipt.number for refund in refunds if refund.receipt}


def _banner(paper: Deduction) -> Banner:
    if paper.stage == D.OBJECTED:
        return (
            "warning",
            _("An objection is open"),
            _("Nothing is deducted before a leader has decided (8.8)."),
        )
    if paper.stage == D.DRAFT:
        return "info", _("A draft: nothing is deducted yet"), _(
            "Money that arrives before the confirmation makes it smaller; finance confirms in the payroll month, within the cap."
        )  # fmt: skip
    if paper.stage == D.DROPPED and paper.upheld:
        return "success", _("The objection was upheld: this is never deducted"), ""
    return None


def _what(paper: Deduction, ways: Ways) -> Part:
    rows: list[Cell] = [
        (_("Of whose wage"), paper.engineer), (_("Payroll month"), month_name(paper.month)),
        (_("Kind"), paper.get_kind_display()), (_p("deduction", "For"), ways.to(_for(paper))),
        (_("Amount of the draft"), yuan(paper.amount)),
    ]  # fmt: skip
    if paper.carried:
        rows.append((_("Carried over"), _("did not fit into the month before; it comes first")))
    if paper.confirmed is not None:
        rows += [
            (_p("deduction", "Deducted"), format_html("<b>{}</b>", yuan(paper.confirmed))),
            (_("Confirmed by"), f"{paper.confirmed_by} {moments.when(paper.confirmed_at)}"),
        ]
    return Part("what", _("What is deducted"), rows)


def _for(paper: Deduction) -> str:
    return paper.paper or about(paper.receivable)


def _debt(paper: Deduction, ways: Ways) -> list[Part]:
    debt = paper.receivable
    if debt is None:
        return []
    last = fortieth(debt.due_on, deducting.days())
    rows: list[Cell] = [
        (_("Ticket or order"), ways.to(about(debt))), (_("Kind"), debt.get_kind_display()),
        (_("Customer"), debt.customer.number if debt.customer else "–"), (_("Amount of the debt"), yuan(debt.amount)),
        (_("Still open"), format_html("<b>{}</b>", yuan(open_amounts([debt])[debt.pk]))),
        (_("Due on"), moments.when(debt.due_on)), (_("The 40th day"), moments.when(last)),
        (_("Deductible from"), moments.when(last + DAY)),
    ]  # fmt: skip
    return [Part("debt", _("The customer's debt"), rows)]


def _objection(paper: Deduction) -> Part:
    rows: list[Cell] = []
    if paper.objected_at:
        rows += [
            (_("Objected on"), moments.when(paper.objected_at)),
            (_p("deduction", "Objection"), paper.objection, "wide"),
        ]
    if paper.decided_at:
        said = _("upheld") if paper.upheld else _("rejected")
        rows += [
            (_("Decided by"), f"{paper.decided_by} {moments.when(paper.decided_at)}"), (_("Decision"), said),
            (_("Reason"), paper.decision, "wide"),
        ]  # fmt: skip
    empty = _("No objection. The engineer may object as long as it is a draft; a leader decides.")
    return Part("objection", _p("deduction", "Objection"), rows, empty=empty)


def _refunds(paper: Deduction, refunds: list[Refund], ways: Ways) -> Part:
    due = due_of(refunds)
    head = [(_("Amount"), "money"), (_("Why"), ""), (_("Arose on"), "tight"), (_("Repay by"), "tight"),
            (_("Repaid"), "tight"), (_("By"), "")]  # fmt: skip
    rows = [
        (yuan(x.amount), ways.to(x.receipt.number) if x.receipt else shown(x.why) or "–", moments.when(x.arose_at, "short"),
         due.get(x.pk, "–"), repaid(x), str(x.paid_by or "–"))
        for x in refunds
    ]  # fmt: skip
    empty = _(
        "Nothing came back. Money that arrives after the deduction is repaid within 2 working days (8.8)."
    )
    return Part("refunds", _("Refunds"), table=Table(head, rows), empty=empty)


def due_of(refunds: list[Refund]) -> dict[int, str]:
    """When each refund is to be repaid at the latest, in words that say when that is past; one statement."""
    clocks = Deadline.objects.filter(rule="refund", subject_id__in=[x.pk for x in refunds])
    clocks = clocks.filter(subject_type__app_label="finance", subject_type__model="refund")
    found: dict[Any, str] = {}
    for clock in clocks if refunds else []:
        late = clock.met_at is None and clock.due_at < timezone.now()
        words = format_html(
            '<b class="tone-text-danger">{} {}</b>', moments.due(clock.due_at, "short"), _("overdue")
        )
        found[clock.subject_id] = words if late else moments.due(clock.due_at, "short")
    return found


def repaid(refund: Refund) -> str:
    if refund.dropped_at:
        return _("taken back: the money was reversed")
    if refund.paid_on is None:
        return _("not yet")
    return f"{moments.when(refund.paid_on)} {refund.get_paid_how_display()}"


def _others(paper: Deduction) -> list[Part]:
    """The same debt in other months: carried on, or deducted in parts."""
    same: Any = {"receivable": paper.receivable} if paper.receivable_id else {"paper": paper.paper}
    rows = (
        Deduction.objects.filter(**same)
        .exclude(pk=paper.pk)
        .select_related("engineer")
        .order_by("month", "pk")
    )
    lines = [
        (format_html('<a class="number" href="{}">{}</a>', x.get_absolute_url(), x.number), month_name(x.month),
         x.get_stage_display(), yuan(x.amount), yuan(x.confirmed))
        for x in rows if x.engineer_id == paper.engineer_id
    ]  # fmt: skip
    if not lines:
        return []
    head = [(_("Deduction"), ""), (_("Payroll month"), "tight"), (_("Stage"), ""), (_("Amount"), "money"),
            (_p("deduction", "Deducted"), "money")]  # fmt: skip
    return [Part("others", _("Other months"), table=Table(head, lines))]
