"""Asking for a long export, and who may have it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..events import download_asked
from ..models import Download
from ..problems import Refusal
from .writers import WRITERS

LONG = 2000  # rows; a longer list is written by a worker
PAGE = "desk:downloads"  # where the person finds them
UNFINISHED = Q(state__in=[Download.State.WAITING, Download.State.WRITING])
AT_ONCE = 5  # of one person
TASK = "aftersales.tasks.write_downloads"


class TooMany(Refusal):
    """So many wait already that another one would not come any sooner."""

    status = 429


def is_long(rows: QuerySet[Any]) -> bool:
    """Whether there are more than `LONG` rows; counts no further than that."""
    return rows.order_by().values("pk")[LONG : LONG + 1].exists()


@transaction.atomic
def ask(user: Any, kind: str, wishes: dict[str, Any], name: str, at: dt.datetime) -> Download:
    """Let a worker write a download of this `kind` under the file name `name`; `wishes` go to its writer as they are.

    What waits already is answered again instead of asked twice. Refuses (`TooMany`) when five of the person wait.
    """
    waiting = list(Download.objects.filter(UNFINISHED, user=user))
    for row in waiting:
        if (row.kind, row.wishes) == (kind, wishes):
            return row
    if len(waiting) >= AT_ONCE:
        raise TooMany(_("Five of your downloads are still being written. Please wait for one of them."))
    facts = {"name": name, "language": get_language() or "", "asked_at": at}
    row = Download.objects.create(user=user, kind=kind, wishes=wishes, **facts)
    download_asked.send(Download, task=TASK)
    return row


def may_fetch(row: Download, user: Any) -> bool:
    """Whether its owner may still have it: he holds the rights, and nothing less than when it was written."""
    found = WRITERS.get(row.kind)
    return found is not None and found.allowed(user) and set(row.roles.split()) <= user.roles
