"""Subjects without a ticket: a collection round that claims to be one."""

import datetime as dt
from typing import Any

import pytest

from aftersales.charter import Department as D
from deadlines.models import CollectionRound, Deadline

from .people import person

HOUR = dt.timedelta(hours=1)


class Subject(CollectionRound):
    """A stored subject whose holders, cycle and appointment a test sets."""

    engineer = accepted_by = relayed_by = mover = appointment_at = None
    turn = 1

    class Meta:
        proxy = True
        app_label = "deadlines"

    def clock_cycle(self, rule: str) -> str:
        return str(self.turn)


@pytest.fixture
def subject(db) -> Subject:
    return make_subject()


def make_subject(number: int = 1, **holders: Any) -> Subject:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number)
    begins = dt.datetime.combine(day, dt.time(1), dt.UTC)
    row = Subject.objects.create(day=day, window=1, begins_at=begins, ends_at=begins + HOUR)
    for name, value in holders.items():
        setattr(row, name, value)
    return row


def clock(subject: Any, rule: str, cycle: str | None = None) -> Deadline:
    rows = Deadline.objects.of(subject).filter(rule=rule)
    return (rows.filter(cycle=cycle) if cycle is not None else rows).get()


def rules(subject: Any) -> dict[str, str]:
    """Every clock of the subject and how it stands."""
    rows = Deadline.objects.of(subject).order_by("rule", "cycle")
    return {f"{r.rule} {r.cycle}".strip(): "met" if r.met_at else r.ended_as or "open" for r in rows}


@pytest.fixture
def staff(db) -> dict[str, Any]:
    """One of each who owe something, and their heads."""
    return {
        "cs": person(D.SERVICE), "cs_head": person(D.SERVICE, head=True),
        "eng": person(D.ENGINEERS), "eng_head": person(D.ENGINEERS, head=True),
        "sales": person(D.SALES), "leader": person(D.MANAGEMENT), "sys": person(D.IT),
    }  # fmt: skip
