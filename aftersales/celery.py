"""The Celery app and the whole schedule. Celery is a doorbell, never the memory: every job asks what is due now."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

OFTEN = 30.0  # seconds
SOON = {"expires": 25}  # a doorbell that nobody heard in time is rung again anyway

#: name: task, when (Asia/Shanghai), options
SCHEDULE: dict[str, tuple[str, float | crontab, dict[str, int]]] = {}
app.conf.beat_schedule = {
    name: {"task": task, "schedule": when, "options": options} for name, (task, when, options) in SCHEDULE.items()
}
