"""Where no channel is, or it did not carry the text: customer service copies it and says that it was told."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.problems import OutOfTurn

from ..models import UNTOLD, CustomerNotice
from .delivering import Status, log_of
from .table import EVENTS, VISIT

#: what was not told for so long is no news any more
STALE = dt.timedelta(days=14)


def untold(at: dt.datetime) -> QuerySet[CustomerNotice]:
    """What somebody should tell a customer now, the oldest first; nobody who does not wish it or is erased, and of no
    visit that is past."""
    rows = CustomerNotice.objects.filter(
        UNTOLD,
        not_before__lte=at,
        not_before__gt=at - STALE,
        person__no_notices=False,
        person__erased_at=None,
    )
    past = Q(event__in=VISIT, ticket__appointment_at__lte=at)
    return rows.exclude(past).order_by("not_before", "pk")


@transaction.atomic
def told_by_hand(row: CustomerNotice, *, by: Any, at: dt.datetime) -> CustomerNotice:
    """Somebody of ours has told it, by WeChat; once. Raises `OutOfTurn` when it was told or sent already."""
    mine = CustomerNotice.objects.filter(UNTOLD, pk=row.pk)
    if not mine.update(status=Status.TOLD, settled_at=at, by=by):
        raise OutOfTurn(_("This was told already, or is no longer true."), EVENTS[row.event].clause)
    log_of(row, Status.TOLD, at, by)
    row.refresh_from_db()
    return row
