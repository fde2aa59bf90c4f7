"""What the money chapter of the demonstration shows, and that its pages open (4.9, 4.11, 8.6, 8.8, 8.10)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from accounts.models import User
from aftersales.limits import first_of, local_day
from finance.credits import customers_with_credit
from finance.models import (
    BankImport,
    Chase,
    ClosedMonth,
    Deduction,
    Fee,
    Invoice,
    Payroll,
    Receivable,
    Reconciliation,
    Refund,
    SiteMoney,
    Statement,
    Wage,
    WriteOff,
    YearEnd,
)  # fmt: skip
from finance.services import months
from finance.services.booking import before
from policy.models import FigureChange
from sales.models import Lead

LISTS = (
    "/finance/", "/finance/receivables/", "/finance/receipts/", "/finance/site-money/", "/finance/credits/", "/finance/bank/",
    "/finance/ledger/", "/finance/deductions/", "/finance/reconciliations/", "/finance/statements/", "/finance/accounts/",
    "/finance/months/", "/finance/wages/", "/finance/fees/", "/sales/", "/sales/leads/", "/sales/sold/", "/finance/year-ends/", "/desk/",
)  # fmt: skip
OWN = (
    "/finance/receivables/", "/finance/site-money/", "/finance/deductions/", "/finance/reconciliations/", "/finance/statements/",
    "/finance/wages/", "/finance/year-ends/", "/desk/",
)  # fmt: skip


def judge(now: dt.datetime) -> None:
    """Every kind of paper stands somewhere, older months are done, and the books agree."""
    month = first_of(local_day(now))
    _months(month)
    _deductions()
    _business()
    assert months.prove(now) == []


def _months(month: dt.date) -> None:
    older = Reconciliation.objects.filter(month__lt=before(month))
    assert older.count() >= 60
    assert set(older.values_list("stage", flat=True)) == {"locked"}
    sheets = Statement.objects.filter(month__lt=before(month))
    assert sheets.filter(stage="checked").count() == sheets.count() >= 50
    assert Reconciliation.objects.filter(month=before(month)).exclude(stage="locked").exists()
    closed = ClosedMonth.objects.values_list("month", flat=True)
    assert before(before(before(month))) in closed
    assert before(month) not in closed
    assert YearEnd.objects.filter(stage="locked", shares__share__gt=0).exists()
    assert (
        Wage.objects.values("person").distinct().count() == 10
    )  # two drive, two sell, one answers for cases


def _deductions() -> None:
    assert Payroll.objects.filter(total__gt=0).values("person").distinct().count() >= 3
    stages = set(Deduction.objects.values_list("stage", flat=True))
    assert stages >= {"confirmed", "dropped", "objected"}
    assert Deduction.objects.filter(carried=True, stage="confirmed").exists()
    assert Deduction.objects.filter(upheld=True).exists()
    assert Deduction.objects.exclude(decision="").filter(stage="confirmed").exists()
    assert Refund.objects.exclude(settled_at=None).count() >= 2
    assert Refund.objects.filter(settled_at=None, dropped_at=None).exists()


def _business() -> None:
    assert {*Lead.objects.values_list("stage", flat=True)} == {"open", "taken", "won", "lost"}
    assert [fee.stage for fee in Fee.objects.order_by("pk")] == ["ordered", "due"]
    assert Deduction.objects.filter(kind="fee", stage="confirmed").exists()
    assert WriteOff.objects.exclude(done_at=None).exists()
    assert SiteMoney.objects.filter(state="declared").exists()
    assert customers_with_credit()
    assert Chase.objects.exclude(promised_on=None).exists()
    assert Invoice.objects.exclude(number="").exists()
    assert Receivable.objects.exclude(note="").count() == 3
    for batch in BankImport.objects.exclude(posted_at=None):
        assert batch.rows.filter(problem="unknown").count() == 2
    assert BankImport.objects.filter(rows__receipt__isnull=False, posted_at__isnull=False).exists()
    assert FigureChange.objects.filter(seconded_at=None).exists()
    assert FigureChange.objects.exclude(seconded_at=None).exists()


def pages_open(as_user: Callable[..., Any]) -> None:
    """The lists and the newest paper of each kind: for finance's head, a leader, and an engineer his own."""
    newest = BankImport.objects.latest("pk")
    for name, closed in (("finance", ()), ("leader", ("/finance/", "/finance/bank/"))):
        client = as_user(User.objects.get(username=name), "zh-hans")
        for path in (*LISTS, *_papers()):
            _opens(client, path, 403 if path in closed else 200)
    _opens(
        as_user(User.objects.get(username="finance3"), "zh-hans"),
        reverse("finance:bank_list", args=[newest.pk]),
    )
    client = as_user(User.objects.get(username="engineer2"), "zh-hans")
    mine = Deduction.objects.filter(engineer__username="engineer2")
    for path in (*OWN, *(row.get_absolute_url() for row in mine)):
        _opens(client, path)


def _papers() -> list[str]:
    year = YearEnd.objects.latest("pk")
    newest: Any = [
        Deduction.objects.filter(stage="objected"), Refund.objects.all(), Reconciliation.objects.all(), Statement.objects.all(),
        Receivable.objects.filter(deductions__isnull=False), Receivable.objects.exclude(note=""),
    ]  # fmt: skip
    paper: Any = Payroll.objects.latest("pk")
    return [
        *(rows.latest("pk").get_absolute_url() for rows in newest), year.get_absolute_url(), f"/finance/accounts/{year}/",
        f"/finance/payroll/{paper.month:%Y-%m}/{paper.person.username}/", f"/finance/wages/?month={paper.month:%Y-%m}",
        f"/finance/credits/{customers_with_credit()[0].number}/",
    ]  # fmt: skip


def _opens(client: Any, path: str, status: int = 200) -> None:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content[:2000])
