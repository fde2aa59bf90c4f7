"""What of finance's months waits for whom: the step that ends a clock, and what waits for a second hand (home page)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.steps import Step
from aftersales import clock
from aftersales.limits import first_of, local_day
from dispatch.flow import TripStage
from dispatch.models import Traveller, Trip, TripTicket
from repairs.flow import Stage
from sales.lead_flow import SaleStage
from sales.lead_selectors import commissions_of
from technical.flow import ReportStage
from technical.models import OURS, Report, Share

from ..flow import AssessmentStage, ClaimStage, DeductionStage, FeeStage, StatementStage, YearEndStage
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
    Receivable,
    Reconciliation,
    Refund,
    Reversal,
    SiteMoney,
    Statement,
    Unlocking,
    WriteOff,
    YearEnd,
    month_name,
)
from ..services.reasons import Why
from . import deductions, reconciliations, statements

A = AssessmentStage
Row = tuple[str, str, Any, Callable[[], Any]]  # (right, address, word, what waits)
#: clock → (desk, step) that ends it
ENDS = {
    "reconciliation": (reconciliations.DESK, "sign_engineer"),
    "reconcile_finance": (reconciliations.DESK, "sign_finance"),
    "refund": (deductions.DESK, "repay"),
    "monthly_statement": (statements.DESK, "confirm"),
}  # fmt: skip
#: what a duty shows of its subject, in one statement for all
SUBJECTS = [
    Reconciliation.objects.select_related("engineer"),
    Statement.objects.select_related("engineer"),
    Refund.objects.select_related("deduction__engineer"),
    Receivable.objects.select_related("ticket", "order"),
]


def step_of(rule: str, subject: Any) -> Step | None:
    """The step that ends this clock, while the paper stands where it may be taken."""
    if rule not in ENDS:
        return None
    desk, name = ENDS[rule]
    paper = subject.deduction if isinstance(subject, Refund) else subject
    step = desk.steps.rows[name]
    return step if paper.stage in step.stages else None


def waiting(user: Any) -> list[Row]:
    """Rows for “waits for your hand”: asked only of who holds the right."""
    loose = Loose(user)
    return [
        *([commissions(lambda: loose.rows["sale"])] if is_finance(user) else []),
        ("site_money.confirm", "finance:site_money", _("Money taken on site to confirm"), lambda: loose.rows["money"]),
        ("receipt.allocate", "finance:bank_lists", _("Bank rows that are nobody's yet"), lambda: loose.rows["bank"]),
        ("statement.check", "finance:statements", _("Statistics sheets to check"), lambda: loose.rows["sheet"]),
        ("ledger.reverse", "finance:ledger", _("Reversals to second"), lambda: reversals(user)),
        ("receivable.write_off", "finance:receivables", _("Write-offs to second"), lambda: write_offs(user)),
        ("customer.refund", "finance:credits", _("Repayments to customers to second"), lambda: repayments(user)),
        ("info_fee.pay", "finance:fees", _("Information fees to put on the payroll list"), lambda: loose.rows["fee"]),
        ("ledger.reverse", "finance:fees", _("Information fees of cancelled sales to take back"), lambda: loose.rows["back"]),
        ("deduction.confirm", "finance:deductions", _("Deductions to confirm"), to_confirm),
        ("deduction.decide_objection", "finance:deductions", _("Objections to decide"), lambda: objections(user)),
        ("assessment.draft", "finance:cases", _("Final judgements to assess"), lambda: loose.rows["case"]),
        ("assessment.approve", "finance:assessments", _("Assessments to approve"), lambda: assessments(user, A.DRAFT)),
        ("assessment.issue", "finance:assessments", _("Assessments to issue"), lambda: assessments(user, A.APPROVED)),
        ("expense.approve_standard", "finance:claims", _("Travel claims to check"), lambda: loose.rows["check"]),
        ("expense.approve_exception", "finance:claims", _("Travel claims to decide"), lambda: claims_to_decide(user)),
        ("expense.pay", "finance:claims", _("Travel claims to pay"), lambda: loose.rows["pay"]),
        ("month.reopen", "finance:reconciliations", _("Months to unlock"), lambda: unlockings(user)),
        ("month.reopen", "finance:months", _("Months to open again"), lambda: reopenings(user)),
        ("yearend.approve", "finance:year_ends", _("Year ends to approve"), lambda: year_ends(user)),
    ]  # fmt: skip


def is_finance(user: Any) -> bool:
    return "FIN" in user.roles


def commissions(ask: Callable[[], Any]) -> Row:
    """Commissions of sales and their cancellations (4.2): finance reads them with its own lists, the head of sales with his."""
    return ("commission.confirm", "sales:home", _("Commissions and cancellations to confirm"), ask)


class Waits(NamedTuple):
    """One thing that waits, by its word, on the page where it is settled."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


def opened(model: Any, user: Any) -> Any:
    """Proposals of others that nobody has settled."""
    return model.objects.filter(done_at=None, dropped_at=None).exclude(proposed_by=user).order_by("pk")


def reversals(user: Any) -> list[Waits]:
    rows = opened(Reversal, user).select_related("transfer")
    return [Waits(row.transfer.paper or row.transfer.key, _of_transfer(row.transfer)) for row in rows]


def _of_transfer(row: Any) -> str:
    if row.why == Why.RECEIPT:
        return reverse("finance:receipt", args=[row.paper])
    if row.why == Why.FEE:
        return reverse("finance:fee", args=[row.paper])
    if row.why == Why.CLAIMED:
        return reverse("finance:claim", args=[row.paper])
    return reverse("finance:account", args=[row.target_id])


def write_offs(user: Any) -> list[Waits]:
    rows = opened(WriteOff, user).select_related("receivable__ticket", "receivable__order")
    return [Waits(row.receivable.clock_title(), row.receivable.get_absolute_url()) for row in rows]


def repayments(user: Any) -> list[Waits]:
    rows = opened(CustomerRefund, user).select_related("customer")
    return [Waits(row.customer.number, reverse("finance:credit", args=[row.customer.number])) for row in rows]


class Loose:
    """What waits for a look in finance, read in one statement for all lines (P6)."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def rows(self) -> dict[str, list[Waits]]:
        money = SiteMoney.objects.in_transit().exclude(engineer=self.user)
        bank = BankRow.objects.filter(receipt=None, left_out=False).values("batch__name", "batch")
        sheets = Statement.objects.filter(stage=StatementStage.CONFIRMED)
        about = Coalesce("ticket__number", "order__number", output_field=CharField())
        found = money.order_by().values_list(Value("money"), about, Value(""), Value(0)).union(
            bank.order_by().annotate(count=Count("pk")).values_list(
                Value("bank"), "batch__name", Cast("batch", CharField()), "count"),
            sheets.order_by().values_list(Value("sheet"), "engineer__name", "number", Value(0)),
            claims_to_check(self.user).order_by().values_list(Value("check"), "number", Value(""), Value(0)),
            claims_to_pay(self.user).order_by().values_list(Value("pay"), "number", Value(""), Value(0)),
            fees_of(self.user, FeeStage.DUE).exclude(sale__confirmed_by=self.user).values_list(
                Value("fee"), "number", Value(""), Value(0)),
            fees_of(self.user, FeeStage.ORDERED).filter(sale__stage=SaleStage.CANCELLED).values_list(
                Value("back"), "number", Value(""), Value(0)),
            commissions_of(self.user).order_by().values_list(Value("sale"), "number", Value(""), Value(0)),
            cases_to_assess().order_by().values_list(Value("case"), "number", Value(""), Value(0)),
            all=True,
        )  # fmt: skip
        lists: dict[str, list[Waits]] = defaultdict(list)
        for kind, text, key, count in sorted(found):
            lists[kind].append(self._line(kind, text, key, count))
        return lists

    @staticmethod
    def _line(kind: str, text: str, key: str, count: int) -> Waits:
        if kind == "bank":
            return Waits(f"{text} ({count})", reverse("finance:bank_list", args=[key]))
        if kind == "case":
            return Waits(text, reverse("finance:case", args=[text]))
        if kind == "sale":
            return Waits(text, reverse("sales:sale", args=[text]))
        if kind in ("fee", "back"):
            return Waits(text, reverse("finance:fee", args=[text]))
        if kind in ("check", "pay"):
            return Waits(text, reverse("finance:claim", args=[text]))
        return Waits(text, reverse("finance:statement", args=[key]) if kind == "sheet" else "")


def fees_of(user: Any, stage: str) -> Any:
    """Fees of that stage which are neither owed by him nor to him (SD04)."""
    return Fee.objects.filter(stage=stage).exclude(seller=user).exclude(engineer=user).order_by()


def cases_to_assess() -> Any:
    """Final judgements that hold somebody of ours responsible, and of which nothing is drafted yet (8.9)."""
    drafted = Assessment.objects.filter(case=OuterRef("pk"), stage__in=(A.DRAFT, A.APPROVED))
    ours = Share.objects.filter(report=OuterRef("pk"), replaced=False, party__in=OURS)
    return Report.objects.filter(~Exists(drafted), Exists(ours), stage=ReportStage.FINAL)


def to_confirm() -> list[str]:
    """Whose drafts wait in this payroll month."""
    rows = Deduction.objects.filter(month=first_of(local_day(clock.now())), stage=DeductionStage.DRAFT)
    return list(rows.order_by("engineer__name").values_list("engineer__name", flat=True).distinct())


def objections(user: Any) -> list[Waits]:
    return _papers(Deduction.objects.filter(stage=DeductionStage.OBJECTED).exclude(engineer=user))


def assessments(user: Any, stage: str) -> list[Waits]:
    """Those that he may move: neither his own nor of a case that he judged, reviewed or answers for (SD08)."""
    rows = Assessment.objects.filter(stage=stage).exclude(person=user)
    judged = Q(judged_by=user) | Q(review__decided_by=user) | Q(shares__person=user, shares__replaced=False)
    return _papers(rows.exclude(case__in=Report.objects.filter(judged).order_by().values("pk")))


def _papers(rows: Any) -> list[Waits]:
    return [Waits(str(row), row.get_absolute_url()) for row in rows.order_by("pk")]


def to_travel(user: Any, at: dt.datetime) -> list[Any]:
    """Arms of a union, (number, place, stage or "claim", moment), of what asks something of who travels: a trip that should
    have left (its service runs already) or be back, one that is back and not claimed for, a claim of his that is a draft."""
    served = TripTicket.objects.filter(
        ticket__stage__in=(Stage.IN_SERVICE, Stage.COMPLETED), round=F("ticket__round")
    )
    goes = Q(driver=user) | Q(pk__in=Traveller.objects.filter(person=user).values("trip"))
    asks = Q(stage=TripStage.APPROVED, leaves_at__lte=at) | Q(stage=TripStage.DEPARTED, returns_at__lte=at)
    asks |= Q(stage=TripStage.RETURNED, open_claims=0)
    asks |= Q(stage=TripStage.APPROVED, pk__in=served.values("trip"))
    trips = (
        Trip.objects.filter(goes, asks)
        .order_by()
        .values_list("number", Cast("place", TextField()), "stage", "leaves_at")
    )
    drafts = Claim.objects.filter(claimant=user, stage=ClaimStage.DRAFT).order_by()
    named = drafts.values_list("number", Cast("trip__place", TextField()), Value("claim"), "trip__leaves_at")
    return [trips, named]


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


def not_his(rows: Any, user: Any) -> Any:
    """Neither his own nor of a trip that he went on or drove (SD04)."""
    gone = Traveller.objects.filter(person=user).values("trip")
    own = Q(claimant=user) | Q(trip__in=gone) | Q(trip__driver=user)
    return rows.exclude(pk__in=Claim.objects.filter(own).values("pk")).order_by("pk")


def year_ends(user: Any) -> Any:
    """Those that he may decide about: neither prepared by him nor with a share of his (SD13)."""
    rows = YearEnd.objects.filter(stage=YearEndStage.PREPARED).exclude(prepared_by=user)
    return rows.exclude(shares__engineer=user).order_by("pk")


def unlockings(user: Any) -> list[str]:
    return list(opened(Unlocking, user).values_list("reconciliation__number", flat=True))


def reopenings(user: Any) -> list[str]:
    return [
        month_name(month) for month in opened(MonthReopening, user).values_list("closed__month", flat=True)
    ]
