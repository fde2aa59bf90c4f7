"""kill -9 in the midst of a call, two workers at once, two acts at once: no customer gets the same text twice."""

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Q

from aftersales.problems import Refusal
from repairs.models import CustomerNotice
from repairs.told import by_hand, delivering, writing
from repairs.told.delivering import LOST_AFTER, deliver
from repairs.told.writing import tell_customer
from tests import build

from .sender import NOON

ROOT = Path(__file__).resolve().parents[2]
TEXTS = 6
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture
def waiting(gateway):
    """Several texts of one report."""
    ticket = build.report(NOON)
    CustomerNotice.objects.all().delete()
    for number in range(TEXTS):
        tell_customer(ticket, "parcel", key=f"WL{number}", at=NOON, carrier="顺丰", waybill=f"SF{number}")
    gateway.delay = 0.4
    return ticket


def killed(manner, gateway, environment, texts):
    """A worker killed while the gateway has the last of so many texts and has not answered yet."""
    words = [sys.executable, "-m", "tests.told.sender", manner, gateway.url]
    worker = subprocess.Popen(words, cwd=ROOT, env=environment)
    until = time.monotonic() + 120
    while len(gateway.taken) < texts and time.monotonic() < until:
        time.sleep(0.005)
    worker.kill()
    worker.wait()
    time.sleep(gateway.delay)
    return gateway


@pytest.mark.fault
def test_a_call_whose_worker_was_killed_is_never_repeated_and_the_log_says_unknown(
    waiting, gateway, portal_environment
):
    killed("honest", gateway, portal_environment, 2)
    gateway.delay = 0
    deliver(NOON)
    assert CustomerNotice.objects.filter(status="sending").count() == 1
    assert CustomerNotice.objects.filter(status="sent").count() == TEXTS - 1
    deliver(NOON + 2 * LOST_AFTER)
    lost = CustomerNotice.objects.get(status="unknown")
    assert Counter(gateway.ids).most_common(1)[0][1] == 1 and len(gateway.ids) == TEXTS
    results = [event.data["result"] for event in waiting.events.filter(name="customer_told")]
    assert Counter(results) == {"sent": TEXTS - 1, "unknown": 1}
    assert list(by_hand.untold(NOON + 2 * LOST_AFTER)) == [lost]


@pytest.mark.fault
def test_control_a_worker_that_writes_down_afterwards_sends_twice(waiting, gateway, portal_environment):
    killed("naive", gateway, portal_environment, 2)
    gateway.delay = 0
    deliver(NOON)
    assert max(Counter(gateway.ids).values()) == 2, "the killed one went out again"


def together(*acts):
    def run(act):
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("claimed", [True, False])
def test_two_workers_at_once_send_each_text_once(waiting, gateway, monkeypatch, claimed):
    gateway.delay = 0.1 if claimed else 1  # long enough that the other one comes meanwhile
    if not claimed:
        monkeypatch.setattr(delivering, "claim", lambda row, now: True)
        monkeypatch.setattr(delivering, "settle", _any_settle)
    together(lambda: deliver(NOON), lambda: deliver(NOON))
    twice = [name for name, count in Counter(gateway.ids).items() if count > 1]
    assert (twice == []) == claimed, "without the mark before the call both send"


def _any_settle(row, status, now, why=""):
    CustomerNotice.objects.filter(pk=row.pk).update(status=status)
    return status


@pytest.mark.parametrize("keyed", [True, False])
def test_two_acts_at_once_write_one_row(gateway, monkeypatch, keyed):
    ticket = build.report(NOON)
    barrier, ways = threading.Barrier(2), writing.channels

    def meet(ticket):
        barrier.wait(20)
        return ways(ticket)

    monkeypatch.setattr(writing, "channels", meet)
    keys = ["WL1", "WL1"] if keyed else ["WL1", "WL2"]
    together(*(lambda key=key: tell_customer(ticket, "parcel", key=key, at=NOON) for key in keys))
    assert CustomerNotice.objects.filter(event="parcel").count() == (1 if keyed else 2)


@pytest.mark.parametrize("compared", [True, False])
def test_two_colleagues_at_once_tell_it_once(monkeypatch, compared):
    people = build.Company()
    ticket = build.ticket("assigned", at=NOON, company=people)
    row, ended = ticket.customer_notices.get(status="waiting"), []
    if not compared:
        monkeypatch.setattr(by_hand, "UNTOLD", Q(pk__gt=0))

    def say(by):
        try:
            by_hand.told_by_hand(CustomerNotice.objects.get(pk=row.pk), by=by, at=NOON)
            ended.append("told")
        except Refusal:
            ended.append("refused")

    together(lambda: say(people.cs), lambda: say(people.mgr))
    assert sorted(ended) == (["refused", "told"] if compared else ["told", "told"])
