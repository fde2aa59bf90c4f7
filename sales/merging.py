"""Two rows that are one customer become one, and can be parted again (A23)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn

from . import events
from .lead_services import forgetting
from .models import Customer, CustomerMerge, Delivery, Person, Vehicle

ACTION = "customer_vehicle.merge"


@transaction.atomic
def merge(kept: Customer, gone: Customer, *, by: Any, at: dt.datetime) -> CustomerMerge:
    """Vehicles, persons and delivery records of `gone` come to `kept`; other departments hear it and move their papers."""
    demand(by, ACTION)
    rows = {
        c.pk: c for c in Customer.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }
    if len(rows) != 2:
        raise BadEntry(_("A customer cannot be merged into himself."), field="gone")
    if (
        any(c.erased_at for c in rows.values())
        or CustomerMerge.objects.filter(gone__in=rows, undone_at=None).exists()
    ):
        raise BadEntry(_("One of the two is already merged or erased."), field="gone")
    moved = {
        "vehicles": list(Vehicle.objects.filter(customer=gone).values_list("pk", flat=True)),
        "persons": list(Person.objects.filter(customer=gone).values_list("pk", flat=True)),
        "deliveries": list(Delivery.objects.filter(customer=gone).values_list("pk", flat=True)),
        **forgetting.of(gone),
    }
    _give(moved, kept, by, at)
    row = CustomerMerge.objects.create(kept=kept, gone=gone, at=at, by=by, moved=moved)
    for _receiver, answer in events.customers_merged.send(
        Customer, kept=kept, gone=gone, only=None, at=at, by=by
    ):
        row.moved |= answer or {}
    row.save()
    audit("customer.merged", by=by, at=at, subject=f"customer:{kept.number}", gone=gone.number)
    return row


@transaction.atomic
def undo(row: CustomerMerge, *, by: Any, at: dt.datetime) -> CustomerMerge:
    """Give back exactly what came over, as far as it still lies with the one who was kept."""
    demand(by, ACTION)
    row = CustomerMerge.objects.select_for_update().select_related("kept", "gone").get(pk=row.pk)
    if row.undone_at is not None:
        raise OutOfTurn(_("This merge was already taken back."))
    if row.kept.erased_at is not None:
        raise OutOfTurn(_("The customer's data was erased since; the merge cannot be taken back."))
    _give(row.moved, row.gone, by, at)
    events.customers_merged.send(Customer, kept=row.gone, gone=row.kept, only=row.moved, at=at, by=by)
    row.undone_at, row.undone_by = at, by
    row.save()
    audit("customer.merge_undone", by=by, at=at, subject=f"customer:{row.kept.number}", gone=row.gone.number)
    return row


def _give(moved: dict[str, list[int]], to: Customer, by: Any, at: dt.datetime) -> None:
    forgetting.give(moved, to, by=by, at=at)
    row: Any
    for row in [
        *Vehicle.objects.filter(pk__in=moved["vehicles"]),
        *Delivery.objects.filter(pk__in=moved.get("deliveries", [])),
    ]:
        row.customer = to
        hand(row, by=by, at=at, why="customer merged")
        row.save()
    for person in Person.objects.filter(pk__in=moved["persons"]):
        person.customer = to
        person.save(update_fields=["customer"])
