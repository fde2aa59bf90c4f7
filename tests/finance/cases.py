"""Final judgements (7.1) as finance's tests need them: driven there by technical's own services."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from technical.models import Report, Standard
from technical.services import judging
from tests import build
from tests.technical import quality


def shares_of(*held: Any) -> list[dict[str, Any]]:
    """Equal shares: people by a fixed amount, or rows that are whole already."""
    rows = [row if isinstance(row, dict) else quality.whole(row)[0] for row in held]
    part = (Decimal(100) / len(rows)).quantize(Decimal("0.01"))
    return [row | {"percent": part} for row in rows[:-1]] + [
        rows[-1] | {"percent": 100 - part * (len(rows) - 1)}
    ]


def of_department(name: str, number: str = "3.1") -> dict[str, Any]:
    return {"party": "department", "department": name, "clause": quality.clause(number), "note": ""}


def by_clause(person: Any, number: str) -> dict[str, Any]:
    return quality.whole(person, number)[0]


def judged(people: Any, *held: Any, ticket: Any = None, at: Any = None) -> Report:
    """A case for which these answer; they may still appeal."""
    standard()
    at = at or timezone.now()
    ticket = ticket or build.ticket("completed", at=at, company=people)
    return quality.judged(ticket, at, people.tech, shares_of(*held))


def final(people: Any, *held: Any, **facts: Any) -> Report:
    """The same once the time for an appeal is over."""
    report = judged(people, *held, **facts)
    if report.stage == "judged" and report.appeal_until is not None:
        judging.finalise(report.appeal_until + dt.timedelta(seconds=1))
    return Report.objects.get(pk=report.pk)


def standard() -> None:
    """The standard of the tests, once."""
    if not Standard.objects.exists():
        quality.standard()
