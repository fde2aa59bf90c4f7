"""Reading the catalogue."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.access import may
from policy import figures

from .models import (
    ListStage,
    Part,
    PartGroup,
    PartVersion,
    PriceLine,
    PriceList,
    RateLine,
    VehicleModel,
    WarrantyTerm,
)
from .rules import add_months


@dataclass(frozen=True)
class Warranty:
    """A vehicle's warranty for one part group: first and last day, and the limit of its meter (km or hours)."""

    start: dt.date
    end: dt.date
    km: int | None
    hours: int | None
    since: dt.date | None = None  # the term is for deliveries from that day on; None: the company's figure


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
        best.since if best else None,
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
            (group, Warranty(
                delivered_on, end, best.km if best else None, best.hours if best else None, best.since if best else None
            ))
        )  # fmt: skip
    return found


# --- parts
VIN_LENGTH = 17


def find_parts(text: str, *, model: VehicleModel | None = None, vin: str = "") -> QuerySet[Part]:
    """Parts by code, name, specification, pinyin initials or model code; of a VIN those that fit its model.

    A VIN may also stand in `text`. An unknown VIN finds nothing: nobody knows what fits it.
    """
    word = "".join((vin or text).split()).upper()
    if vin or (len(word) == VIN_LENGTH and word.isascii()):
        found = model_of(word)
        if found is not None:
            return Part.objects.fitting(found).fitting(model).found_by(text if vin else "")
        if vin:
            return Part.objects.none()
    return Part.objects.fitting(model).found_by(text)


def model_of(vin: str) -> VehicleModel | None:
    """The model of a registered vehicle, by the way back of its foreign key: its department lies above ours."""
    return VehicleModel.objects.filter(vehicles__vin=vin).first()


def short_of_price(rows: QuerySet[Part], day: dt.date) -> QuerySet[Part]:
    """Parts in use for which no published list names a price yet."""
    priced = PriceLine.objects.filter(part_id=OuterRef("pk"), since__lte=day)
    return rows.filter(~Exists(priced), active=True)


def versions_of(part: Part) -> QuerySet[PartVersion]:
    """What approved batches said of a part, newest first."""
    rows = PartVersion.objects.filter(code=part.code, batch__approved=True)
    return rows.select_related("batch__proposed_by", "batch__decided_by").order_by(
        "-batch__decided_at", "-pk"
    )


# --- prices
def price_lines(part_ids: Collection[int], day: dt.date) -> dict[int, PriceLine]:
    """Per part the line of the last published list in force on that day (one statement); a part without price is left out."""
    if not part_ids:
        return {}
    lines = PriceLine.objects.filter(part_id=OuterRef("pk"), since__lte=day).order_by("-since", "-pk")
    newest = Part.objects.filter(pk__in=part_ids).order_by().values_list(Subquery(lines.values("pk")[:1]))
    return {line.part_id: line for line in PriceLine.objects.filter(pk__in=newest).order_by()}


def rate_lines(day: dt.date) -> dict[str, RateLine]:
    """Per code the rate in force on that day (one statement)."""
    rows = RateLine.objects.filter(since__lte=day).order_by("since", "pk")
    return {rate.code: rate for rate in rows}


def prices_of(part: Part) -> QuerySet[PriceLine]:
    """Every published price of a part, newest first, those ahead included."""
    return part.prices.filter(since__isnull=False).select_related("list").order_by("-since", "-pk")


def lists_for(user: Any) -> QuerySet[PriceList]:
    """Price lists that `user` may open: the published ones; drafts and dropped ones are finance's (J37)."""
    rows = PriceList.objects.select_related("drafted_by", "published_by")
    return rows if may(user, "price_list.draft") else rows.filter(stage=ListStage.PUBLISHED)
