"""What technical does by the passing of time: judgements that nobody appealed become final (7.1)."""

from celery import shared_task

from aftersales import clock

from .services import judging


@shared_task
def finalise() -> int:
    """Daily: how many became final. It looks at what is due, so it may run late or twice."""
    return judging.finalise(clock.now())
