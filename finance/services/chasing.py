"""催要 (4.11): the liable engineer writes down when he asked for the money and what he was told (B17)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn

from ..models import Chase, Receivable
from . import owing

CLAUSE = "4.11"


@transaction.atomic
def chase(
    receivable: Receivable, *, how: str, asked_at: dt.datetime, said: str, by: Any, at: dt.datetime,
    promised_on: dt.date | None = None,
) -> Chase:  # fmt: skip
    """Raises `Denied` for anybody but the liable engineer, `OutOfTurn` once nothing is owed, `BadEntry` at a day."""
    demand(by, "receivable.chase_log", receivable)
    if owing.owed(receivable) <= 0:
        raise OutOfTurn(_("Nothing of this debt is open any more."), CLAUSE)
    if asked_at > at:
        raise BadEntry(_("You cannot have asked later than now."), CLAUSE, "asked_at")
    if local_day(asked_at) < receivable.arose_on:
        raise BadEntry(_("The debt arose later than that."), CLAUSE, "asked_at")
    if promised_on is not None and promised_on < local_day(asked_at):
        raise BadEntry(_("A promise is for a day that was still to come."), CLAUSE, "promised_on")
    return Chase.objects.create(
        receivable=receivable, how=how, asked_at=asked_at, said=said, promised_on=promised_on, at=at, by=by
    )
