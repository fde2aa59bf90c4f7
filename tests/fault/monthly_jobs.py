"""A process without a database connection that forks the nightly and monthly jobs and kills them: `python -m
tests.fault.monthly_jobs`.

Reads one JSON line per round ({"debts": 60, "jobs": 3, "kills": 8, "naive": false, "seed": 1}), answers with one: what is
missing, what is there twice, what nobody was told of, how many were killed. The jobs come three days late.
"""

import contextlib
import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from .nursery import ask, killing, serve  # sets Django up

# after setup
from django.contrib.contenttypes.models import ContentType  # isort: skip
from django.db.models import Model, QuerySet  # isort: skip

from accounts.models import Posting, User
from aftersales.charter import Department
from deadlines.models import Deadline
from finance.models import Deduction, Receivable, Reconciliation, Statement
from finance.services import deducting, months, reconciling, statements
from notices.models import Notification
from repairs.models import TicketEvent
from tests import build
from tests.deadlines.people import LONG_AGO
from tests.finance.owing import debt

NOW = dt.datetime(2026, 3, 8, 2, tzinfo=dt.UTC)  # the 5th was three days ago
MONTHS = [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
ENGINEERS = 4


def plant(many: int) -> int:
    """Engineers of their own who repair since December, and debts past their 40th day, one after another theirs."""
    begin = dt.datetime(2025, 12, 3, 2, tzinfo=dt.UTC)
    held = User.objects.count()
    team = [_engineer(held + number) for number in range(ENGINEERS)]
    _completed(team[0], begin)
    for number in range(many):
        who = SimpleNamespace(eng=team[number % ENGINEERS], fin=team[0])
        row = debt(who, "100.00", dt.date(2025, 12, 10) + dt.timedelta(days=number % 20))
        Receivable.objects.filter(pk=row.pk).update(made_at=begin)
    return User.objects.count()


def _engineer(number: int) -> User:
    user = User.objects.create(username=f"monthly{number}", name=f"售后 {number}")
    Posting.objects.create(user=user, department=Department.ENGINEERS, since=LONG_AGO)
    return user


def _completed(engineer: User, at: dt.datetime) -> None:
    """The first completion: statements begin with its month."""
    facts = {"by": engineer, "actor": "staff", "round": 1, "data": {"for": engineer.pk}}
    TicketEvent.objects.create(ticket=build.report(at), at=at, name="complete", **facts)


def jobs(naive: bool) -> None:
    """What beat rings for in the night and in the morning, each as its task does it."""
    with unprotected() if naive else contextlib.nullcontext():
        deducting.draft_due(NOW)
        reconciling.open_all(NOW)
        reconciling.tell_unsigned(NOW)
        statements.open_statements(NOW)


@contextlib.contextmanager
def unprotected() -> Any:
    """The control: no transaction around a paper and what is told of it, nobody waits, and a month is looked for too early."""
    from unittest import mock

    bare = SimpleNamespace(atomic=contextlib.nullcontext)
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context
        patch(mock.patch.object(QuerySet, "select_for_update", lambda rows, **_kwargs: rows.all()))
        patch(mock.patch.object(deducting, "transaction", bare))
        patch(mock.patch.object(reconciling, "_open", reconciling._open.__wrapped__))
        save = Model.save

        def slowly(row: Any, *args: Any, **facts: Any) -> None:
            save(row, *args, **facts)
            time.sleep(0.003)

        patch(mock.patch.object(Model, "save", slowly))
        yield


def left() -> int:
    """How many drafts are still to come: while there are, killing makes sense."""
    return Receivable.objects.count() - Deduction.objects.count()


def judge() -> dict[str, int]:
    """One draft per debt, one paper per engineer and month, each with its notice or clock."""
    drafts, team = Deduction.objects.count(), User.objects.filter(username__startswith="monthly").count()
    found = {
        "drafts": _off(Deduction.objects.values_list("receivable"), Receivable.objects.values_list("pk")),
        "reconciliations": _months_off(Reconciliation, team),
        "statements": _months_off(Statement, team),
        "told": _off(_draft_keys(), Deduction.objects.values_list("key")),
        "clocks": _clocks_off("reconciliation", Reconciliation),
        "faults": len(months.prove(NOW)),
    }
    return found | {"papers": drafts}


def _off(there: Iterable[Any], wanted: Iterable[Any]) -> int:
    """How many are missing, too many or there twice."""
    seen, due = Counter(there), set(wanted)
    return sum(seen[key] != 1 for key in due) + sum(key not in due for key in seen)


def _months_off(model: Any, team: int) -> int:
    """Engineers whose three months are not there once each."""
    count = Counter(model.objects.values_list("engineer__username", "month"))
    theirs = {key: times for key, times in count.items() if key[0].startswith("monthly")}
    return abs(len(theirs) - team * len(MONTHS)) + sum(times != 1 for times in theirs.values())


def _draft_keys() -> list[tuple[str]]:
    keys = Notification.objects.filter(channel="app", event_key__endswith=":draft")
    return [(key.removesuffix(":draft"),) for key in keys.values_list("event_key", flat=True)]


def _clocks_off(rule: str, model: Any) -> int:
    kind = ContentType.objects.get_for_model(model)
    clocks = Deadline.objects.filter(rule=rule, subject_type=kind).values_list("subject_id")
    return _off(clocks, model.objects.values_list("pk"))


def round_of(debts: int, jobs_at_once: int, kills: int, naive: bool, seed: int) -> dict[str, int]:
    ask(lambda: plant(debts))
    done = killing(
        lambda: jobs(naive),
        left,
        at_once=jobs_at_once,
        kills=kills,
        dice=random.Random(seed),
        pause=(0.02, 0.25),
    )
    return ask(judge) | done


if __name__ == "__main__":
    serve(round_of)
