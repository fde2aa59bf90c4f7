"""The broker may be gone: a fact is told all the same, and the sweep finds it without a bell."""

import datetime as dt
import time

import pytest
from celery import current_app
from django.core.management import call_command

from aftersales.charter import Fact
from deadlines.models import DeadlineEvent
from deadlines.services import record, sweep
from deadlines.tasks import open_rounds, tend_calendar
from deadlines.tasks import sweep as sweep_task
from notices.doorbell import circuit

from .conftest import clock

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def no_broker(monkeypatch):
    for name in (
        "broker_write_url",
        "broker_url",
    ):  # the first falls back to the second, so it is put back last
        monkeypatch.setattr(current_app.conf, name, "redis://127.0.0.1:1/0")
    circuit.close()
    yield
    circuit.close()


@pytest.mark.clause("2.3")
def test_a_clock_that_is_late_at_once_rings_and_nobody_waits_for_a_broker_that_is_gone(
    subject, staff, monday, no_broker, django_capture_on_commit_callbacks
):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True) as bells:
        record(Fact.TOLD_SALES, subject, at=monday - 13 * HOUR, by=staff["sales"])
        record(Fact.RELAYED, subject, at=monday, by=staff["sales"])
        record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    assert len(bells) <= 1
    assert time.monotonic() - began < 3
    sweep(monday + HOUR)
    assert DeadlineEvent.objects.filter(deadline=clock(subject, "relay"), stage="breach").exists()


def test_every_bell_may_ring_at_any_time(db, capsys):
    open_rounds()
    tend_calendar()
    assert sweep_task() >= 0
    call_command("sweep")
    assert capsys.readouterr().out.strip().isdigit()
