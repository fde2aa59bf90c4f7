"""Reading the catalogue."""

import datetime as dt
from dataclasses import dataclass

from policy import figures

from .models import PartGroup, VehicleModel, WarrantyTerm
from .rules import add_months


@dataclass(frozen=True)
class Warranty:
    """A vehicle's warranty for one part group: first and last day, and the limit of its meter (km or hours)."""

    start: dt.date
    end: dt.date
    km: int | None
    hours: int | None


def warranty(model: VehicleModel | None, delivered_on: dt.date, group: str = PartGroup.WHOLE) -> Warranty:
    """The warranty of a vehicle delivered on that day (4.5a ⚙): its model's term for the group, else the whole
    vehicle's, else the company's figure."""
    terms = WarrantyTerm.objects.filter(
        model=model, part_group__in=[group, PartGroup.WHOLE], since__lte=delivered_on
    )
    best = max(terms, key=lambda t: (t.part_group == group, t.since), default=None) if model else None
    months = best.months if best else int(figures.value("warranty_months", delivered_on))
    return Warranty(
        delivered_on,
        add_months(delivered_on, months),
        best.km if best else None,
        best.hours if best else None,
    )


def warranties(model: VehicleModel, delivered_on: dt.date) -> list[tuple[str, Warranty]]:
    """(part group, warranty) of a vehicle: the whole vehicle first, then each group with a term of its own (one statement)."""
    terms: dict[str, WarrantyTerm] = {}
    for term in WarrantyTerm.objects.filter(model=model, since__lte=delivered_on).order_by("since"):
        terms[term.part_group] = term
    months = int(figures.value("warranty_months", delivered_on))
    found = []
    for group in PartGroup.values:
        best = terms.get(group)
        if best is None and group != PartGroup.WHOLE:
            continue
        end = add_months(delivered_on, best.months if best else months)
        found.append(
            (group, Warranty(delivered_on, end, best.km if best else None, best.hours if best else None))
        )
    return found


def price_lines(part_ids, day):  # type: ignore[no-untyped-def]
    """STAND-IN, to be replaced by the catalogue's own."""
    from .models import PriceLine

    rows = PriceLine.objects.filter(part__in=list(part_ids), since__lte=day).order_by("since", "pk")
    return {row.part_id: row for row in rows}
