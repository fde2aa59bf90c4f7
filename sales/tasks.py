"""What the worker does for sales. A task carries no facts: it looks at what is there, so it may run late or twice."""

from celery import shared_task

from aftersales import clock

from .lead_services import lapse


@shared_task
def tend_leads() -> int:
    """Nightly: who has a lead, or registered it, hears that it lapses soon or has lapsed (4.2)."""
    return lapse(clock.now())
