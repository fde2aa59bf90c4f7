"""Quality reports as tests need them: written, judged and appealed through the real services."""

import datetime as dt
from decimal import Decimal
from typing import Any

from technical.models import Clause, Report, Standard, StandardStage
from technical.services import judging, reviewing, writing
from tests import build

CLAUSES = [
    {"number": "3.1", "category": "assembly", "criterion": "装配未按扭矩要求", "party": "装配班组", "severity": "serious",
     "method": "amount", "amount": Decimal("200.00"), "cap": Decimal("500.00")},
    {"number": "5.2", "category": "purchasing", "criterion": "外购件早期失效", "party": "供应商", "severity": "ordinary",
     "method": "supplier"},
    {"number": "7.1", "category": "service", "criterion": "维修后同一故障再发", "party": "售后工程师", "severity": "ordinary",
     "method": "loss", "percent": Decimal("20.00"), "cap": Decimal("300.00")},
    {"number": "9.1", "category": "customer", "criterion": "使用不当", "party": "客户", "severity": "slight", "method": "notice"},
]  # fmt: skip


def standard(day: dt.date = build.LONG_AGO) -> Standard:
    """A published standard 9.7 with four clauses."""
    there = Standard.objects.filter(version="A/0").first()
    if there is not None:
        return there
    first, second = build._leaders()
    at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    found = Standard.objects.create(
        version="A/0", title="售后质量责任判定与考核标准", effective_on=day, stage=StandardStage.PUBLISHED,
        drafted_by=first, drafted_at=at, published_by=second, published_at=at,
    )  # fmt: skip
    Clause.objects.bulk_create(Clause(standard=found, **facts) for facts in CLAUSES)
    return found


def clause(number: str = "3.1") -> Clause:
    return Clause.objects.get(standard__stage=StandardStage.PUBLISHED, number=number)


def draft(ticket: Any, at: dt.datetime, **facts: Any) -> Report:
    """The engineer has written it, with a physical exhibit."""
    report = writing.open_report(ticket, by=ticket.engineer, at=at)
    given = {
        "failure_mode": "worn",
        "what": "刹车片磨损",
        "causes": "材料偏软",
        "part_name": "刹车片",
        "part_no": "SC-01",
    }
    report = writing.write(report, by=ticket.engineer, at=at, **given | facts)
    writing.put_exhibit(report, piece="旧刹车片", place="旧件区 A-3", by=ticket.engineer, at=at)
    return Report.objects.get(pk=report.pk)


def submitted(ticket: Any, at: dt.datetime, **facts: Any) -> Report:
    """It is with technical; one that is there already is taken."""
    there = Report.objects.filter(ticket=ticket, round=ticket.round, stage="submitted").first()
    if there is not None:
        return there
    return writing.submit(draft(ticket, at, **facts), by=ticket.engineer, at=at)


def analysed(ticket: Any, at: dt.datetime, tech: Any, *, technical: bool = True, **facts: Any) -> Report:
    return judging.analyse(
        submitted(ticket, at, **facts), confirmed_cause="材料硬度不足", is_technical=technical, by=tech, at=at
    )


def whole(person: Any, number: str = "3.1") -> list[dict[str, Any]]:
    """All of it is one person's."""
    return [
        {"party": "person", "person": person, "percent": Decimal(100), "clause": clause(number), "note": ""}
    ]


def judged(ticket: Any, at: dt.datetime, tech: Any, shares: list[dict[str, Any]], ruling: str = "") -> Report:
    return judging.judge(analysed(ticket, at, tech), shares=shares, by=tech, at=at, ruling=ruling)


def reviewed(
    report: Report, at: dt.datetime, *, leader: Any, members: list[Any], decision: str, **entries: Any
) -> Report:
    """Everybody votes for the decision, and the leader takes it."""
    reviewing.convene(report, members=members, meets_at=at, by=leader, at=at)
    for person in members:
        reviewing.vote(report, vote=decision, by=person, at=at)
    return reviewing.decide(report, decision=decision, minutes="会议纪要", by=leader, at=at, **entries)
