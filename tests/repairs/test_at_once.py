"""Two people in the same second on a real PostgreSQL; without the lock each of these goes wrong (the control)."""

import contextlib
import threading

import pytest
from django.db import OperationalError, connection

from accounts import services as people_services
from accounts.models import Absence, DutyShift
from accounts.services import duty
from aftersales.problems import Refusal
from repairs import services, steps
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR
pytestmark = pytest.mark.django_db(transaction=True)


class Meeting:
    """Holds the first until the second is at the same place, or these seconds are over."""

    def __init__(self, seconds=20):
        self.barrier, self.seconds = threading.Barrier(2), seconds

    def wait(self):
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(self.seconds)


def at_once(*acts):
    """How each of them ended, sorted."""
    told = []

    def run(act):
        try:
            act()
            told.append("done")
        except Refusal:
            told.append("refused")
        except OperationalError as error:
            told.append("deadlock" if "deadlock" in str(error) else "broken")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def meet_before_the_end(monkeypatch, held):
    """Both stand before their commit, if nothing holds the second back."""
    meeting, audit = Meeting(1 if held else 20), duty.audit

    def slow(*args, **kwargs):
        audit(*args, **kwargs)
        meeting.wait()

    monkeypatch.setattr(duty, "audit", slow)


@pytest.mark.clause("4.1")
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("crosswise", [True, False])
def test_two_absences_of_one_person_or_two_who_stand_in_for_each_other(
    monday, people, meet_before_the_end, monkeypatch, held, crosswise
):
    one, other = people.eng, build.person("ENG")
    if not held:
        monkeypatch.setattr(duty, "_hold", lambda rows: None)

    def leave(user, deputy):
        entry = {"begins_at": monday, "ends_at": monday + HOUR, "deputy": deputy, "by": user, "at": monday}
        return lambda: people_services.enter_absence(user, **entry)

    second = leave(other, one) if crosswise else leave(one, other)
    told = at_once(leave(one, other), second)
    assert told == (["done", "refused"] if held else ["done", "done"])
    assert Absence.objects.count() == told.count("done")


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("held", [True, False])
def test_two_on_duty_at_one_time_on_an_empty_roster(monday, people, meet_before_the_end, monkeypatch, held):
    if not held:
        monkeypatch.setattr(duty, "_hold", lambda rows: None)
    head = people.cs_head

    def enter(user):
        entry = {"begins_at": monday, "ends_at": monday + HOUR, "by": head, "at": monday}
        return lambda: people_services.put_on_roster("hotline", user, **entry)

    told = at_once(enter(people.cs), enter(build.person("CS")))
    assert told == (["done", "refused"] if held else ["done", "done"])
    assert DutyShift.objects.count() == told.count("done")


def in_turn(ticket, *beside):
    """As it was: the other one is locked later."""
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("in_one_order", [True, False])
def test_two_who_merge_crosswise(monday, people, monkeypatch, in_one_order):
    a, b = (build.ticket(Stage.RECORDED, at=monday, company=people) for _n in range(2))
    meeting, lock = Meeting(1 if in_one_order else 20), services.locked if in_one_order else in_turn

    def slow(*papers):
        row = lock(*papers)
        meeting.wait()
        return row

    monkeypatch.setattr(services, "locked", slow)

    def merge(ticket, into):
        return lambda: steps.take(ticket, "merge", by=people.cs, at=monday + HOUR, into=into)

    assert at_once(merge(a, b), merge(b, a)) == (
        ["done", "refused"] if in_one_order else ["deadlock", "done"]
    )
    assert Ticket.objects.filter(stage=Stage.CANCELLED).count() == 1
