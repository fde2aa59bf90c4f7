"""What the worker does for finance. A task carries no facts: it looks at what is missing."""

from celery import shared_task

from aftersales import clock

from .services import statements


@shared_task
def open_statements() -> int:
    """Daily: a sheet 9.3 for every engineer and month that has ended and has none yet (4.9)."""
    return statements.open_statements(clock.now())
