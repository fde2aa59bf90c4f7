"""What the worker does for the warehouse. A task carries no facts: it looks at what is missing."""

from celery import shared_task

from aftersales import clock

from .services.monthly import open_lists


@shared_task
def open_months() -> int:
    """Daily: a list 5.6 for every month that has ended and has none yet."""
    return open_lists(clock.now())
