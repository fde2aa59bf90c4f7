"""The store against a model of it in a dictionary: whatever is done in whatever order, both say the same, nothing below zero."""

import datetime as dt
import os
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aftersales.problems import Refusal
from parts.models import PartCode, Zone
from parts.services import approve_count, drift, move, on_hand, propose_count, receive_goods
from tests import build

FULL = bool(os.environ.get("FAULT_FULL"))
RUNS, STEPS = (100, 100) if FULL else (5, 50)  # 10,000 operations, or a few hundred
AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.1"), pytest.mark.timeout(3600 if FULL else 600)]
PLACES = [Zone.GOOD, Zone.OLD, Zone.ENGINEER, Zone.CUSTOMER]
which, pieces = st.integers(0, 2), st.integers(1, 4)


class Store(RuleBasedStateMachine):
    """Two plain parts and a valuable one, two engineers; the model counts pieces by (part, zone, holder)."""

    @initialize()
    def company(self) -> None:
        self.keeper, self.finance = build.person("WH"), build.person("FINS")
        self.engineers = [build.person("ENG"), build.person("ENG")]
        self.parts = [build.spare(), build.spare(), build.spare(valuable=True)]
        self.model: Counter[tuple[int, str, int | None]] = Counter()
        self.codes: dict[str, tuple[str, int | None]] = {}
        self.drawn = 0

    def hand(self) -> dict[str, Any]:
        return {"paper": "T", "by": self.keeper, "at": AT}

    def _codes(self, zone: str, holder: Any, count: int) -> list[str]:
        place = (zone, holder.pk if holder else None)
        return sorted(code for code, where in self.codes.items() if where == place)[:count]

    @rule(number=which, count=pieces)
    def receive(self, number: int, count: int) -> None:
        part = self.parts[number]
        codes = [f"C{self.drawn + n}" for n in range(count)] if part.valuable else []
        self.drawn += len(codes)
        lines = [{"part": part, "quantity": count, "codes": codes}]
        receive_goods(supplier="厂", batch="", lines=lines, by=self.keeper, at=AT)
        self.model[part.pk, "good", None] += count
        self.codes |= dict.fromkeys(codes, ("good", None))

    @rule(
        number=which,
        count=pieces,
        source=st.sampled_from(PLACES),
        goal=st.sampled_from(PLACES),
        one=st.booleans(),
        other=st.booleans(),
    )
    def carry(self, number: int, count: int, source: Zone, goal: Zone, one: bool, other: bool) -> None:
        part = self.parts[number]
        giver = self.engineers[one] if source == Zone.ENGINEER else None
        taker = self.engineers[other] if goal == Zone.ENGINEER else None
        if (source, giver) == (goal, taker):
            return
        codes = self._codes(source, giver, count) if part.valuable else []
        there = self.model[part.pk, source.value, giver.pk if giver else None]
        enough = source == Zone.CUSTOMER or there >= count
        fits = not part.valuable or len(codes) == count
        try:
            with transaction.atomic():
                move(
                    part,
                    count,
                    source,
                    goal,
                    source_holder=giver,
                    target_holder=taker,
                    codes=codes,
                    **self.hand(),
                )
        except Refusal:
            assert not (enough and fits)
            return
        assert enough
        for place, holder, sign in ((source, giver, -1), (goal, taker, 1)):
            if place != Zone.CUSTOMER:
                self.model[part.pk, place.value, holder.pk if holder else None] += sign * count
        self.codes |= dict.fromkeys(codes, (goal.value, taker.pk if taker else None))

    @rule(number=st.integers(0, 1), counted=st.integers(0, 9), zone=st.sampled_from([Zone.GOOD, Zone.OLD]))
    def count(self, number: int, counted: int, zone: Zone) -> None:
        part = self.parts[number]
        paper = propose_count(
            zone, [{"part": part, "counted": counted}], reason="盘点", by=self.keeper, at=AT
        )
        approve_count(paper, by=self.finance, at=AT)
        self.model[part.pk, zone.value, None] = counted

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "model"):
            return
        assert drift() == []
        for (part, zone, holder), count in self.model.items():
            owner = next((x for x in self.engineers if x.pk == holder), None)
            assert count >= 0
            assert on_hand(part, zone, owner) == count
        assert {c.code: (c.zone, c.holder_id) for c in PartCode.objects.all()} == self.codes


class RolledBack(Store):
    """Each run begins with an empty store."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_whatever_is_done_in_whatever_order_the_stock_is_the_sum_of_its_movements(db):
    run_state_machine_as_test(
        RolledBack,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
