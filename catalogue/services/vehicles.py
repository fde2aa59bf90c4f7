"""Acts of the technical department on models and warranty terms (4.5a)."""

import datetime as dt
from typing import Any

from django.db import transaction

from ..models import VehicleModel, WarrantyTerm


@transaction.atomic
def save_model(row: VehicleModel, *, by: Any, at: dt.datetime) -> VehicleModel:
    _sign(row, by, at)
    row.save()
    return row


@transaction.atomic
def add_term(model: VehicleModel, row: WarrantyTerm, *, by: Any, at: dt.datetime) -> WarrantyTerm:
    """A term for vehicles delivered from its day on; earlier deliveries keep theirs."""
    row.model = model
    _sign(row, by, at)
    row.save()
    return row


def _sign(row: Any, by: Any, at: dt.datetime) -> None:
    row._history_user, row._history_date = by, at
