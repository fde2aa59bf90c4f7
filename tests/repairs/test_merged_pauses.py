"""A merged clock keeps the earlier time, and a pause after it adds its own length: no more, never less (4.4)."""

import pytest

from deadlines.models import Deadline
from repairs import services, steps
from repairs.flow import Stage
from tests import build

HOUR = build.HOUR
WORDS = {"reason": "等客户", "evidence": "通话记录"}


def pause(ticket, people, begins, hours):
    ends = begins + hours * HOUR
    steps.take(ticket, "pause_plan", by=people.eng, at=begins, begins_at=begins, ends_at=ends, **WORDS)


def due(ticket):
    return Deadline.objects.get(rule="plan", subject_id=ticket.pk).due_at


@pytest.mark.clause("3.1", "4.4")
@pytest.mark.parametrize("paused", ["duplicate", "survivor"])
def test_a_pause_after_a_merger_moves_the_due_time_by_itself(monday, people, paused):
    first = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    second = build.ticket(Stage.ASSIGNED, at=monday + 3 * HOUR, company=people)
    duplicate, survivor = first, second
    pause(duplicate if paused == "duplicate" else survivor, people, monday + 4 * HOUR, 2)
    services.merge(duplicate, by=people.cs, at=monday + 5 * HOUR, into=survivor)
    before = due(survivor)
    pause(survivor, people, monday + 7 * HOUR, 1)
    assert due(survivor) == before + HOUR
