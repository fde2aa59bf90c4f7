"""Acts of the technical department on models."""

import datetime as dt
from typing import Any

from django.db import transaction

from ..models import VehicleModel


@transaction.atomic
def save_model(row: VehicleModel, *, by: Any, at: dt.datetime) -> VehicleModel:
    _sign(row, by, at)
    row.save()
    return row


def _sign(row: Any, by: Any, at: dt.datetime) -> None:
    row._history_user, row._history_date = by, at
