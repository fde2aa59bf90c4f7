"""What a case of quality cost and what the standard asks for it, as pages show it (8.9, 9.6)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display.marks import link, yuan
from aftersales.display.sheet import Part, Table
from technical.models import Report
from technical.shown import percent

from ..models import Assessment, Column
from ..services import quality_cost
from ..services.asking import Asked


def sees_cost(user: Any) -> bool:
    """Who may read every statistics sheet or every assessment may know what a case cost."""
    return any(
        may(user, right) and user.cell(right) == "Y" for right in ("statement.view", "assessment.view")
    )


def cost(costs: dict[str, Decimal]) -> Part:
    """损失 CoPQ: column by column and in total."""
    head = [(_p("quality cost", "Cost"), ""), (_("Amount"), "money")]
    rows = [(Column(column).label, yuan(amount)) for column, amount in costs.items()]
    foot = (_("Total"), yuan(quality_cost.total(costs)))
    return Part(
        "cost", _("What the case cost"), table=Table(head, rows, foot), empty=_("Nothing is known of any cost."),
        note=_("Of this round of the ticket, as in sheet 9.3; parts count what they cost the company.") if rows else "",
    )  # fmt: skip


def asks(rows: list[Asked]) -> Part:
    """What finance would write, line by line."""
    head = [(_("Who answers"), ""), (_p("judgement", "Share"), "number"), (_p("assessment", "Person"), ""),
            (_("How it was computed"), ""),
            (_("Amount"), "money")]  # fmt: skip
    lines = [
        (row.share.who, percent(row.share.percent), str(row.person or _("no head")), row.basis, yuan(row.amount)) for row in rows
    ]  # fmt: skip
    empty = _("No clause of this judgement asks money that is not written already.")
    return Part("asks", _("What the standard asks"), table=Table(head, lines), empty=empty)


def assessments(report: Report, user: Any) -> Part | None:
    """The assessments of a case that this person may see; None where there are none."""
    rows = Assessment.objects.visible_to(user).filter(case=report).select_related("person").order_by("pk")
    lines = [(link(x), str(x.person), x.get_stage_display(), yuan(x.amount)) for x in rows]
    head = [
        (_("Number"), "tight"),
        (_p("assessment", "Person"), ""),
        (_("Stage"), ""),
        (_("Amount"), "money"),
    ]
    return Part("assessments", _("Assessments"), table=Table(head, lines)) if lines else None


def case(report: Report, costs: dict[str, Decimal], rows: list[Asked], user: Any) -> list[Part]:
    written = assessments(report, user)
    return [asks(rows), *([written] if written else []), cost(costs)]


def facts(report: Report, costs: dict[str, Decimal], rows: list[Asked]) -> dict[str, Any]:
    """The same for the API; amounts are strings of yuan."""
    return {
        "report": report.number, "stage": report.stage, "cost": {column: str(amount) for column, amount in costs.items()},
        "loss": str(quality_cost.total(costs)),
        "asks": [
            {"who": row.share.who, "person": row.person.username if row.person else None, "percent": str(row.share.percent),
             "clause": row.share.clause.number, "amount": str(row.amount), "basis": row.basis}
            for row in rows
        ],
    }  # fmt: skip
