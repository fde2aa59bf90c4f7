"""What the worker does: sends what waits in the outbox. The task carries no facts; any number of them do no harm."""

from celery import shared_task

from aftersales import clock

from . import services


@shared_task
def deliver() -> int:
    return services.deliver(clock.now())
