"""The Celery app and the whole schedule. Celery is a doorbell, never the memory: every job asks what is due now."""

import datetime as dt
import logging.config
import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HALF_A_MINUTE, FIVE_MINUTES, QUARTER = 30.0, 300.0, 900.0
NOW_OR_NEVER = {"expires": 25}  # the next ring comes anyway
TODAY = {"expires": 6 * 3600}

#: name: task, when (Asia/Shanghai), options. Every job may run late, twice or in parallel.
SCHEDULE: dict[str, tuple[str, float | crontab, dict[str, int]]] = {
    "clocks": ("deadlines.tasks.sweep", HALF_A_MINUTE, NOW_OR_NEVER),
    "outbox": ("notices.tasks.deliver", HALF_A_MINUTE, NOW_OR_NEVER),
    "customers": ("repairs.tasks.tell_customers", HALF_A_MINUTE, NOW_OR_NEVER),
    "collection rounds": ("deadlines.tasks.open_rounds", FIVE_MINUTES, {"expires": 240}),
    "downloads": ("aftersales.tasks.write_downloads", HALF_A_MINUTE, NOW_OR_NEVER),
    "uploads left behind": ("aftersales.tasks.tidy_uploads", QUARTER, {"expires": 800}),
    "old downloads": ("aftersales.tasks.tidy_downloads", crontab(hour="3", minute="40"), TODAY),
    "house keeping": ("repairs.tasks.keep_house", crontab(hour="3", minute="20"), TODAY),
    "months of the store": ("parts.tasks.open_months", crontab(hour="0", minute="5"), TODAY),
    "months of finance": ("finance.tasks.open_months", crontab(hour="0", minute="10"), TODAY),
    "fortieth day": ("finance.tasks.draft_deductions", crontab(hour="0", minute="20"), TODAY),
    "proof of the books": ("finance.tasks.prove_books", crontab(hour="2", minute="40"), TODAY),
    "statistics sheets": ("finance.tasks.open_statements", crontab(hour="0", minute="10"), TODAY),
    "judgements": ("technical.tasks.finalise", crontab(hour="0", minute="15"), TODAY),
    "purchase leads": ("sales.tasks.tend_leads", crontab(hour="6", minute="20"), TODAY),
    "working days": ("deadlines.tasks.tend_calendar", crontab(hour="6", minute="10"), TODAY),
}


def time_of_day(when: float | crontab) -> dt.time | None:
    """When a job that runs once a day begins; None of one that runs all the time."""
    return dt.time(min(when.hour), min(when.minute)) if isinstance(when, crontab) else None


app.conf.beat_schedule = {
    name: {"task": task, "schedule": when, "options": options}
    for name, (task, when, options) in SCHEDULE.items()
}


@signals.setup_logging.connect
def keep_djangos_logging(**kwargs: Any) -> None:
    """Celery would put its own format over that of the settings."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.task_prerun.connect
def drop_broken_connections(**kwargs: Any) -> None:
    """Connections live on between tasks (CELERY_DB_REUSE_MAX); one that PostgreSQL has closed does not."""
    from django.db import close_old_connections

    close_old_connections()


@signals.heartbeat_sent.connect
def worker_lives(**kwargs: Any) -> None:
    from aftersales.heartbeats import beat

    beat("worker")


@signals.beat_init.connect
def watch_beat(**kwargs: Any) -> None:
    """In beat's own process every message sent is a sign of life."""
    signals.after_task_publish.connect(beat_lives, weak=False)
    beat_lives()


def beat_lives(**kwargs: Any) -> None:
    from aftersales.heartbeats import beat

    beat("beat")
