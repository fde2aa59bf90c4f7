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
from .forgetting import move_wish, part_wishes
from .lead_services import matching
from .models import Customer, CustomerMerge, CustomersApart, Delivery, Lead, Person, Sale, Vehicle

ACTION = "customer_vehicle.merge"


@transaction.atomic
def merge(kept: Customer, gone: Customer, *, by: Any, at: dt.datetime) -> CustomerMerge:
    """Vehicles, persons, leads, sales, delivery records and an open wish to be erased come from `gone` to `kept`; other
    departments hear it and move their papers. A sale that nobody confirmed yet looks once more for the first lead (4.2)."""
    demand(by, ACTION)
    rows = _both(kept, gone)
    if len(rows) != 2:
        raise BadEntry(_("A customer cannot be merged into himself."), field="gone")
    if any(c.erased_at for c in rows) or CustomerMerge.objects.filter(gone__in=rows, undone_at=None).exists():
        raise BadEntry(_("One of the two is already merged or erased."), field="gone")
    moved = _move(None, gone, kept, by, at) | {"erasures": move_wish(None, gone, kept)}
    row = CustomerMerge.objects.create(kept=kept, gone=gone, at=at, by=by, moved=moved)
    for _receiver, answer in events.customers_merged.send(
        Customer, kept=kept, gone=gone, only=None, at=at, by=by
    ):
        row.moved |= answer or {}
    row.moved |= {"matched": matching.match_again(kept, by=by, at=at)}
    row.save()
    audit("customer.merged", by=by, at=at, subject=f"customer:{kept.number}", gone=gone.number)
    return row


@transaction.atomic
def undo(row: CustomerMerge, *, by: Any, at: dt.datetime) -> CustomerMerge:
    """Give back exactly what came over, as far as it still lies with the one who was kept, and a wish to be erased that the other
    one uttered since. Of a chain the last merge first."""
    demand(by, ACTION)
    _both(row.kept, row.gone)
    row = CustomerMerge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=row.pk)
    _may_be_undone(row)
    _move(_still(row), row.kept, row.gone, by, at)
    matching.unmatch(row.kept, row.gone, by=by, at=at)
    part_wishes(row)
    events.customers_merged.send(Customer, kept=row.gone, gone=row.kept, only=row.moved, at=at, by=by)
    row.undone_at, row.undone_by = at, by
    row.save()
    audit("customer.merge_undone", by=by, at=at, subject=f"customer:{row.kept.number}", gone=row.gone.number)
    return row


def _both(*customers: Customer) -> list[Customer]:
    """Their rows, locked in one order for everybody."""
    return list(
        Customer.objects.select_for_update(of=("self",))
        .filter(pk__in=[c.pk for c in customers])
        .order_by("pk")
    )


def _may_be_undone(row: CustomerMerge) -> None:
    if row.undone_at is not None:
        raise OutOfTurn(_("This merge was already taken back."))
    if row.kept.erased_at is not None:
        raise OutOfTurn(_("The customer's data was erased since; the merge cannot be taken back."))
    later = CustomerMerge.objects.filter(gone=row.kept, undone_at=None).select_related("kept").first()
    if later is not None:
        raise OutOfTurn(
            _("Customer {number} was merged into {kept} since: take that merge back first."),
            number=row.kept.number, kept=later.kept.number,
        )  # fmt: skip


def _still(row: CustomerMerge) -> dict[str, list[int]]:
    """What came over and goes back: delivery records with their corrections since; no vehicle that was handed over to the one
    who was kept since, with his signature."""
    moved = dict(row.moved)
    records = set(moved.get("deliveries", []))
    while more := set(Delivery.objects.filter(replaces__in=records).values_list("pk", flat=True)) - records:
        records |= more
    since = Delivery.objects.filter(current=True, customer=row.kept).exclude(pk__in=records)
    stay = set(since.values_list("vehicle", flat=True))
    vehicles = [pk for pk in moved.get("vehicles", []) if pk not in stay]
    return moved | {"deliveries": sorted(records), "vehicles": vehicles}


#: what of the sales desk is a customer's: a key of `moved` → its rows
HIS: dict[str, Any] = {"vehicles": Vehicle, "deliveries": Delivery, "leads": Lead, "sales": Sale}


def _move(
    only: dict[str, list[int]] | None, source: Customer, to: Customer, by: Any, at: dt.datetime
) -> dict[str, list[int]]:
    """What lies with `source` goes to `to`; with `only` (what a merge moved) just that. Answers what went."""
    moved = {name: _rows(model, name, only, source) for name, model in HIS.items()}
    for name, model in HIS.items():
        for row in model.objects.filter(pk__in=moved[name]):
            _give(row, to, by, at)
    persons = _rows(Person, "persons", only, source)
    Person.objects.filter(pk__in=persons).update(customer=to)
    return moved | {"persons": persons}


def _rows(model: Any, name: str, only: dict[str, list[int]] | None, source: Customer) -> list[int]:
    rows = model.objects.select_for_update(of=("self",)).filter(customer=source).order_by("pk")
    rows = rows if only is None else rows.filter(pk__in=only.get(name, []))
    return list(rows.values_list("pk", flat=True))


def _give(row: Any, to: Customer, by: Any, at: dt.datetime) -> None:
    row.customer = to
    if isinstance(row, Lead | Sale):
        row.sign(by=by, at=at, why="customer merged")
    else:
        hand(row, by=by, at=at, why="customer merged")
    row.save()


@transaction.atomic
def keep_apart(customer: Customer, other: Customer, *, by: Any, at: dt.datetime) -> CustomersApart:
    """Somebody looked: these two are not the same (A23). Said twice it is said once."""
    demand(by, ACTION)
    if customer.pk == other.pk:
        raise BadEntry(_("These are one row, not two."), field="other")
    first, second = sorted([customer, other], key=lambda row: row.pk)
    row, is_new = CustomersApart.objects.get_or_create(one=first, other=second, defaults={"at": at, "by": by})
    if is_new:
        audit("customer.parted", by=by, at=at, subject=f"customer:{first.number}", other=second.number)
    return row
