"""The clock's bells: any of them, at any time, as often as they like."""

from celery import shared_task

from aftersales import clock

from . import services


@shared_task
def sweep() -> int:
    """Every 30 seconds: what is due now is written down and told."""
    return services.sweep(clock.now())


@shared_task
def open_rounds() -> int:
    """Every few minutes: today's collection rounds exist before their windows begin."""
    return services.open_rounds(clock.now())


@shared_task
def tend_calendar() -> int:
    """Daily: take over years that became official, warn of the next one from December on."""
    now = clock.now()
    recomputed = services.adopt_official_years(now)
    services.warn_of_unknown_year(now)
    return recomputed
