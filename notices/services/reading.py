"""What a person does with his inbox, and how he wants to be told."""

import datetime as dt
from typing import Any

from ..models import UNREAD, Channel, Notification, Preference


def mark_read(row: Notification, *, at: dt.datetime) -> None:
    """Opened for the first time; the moment stays when it is opened again."""
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=at)


def mark_all_read(user: Any, *, until: int, at: dt.datetime) -> int:
    """Everything up to the newest notice (its id) that was on the page; what came later stays unread."""
    return Notification.objects.filter(UNREAD, recipient=user, channel=Channel.APP, pk__lte=until).update(
        read_at=at
    )


def prefer(user: Any, **wishes: bool) -> Preference:
    """Keep a person's wishes; they hold for what is told from now on."""
    return Preference.objects.update_or_create(user=user, defaults=wishes)[0]
