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


def draft_prices(title, effective_on, *, prices=(), rates=(), by, at, source=""):  # type: ignore[no-untyped-def]
    """STAND-IN, to be replaced."""
    from .models import PriceLine, PriceList

    row = PriceList.objects.create(title=title, effective_on=effective_on, drafted_by=by, drafted_at=at)
    PriceLine.objects.bulk_create(PriceLine(list=row, part=p, price=x, cost=c) for p, x, c in prices)
    return row


def publish_prices(list_, *, by, at):  # type: ignore[no-untyped-def]
    """STAND-IN, to be replaced."""
    list_.stage, list_.published_by, list_.published_at = "published", by, at
    list_.save()
    list_.lines.update(since=list_.effective_on)
    return list_
