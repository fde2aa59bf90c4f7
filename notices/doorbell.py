"""The doorbell: asks a worker to look now. Nothing is lost if nobody hears, because beat asks again every 30 seconds.

After the commit, best effort, at most about a second; after a failure nobody waits for the broker for half a minute.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import Task, current_app
from django.db import connection, transaction
from prometheus_client import Counter

log = logging.getLogger(__name__)
FAILURES = Counter("doorbell_failures", "Times that the broker could not be reached after a commit.")
SKIPPED = Counter("doorbell_skipped", "Bells not rung because the broker had failed a moment before.")

IMPATIENT = {"socket_connect_timeout": 1, "socket_timeout": 1, "health_check_interval": 0, "max_retries": 0}
REST = 30.0  # seconds without a try after a failure


class Circuit:
    """Open (nobody tries) for `REST` seconds after a failure; one thread at a time finds out whether it is over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.lock, self.open_until = clock, threading.Lock(), float("-inf")

    def may_try(self) -> bool:
        with self.lock:
            return self.clock() >= self.open_until

    def failed(self) -> None:
        with self.lock:
            self.open_until = self.clock() + REST

    def close(self) -> None:
        self.open_until = float("-inf")


circuit = Circuit()


@dataclass(frozen=True)
class Bell:
    """One task by name; equal bells of one transaction ring once."""

    task: str
    args: tuple[Any, ...]

    def __call__(self) -> None:
        if not circuit.may_try():
            SKIPPED.inc()
            return
        try:
            publish(self.task, self.args)
        except Exception as error:
            circuit.failed()
            FAILURES.inc()
            log.warning("doorbell: %s was not rung: %s", self.task, type(error).__name__)


def publish(task: str, args: tuple[Any, ...]) -> None:
    """One message on a connection of our own, which gives up after a second."""
    options = {**current_app.conf.broker_transport_options, **IMPATIENT}
    with current_app.connection_for_write(connect_timeout=1, transport_options=options) as line:
        current_app.send_task(task, args, connection=line, retry=False, ignore_result=True, expires=600)


def ring(task: Task | str, *args: Any) -> None:
    """Ring for `task` once the transaction is committed (at once outside of one); never raises, never waits long."""
    bell = Bell(task if isinstance(task, str) else task.name, args)
    if not any(waiting[1] == bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell)
