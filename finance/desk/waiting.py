"""What of finance waits for whose hand without a clock (home page): proposals to second (SD05, SD09), papers to look at, and
what asks something of who travels."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import holds
from aftersales.limits import first_of, local_day
from aftersales.waits import Line, Pile, at, line, numbered, text, the_first
from dispatch.flow import TripStage
from dispatch.models import Traveller, Trip, TripTicket
from parts.selectors import ABOUT
from repairs.flow import Stage
from sales.lead_flow import SaleStage
from sales.lead_selectors import commissions_of
from technical.flow import ReportStage
from technical.models import OURS, Report, Share

from ..flow import (
    UNDER_WAY,
    AssessmentStage,
    ClaimStage,
    DeductionStage,
    FeeStage,
    StatementStage,
    YearEndStage,
)
from ..models import (
    Assessment,
    BankRow,
    Claim,
    ClaimLine,
    CustomerRefund,
    Deduction,
    Fee,
    LineKind,
    MonthReopening,
    Reversal,
    SiteMoney,
    Statement,
    Unlocking,
    WriteOff,
    YearEnd,
    month_name,
)
from ..services.reasons import Why

#: a debt is of a ticket, of a parts-only order, or of what its note says
OF_DEBT = Coalesce(
    "receivable__ticket__number", "receivable__order__number", "receivable__note", output_field=CharField()
)


# --- what travellers are asked for (`pages/todo.py` says it)
def to_travel(user: Any, at: dt.datetime) -> list[Any]:
    """Of who travels: a trip that should have left (its service runs already) or be back, one that is back and not claimed
    for, a claim of his that is a draft; the kind is the trip's stage, or "claim"."""
    served = TripTicket.objects.filter(
        ticket__stage__in=(Stage.IN_SERVICE, Stage.COMPLETED), round=F("ticket__round")
    )
    goes = Q(driver=user) | Q(pk__in=Traveller.objects.filter(person=user).values("trip"))
    asks = Q(stage=TripStage.APPROVED, leaves_at__lte=at) | Q(stage=TripStage.DEPARTED, returns_at__lte=at)
    asks |= Q(stage=TripStage.RETURNED, open_claims=0)
    asks |= Q(stage=TripStage.APPROVED, pk__in=served.values("trip"))
    drafts = Claim.objects.filter(claimant=user, stage=ClaimStage.DRAFT)
    return [
        line(the_first(Trip.objects.filter(goes, asks).order_by("leaves_at", "pk")), F("stage"), "number", "place", "leaves_at"),
        line(the_first(drafts.order_by("trip__leaves_at", "pk")), "claim", "number", "trip__place", "trip__leaves_at"),
    ]  # fmt: skip


# --- proposals that want another one's hand
def opened(model: Any, user: Any) -> Any:
    """Proposals of others that nobody has settled."""
    return model.objects.filter(done_at=None, dropped_at=None).exclude(proposed_by=user).order_by("pk")


def reversals(user: Any, _at: dt.datetime) -> Any:
    """The key is the transfer's account, paper and reason."""
    key = text(
        Cast("transfer__target", TextField()), Value("|"), "transfer__paper", Value("|"), "transfer__why"
    )
    word = Case(
        When(transfer__paper="", then="transfer__key"), default="transfer__paper", output_field=CharField()
    )
    return line(the_first(opened(Reversal, user)), "reversal", key, word, "proposed_at")


def write_offs(user: Any, _at: dt.datetime) -> Any:
    key = Cast("receivable", TextField())
    return line(the_first(opened(WriteOff, user)), "write_off", key, OF_DEBT, "proposed_at")


def repayments(user: Any, _at: dt.datetime) -> Any:
    rows = the_first(opened(CustomerRefund, user))
    return line(rows, "repayment", "customer__number", "customer__number", "proposed_at")


def unlockings(user: Any, _at: dt.datetime) -> Any:
    rows = the_first(opened(Unlocking, user))
    return line(rows, "unlock", "reconciliation__number", "reconciliation__number", "proposed_at")


def reopenings(user: Any, _at: dt.datetime) -> Any:
    return line(
        the_first(opened(MonthReopening, user)),
        "reopen",
        Value(""),
        Cast("closed__month", TextField()),
        "proposed_at",
    )


def year_ends(user: Any) -> Any:
    """Those that he may decide about: neither prepared by him nor with a share of his (SD13)."""
    rows = YearEnd.objects.filter(stage=YearEndStage.PREPARED).exclude(prepared_by=user)
    return rows.exclude(shares__engineer=user).order_by("pk")


# --- papers to look at
def money_on_site(user: Any, _at: dt.datetime) -> Any:
    rows = SiteMoney.objects.in_transit().exclude(engineer=user)
    return line(the_first(rows.order_by("declared_at", "pk")), "money", Value(""), ABOUT, "declared_at")


def bank_rows(_user: Any, _at: dt.datetime) -> Any:
    """Of each list of the bank how many rows are nobody's yet."""
    lists = BankRow.objects.filter(receipt=None, left_out=False).order_by().values("batch", "batch__name")
    key, first = Cast("batch", TextField()), Min("batch__made_at")
    word = text("batch__name", Value(" ("), Cast(Count("pk"), TextField()), Value(")"))
    return line(lists, "bank", key, word, first, "batch")


def sheets(_user: Any, _at: dt.datetime) -> Any:
    rows = Statement.objects.filter(stage=StatementStage.CONFIRMED)
    return line(the_first(rows.order_by("pk")), "sheet", "number", "engineer__name", "made_at")


def fees_of(user: Any, stage: str) -> Any:
    """Fees of that stage which are neither owed by him nor to him (SD04)."""
    return Fee.objects.filter(stage=stage).exclude(seller=user).exclude(engineer=user).order_by("pk")


def fees_due(user: Any) -> Any:
    return fees_of(user, FeeStage.DUE).exclude(sale__confirmed_by=user)


def fees_back(user: Any) -> Any:
    return fees_of(user, FeeStage.ORDERED).filter(sale__stage=SaleStage.CANCELLED)


def cases_to_assess() -> Any:
    """Final judgements that hold somebody of ours responsible, and of which nothing is drafted yet (8.9)."""
    drafted = Assessment.objects.filter(case=OuterRef("pk"), stage__in=UNDER_WAY)
    ours = Share.objects.filter(report=OuterRef("pk"), replaced=False, party__in=OURS)
    return Report.objects.filter(~Exists(drafted), Exists(ours), stage=ReportStage.FINAL)


def to_confirm(_user: Any, at: dt.datetime) -> Any:
    """Whose drafts wait in this payroll month."""
    rows = Deduction.objects.filter(month=first_of(local_day(at)), stage=DeductionStage.DRAFT)
    people = rows.order_by().values("engineer", "engineer__name")
    return line(people, "confirm", Value(""), "engineer__name", Min("made_at"), "engineer")


def assessments(user: Any, stage: str) -> Any:
    """Those that he may move: neither his own nor of a case that he judged, reviewed or answers for (SD08)."""
    rows = Assessment.objects.filter(stage=stage).exclude(person=user)
    judged = Q(judged_by=user) | Q(review__decided_by=user) | Q(shares__person=user) | Q(appeals__person=user)
    return rows.exclude(case__in=Report.objects.filter(judged).order_by().values("pk")).order_by("pk")


# --- travel claims
def not_his(rows: Any, user: Any) -> Any:
    """Neither his own nor of a trip that he went on or drove (SD04)."""
    gone = Traveller.objects.filter(person=user).values("trip")
    own = Q(claimant=user) | Q(trip__in=gone) | Q(trip__driver=user)
    return rows.exclude(pk__in=Claim.objects.filter(own).values("pk")).order_by("pk")


def claims_to_check(user: Any) -> Any:
    return not_his(Claim.objects.filter(stage=ClaimStage.SUBMITTED), user)


def claims_to_decide(user: Any) -> Any:
    return not_his(Claim.objects.filter(UNDECIDED), user).exclude(checked_by=user)


def claims_to_pay(user: Any) -> Any:
    rows = Claim.objects.filter(Q(stage=ClaimStage.APPROVED) | Q(stage=ClaimStage.CHECKED) & ~UNDECIDED)
    return not_his(rows, user).exclude(checked_by=user)


#: checked, and a line that stands is above its standard or has no receipt
UNDECIDED = Q(stage=ClaimStage.CHECKED) & Exists(
    ClaimLine.objects.filter(
        Q(amount__gt=F("standard")) | Q(kind=LineKind.NO_RECEIPT), claim=OuterRef("pk"), struck_why=""
    )
)


# --- as the home page reads them
def _of_transfer(found: Line) -> str:
    target, paper, why = found.key.split("|", 2)
    names: dict[str, str] = {
        Why.RECEIPT: "finance:receipt",
        Why.FEE: "finance:fee",
        Why.CLAIMED: "finance:claim",
    }
    return reverse(names[why], args=[paper]) if why in names else reverse("finance:account", args=[target])


def _papers(kind: str, right: str, rows: Callable[[Any], Any], label: Any, where: str, one: str) -> Pile:
    return Pile(kind, holds(right), numbered(kind, rows), label, where, at(one))


A, D = AssessmentStage, DeductionStage
_YEAR = Cast("year", TextField())
#: in the order of the page
PILES = [
    Pile("sale", holds("commission.confirm"), numbered("sale", lambda user: commissions_of(user).order_by("made_at", "pk")),
         _("Commissions and cancellations to confirm"), "sales:home", at("sales:sale")),
    Pile("money", holds("site_money.confirm"), money_on_site, _("Money taken on site to confirm"), "finance:site_money"),
    Pile("bank", holds("receipt.allocate"), bank_rows, _("Bank rows that are nobody's yet"), "finance:bank_lists",
         at("finance:bank_list")),
    Pile("sheet", holds("statement.check"), sheets, _("Statistics sheets to check"), "finance:statements",
         at("finance:statement")),
    Pile("reversal", holds("ledger.reverse"), reversals, _("Reversals to second"), "finance:ledger", _of_transfer),
    Pile("write_off", holds("receivable.write_off"), write_offs, _("Write-offs to second"), "finance:receivables",
         at("finance:receivable")),
    Pile("repayment", holds("customer.refund"), repayments, _("Repayments to customers to second"), "finance:credits",
         at("finance:credit")),
    _papers("fee", "info_fee.pay", fees_due, _("Information fees to put on the payroll list"), "finance:fees", "finance:fee"),
    _papers("back", "ledger.reverse", fees_back, _("Information fees of cancelled sales to take back"), "finance:fees",
            "finance:fee"),
    Pile("confirm", holds("deduction.confirm"), to_confirm, _("Deductions to confirm"), "finance:deductions"),
    _papers("objection", "deduction.decide_objection",
            lambda user: Deduction.objects.filter(stage=D.OBJECTED).exclude(engineer=user).order_by("pk"),
            _("Objections to decide"), "finance:deductions", "finance:deduction"),
    _papers("case", "assessment.draft", lambda _user: cases_to_assess().order_by("pk"), _("Final judgements to assess"),
            "finance:cases", "finance:case"),
    _papers("to_approve", "assessment.approve", lambda user: assessments(user, A.DRAFT), _("Assessments to approve"),
            "finance:assessments", "finance:assessment"),
    _papers("to_issue", "assessment.issue", lambda user: assessments(user, A.APPROVED), _("Assessments to issue"),
            "finance:assessments", "finance:assessment"),
    _papers("check", "expense.approve_standard", claims_to_check, _("Travel claims to check"), "finance:claims", "finance:claim"),
    _papers("decide", "expense.approve_exception", claims_to_decide, _("Travel claims to decide"), "finance:claims",
            "finance:claim"),
    _papers("pay", "expense.pay", claims_to_pay, _("Travel claims to pay"), "finance:claims", "finance:claim"),
    Pile("unlock", holds("month.reopen"), unlockings, _("Months to unlock"), "finance:reconciliations",
         at("finance:reconciliation")),
    Pile("reopen", holds("month.reopen"), reopenings, _("Months to open again"), "finance:months",
         word=lambda found: month_name(dt.date.fromisoformat(found.word[:10]))),
    Pile("year_end", holds("yearend.approve"),
         lambda user, _at: line(the_first(year_ends(user)), "year_end", _YEAR, _YEAR, "prepared_at"),
         _("Year ends to approve"), "finance:year_ends", at("finance:year_end")),
]  # fmt: skip
