"""How an information fee looks (4.2): who owes whom how much and why, what was kept back and paid so far."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.money import in_words, plain
from sales.lead_flow import SaleStage
from sales.models import Lead

from ..flow import FeeStage
from ..models import Deduction, Fee, month_name
from ..services import fees


def fee(paper: Fee, user: Any) -> Sheet:
    return Sheet(
        title=_("Information fee"), story=f"{paper.seller} → {paper.engineer} · {yuan(paper.amount)}",
        parts=[_what(paper, user), _hands(paper), _through(paper, user)], banner=_banner(paper), next=_next(paper),
    )  # fmt: skip


def _banner(paper: Fee) -> tuple[str, Any, Any] | None:
    if paper.stage == FeeStage.ORDERED and paper.sale.stage == SaleStage.CANCELLED:
        return (
            "warning",
            _("The sale was cancelled"),
            _("Two of finance take the fee back: one proposes it, another carries it out."),
        )
    if paper.stage == FeeStage.DROPPED:
        return "info", _("The sale was cancelled"), _("Nothing had been booked.")
    return None


def _next(paper: Fee) -> str:
    if paper.stage == FeeStage.DUE:
        return _("Finance puts it on the payroll list.")
    if paper.stage == FeeStage.ORDERED and fees.paid(paper, paper.seller) < paper.amount:
        return _(
            "It is deducted in the payroll month within the cap, and paid with the other's wage of the same month."
        )
    return ""


def _what(paper: Fee, user: Any) -> Part:
    lead, sale = paper.sale.lead, paper.sale
    sees_sale = may(user, "sale.view", sale)
    rows: list[Cell] = [
        (_p("fee", "Owed by"), str(paper.seller)), (_p("fee", "Owed to"), str(paper.engineer)), (_("Amount"), yuan(paper.amount)),
        (_("In words"), in_words(paper.amount)), (_("Share of the commission"), f"{plain(paper.share * 100)} %"),
        (_("Sale"), link(sale) if sees_sale else sale.number),
    ]  # fmt: skip
    rows += [(_("Commission"), yuan(paper.commission))] if sees_sale else []
    if lead is not None:
        opens = Lead.objects.visible_to(user).filter(pk=lead.pk).exists()
        rows += [
            (_("Purchase lead"), link(lead) if opens else lead.number),
            (_("Registered"), by_at(lead.registered_by, lead.registered_at)),
        ]
    return Part("what", _p("fee", "What is owed"), rows)


def _hands(paper: Fee) -> Part:
    rows: list[Cell] = [(_("Commission confirmed"), by_at(paper.sale.confirmed_by, paper.sale.confirmed_at))]
    rows += (
        [(_("Put on the payroll list"), by_at(paper.ordered_by, paper.ordered_at))]
        if paper.ordered_at
        else []
    )
    return Part("hands", _("Hands"), rows)


def _through(paper: Fee, user: Any) -> Part:
    """What the payroll months kept back, from whom, and to whom it went with his wage."""
    rows = (
        Deduction.objects.filter(kind=Deduction.Kind.FEE, paper=paper.number)
        .select_related("engineer")
        .order_by("month", "pk")
    )
    seen = set(Deduction.objects.visible_to(user).filter(paper=paper.number).values_list("pk", flat=True))
    lines = [
        (link(x) if x.pk in seen else x.number, month_name(x.month), str(x.engineer), str(fees.gets(x, paper)),
         x.get_stage_display(), yuan(x.amount), yuan(x.confirmed))
        for x in rows
    ]  # fmt: skip
    head = [(_("Deduction"), ""), (_("Payroll month"), "tight"), (_("Of whose wage"), ""), (_("Paid to"), ""), (_("Stage"), ""),
            (_("Amount"), "money"), (_("Kept back and paid"), "money")]  # fmt: skip
    empty = _(
        "Nothing yet. On the list it becomes a deduction of its month, within the cap of all deductions."
    )
    return Part("through", _("Through the payroll list"), table=Table(head, lines), empty=empty)
