"""Another process that delivers to customers, to be killed: `python -m tests.told.sender honest|naive <gateway>`.

`naive` is the negative control: it sends first and writes down afterwards, as an at-least-once worker does.
"""

import datetime as dt
import os
import sys
from typing import Any

import django

NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def prepare(manner: str, gateway: str) -> None:
    from django.conf import settings

    from repairs.told import delivering

    settings.SMS_URL = gateway
    if manner == "naive":
        delivering.claim = lambda row, now: True
        delivering.settle = afterwards


def afterwards(row: Any, status: str, now: dt.datetime, why: str = "") -> str:
    type(row).objects.filter(pk=row.pk).update(status=status)
    return status


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    prepare(sys.argv[1], sys.argv[2])
    from repairs.told.delivering import deliver

    deliver(NOON)
