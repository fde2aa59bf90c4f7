"""What the worker does for finance. A task carries no facts: it looks at what is missing, so it may run late or twice."""

import logging

from celery import shared_task

from aftersales import clock

from .services import deducting, months, reconciling, statements

log = logging.getLogger(__name__)


@shared_task
def draft_deductions() -> int:
    """Nightly: a draft for every debt whose 40th day is over (4.11, 8.8)."""
    return deducting.draft_due(clock.now())


@shared_task
def open_months() -> int:
    """Daily: reconciliations of ended months that are missing; from the 5th on, who has not signed."""
    now = clock.now()
    made = reconciling.open_all(now)
    reconciling.void_moved(now)
    reconciling.tell_unsigned(now)
    return made


@shared_task
def prove_books() -> int:
    """Nightly: does everything add up? What does not stands in the log and on the ledger's page."""
    faults = months.prove(clock.now())
    for fault in faults:
        log.error("books: %s", fault)
    return len(faults)


@shared_task
def open_statements() -> int:
    """Daily: a sheet 9.3 for every engineer and month that has ended and has none yet (4.9)."""
    return statements.open_statements(clock.now())
