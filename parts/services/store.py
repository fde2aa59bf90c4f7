"""The one door by which the stock changes (5): rows locked in one order, never negative, each change a movement."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.services import audit
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import Part

from ..models import INSIDE, CodeEvent, GoodsLine, GoodsReceipt, Movement, PartCode, Stock, Zone
from ..models.stock import where
from .codes import CLAUSE, FIELD, adopt_old_code, clean_all, new_code, note_code, outside, take_code

__all__ = [
    "Short",
    "adopt_old_code",
    "drift",
    "move",
    "note_code",
    "on_hand",
    "receive_goods",
    "take_code",
    "write_costs",
]


NO_CODE: list[PartCode | None] = [None]


class Short(OutOfTurn):
    """Fewer pieces than wanted; `there` is how many there are."""

    there = 0


class Place(NamedTuple):
    """A zone, and whose (with the engineer)."""

    zone: str
    holder: Any = None

    @property
    def inside(self) -> bool:
        return self.zone in INSIDE

    def is_row(self, row: Stock) -> bool:
        return row.zone == self.zone and row.holder_id == getattr(self.holder, "pk", None)

    def __str__(self) -> str:
        return where(self.zone, self.holder)


@transaction.atomic
def move(
    part: Part,
    quantity: int,
    source: str,
    target: str,
    *,
    paper: str,
    by: Any,
    at: dt.datetime,
    source_holder: Any = None,
    target_holder: Any = None,
    codes: Iterable[PartCode | str] = (),
) -> list[Movement]:
    """Bring `quantity` pieces from one zone to another, on a numbered paper; one movement, or one for each code.

    Several parts in one act: call it in the order of the parts' keys. Raises `Short` (how many there are),
    `BadEntry` (a code that is missing, wrong or elsewhere).
    """
    if quantity < 1:
        raise BadEntry(_("At least one piece is moved."), field="quantity")
    here, there = Place(source, source_holder), Place(target, target_holder)
    rows = _locked(part, [place for place in (here, there) if place.inside])
    pieces = _pieces(part, quantity, here, there, list(codes))
    if here.inside:
        _take_from(rows[0], part, quantity, here)
    if there.inside:
        Stock.objects.filter(pk=rows[-1].pk).update(quantity=F("quantity") + quantity)
    return [
        _moved(part, 1 if pieces else quantity, here, there, code, paper, by, at)
        for code in pieces or NO_CODE
    ]


def _locked(part: Part, places: Sequence[Place]) -> list[Stock]:
    """The rows of these places in the given order, locked in the order (part, zone, holder); made where missing."""
    found = _rows(part, places)
    if len(found) < len(places):
        Stock.objects.bulk_create(
            [Stock(part=part, zone=place.zone, holder=place.holder) for place in sorted(places, key=_order)],
            ignore_conflicts=True,
        )
        found = _rows(part, places)
    return [next(row for row in found if place.is_row(row)) for place in places]


def _order(place: Place) -> tuple[str, int]:
    return place.zone, getattr(place.holder, "pk", 0)


def _rows(part: Part, places: Sequence[Place]) -> list[Stock]:
    asked = Q(pk__in=[])
    for place in places:
        asked |= Q(zone=place.zone, holder=place.holder)
    rows = Stock.objects.select_for_update(of=("self",)).filter(asked, part=part)
    return list(rows.order_by("zone", "holder_id"))


def _take_from(row: Stock, part: Part, quantity: int, here: Place) -> None:
    """Conditional, so that no count that was read before the lock can pass; the database's own check stands behind it."""
    if not Stock.objects.filter(pk=row.pk, quantity__gte=quantity).update(quantity=F("quantity") - quantity):
        short = Short(
            _("{place} holds {there} of {part}; {wanted} are wanted."), "5",
            place=str(here), there=row.quantity, part=str(part), wanted=quantity,
        )  # fmt: skip
        short.there = row.quantity
        raise short


def _pieces(part: Part, quantity: int, here: Place, there: Place, codes: list[Any]) -> list[PartCode]:
    """The rows of the named codes; compulsory, one a piece, for a valuable part that enters or leaves the store."""
    zones = {here.zone, there.zone}
    compulsory = part.valuable and Zone.GOOD in zones and Zone.COUNTED not in zones
    if not codes and not compulsory:
        return []
    if len(codes) != quantity:
        raise BadEntry(
            _("{part} carries identification codes: {wanted} pieces, {given} codes."), CLAUSE, FIELD,
            part=str(part), wanted=quantity, given=len(codes),
        )  # fmt: skip
    texts = clean_all(str(code) for code in codes)
    if outside(here.zone):
        return [new_code(text, part, here.zone) for text in texts]
    return [take_code(t, part, expect_zone=here.zone, expect_holder=here.holder) for t in texts]


def _moved(
    part: Part,
    pieces: int,
    here: Place,
    there: Place,
    code: PartCode | None,
    paper: str,
    by: Any,
    at: dt.datetime,
) -> Movement:
    if code is not None:
        code.zone, code.holder = there.zone, there.holder
        code.save(update_fields=["zone", "holder"])
    return Movement.objects.create(
        part=part, quantity=pieces, source=here.zone, target=there.zone, source_holder=here.holder,
        target_holder=there.holder, code=code, paper=paper, at=at, by=by,
    )  # fmt: skip


def on_hand(part: Part, zone: str, holder: Any = None, *, lock: bool = False) -> int:
    """How many pieces lie there now; with `lock` nobody changes it before this act is done."""
    rows = Stock.objects.filter(part=part, zone=zone, holder=holder)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return rows.values_list("quantity", flat=True).first() or 0


def drift() -> list[tuple[int, str, int | None, int, int]]:
    """(part, zone, holder, stock, sum of movements) wherever the two differ: none, ever."""
    moved: dict[tuple[int, str, int | None], int] = {}
    for end, sign in (("target", 1), ("source", -1)):
        rows = Movement.objects.order_by().filter(**{f"{end}__in": INSIDE})
        for part, zone, holder, pieces in rows.values_list("part_id", end, f"{end}_holder_id").annotate(
            Sum("quantity")
        ):
            moved[part, zone, holder] = moved.get((part, zone, holder), 0) + sign * pieces
    stock: dict[Any, int] = {
        row[:3]: row[3] for row in Stock.objects.values_list("part_id", "zone", "holder_id", "quantity")
    }
    places = sorted({*moved, *stock}, key=str)
    return [(*p, stock.get(p, 0), moved.get(p, 0)) for p in places if stock.get(p, 0) != moved.get(p, 0)]


@transaction.atomic
def receive_goods(
    *,
    supplier: str,
    batch: str,
    lines: Iterable[dict[str, Any]],
    by: Any,
    at: dt.datetime,
    note: str = "",
    opening: bool = False,
) -> GoodsReceipt:
    """入库 RK: each line {part, quantity, cost?, codes?}. A cost is typed only by whom costs may be shown (C32)."""
    rows = sorted(lines, key=lambda line: line["part"].pk)
    if not rows:
        raise BadEntry(_("Nothing was received."), "5")
    if any(line.get("cost") is not None for line in rows) and not may(by, "cost.view"):
        raise BadEntry(_("The cost comes from purchasing or finance (8.1)."), "8.1", "cost")
    receipt = GoodsReceipt(
        number=next_number("RK", at), supplier=supplier, batch=batch, note=note, opening=opening
    )
    receipt.sign(by=by, at=at, why="receive")
    receipt.save()
    for line in rows:
        _receive(receipt, by=by, at=at, **line)
    return receipt


def _receive(
    receipt: GoodsReceipt,
    *,
    part: Part,
    quantity: int,
    by: Any,
    at: dt.datetime,
    cost: Decimal | None = None,
    codes: Iterable[str] = (),
    row: int | None = None,
) -> None:
    """`row`: the line of the form that it came from, so that a refusal stands there."""
    try:
        texts = clean_all(codes)
        GoodsLine.objects.create(receipt=receipt, part=part, quantity=quantity, cost=cost, codes=texts)
        source = Zone.OPENING if receipt.opening else Zone.SUPPLIER
        moves = move(part, quantity, source, Zone.GOOD, paper=receipt.number, by=by, at=at, codes=texts)
    except BadEntry as refusal:
        refusal.field = f"{refusal.field}_{row}" if row else refusal.field
        raise
    for movement in moves:
        if movement.code is not None:
            note_code(movement.code, CodeEvent.What.RECEIVED, paper=receipt.number, by=by, at=at)


@transaction.atomic
def write_costs(
    receipt: GoodsReceipt, costs: Mapping[int, Decimal], *, by: Any, at: dt.datetime
) -> GoodsReceipt:
    """What the pieces of each line (by its id) cost, from purchasing or finance (D13, C32)."""
    for line in receipt.lines.select_for_update(of=("self",)).filter(pk__in=list(costs)):
        if costs[line.pk] < 0:
            raise BadEntry(_("A cost is not below zero."), "8.1", f"cost_{line.pk}")
        audit(
            "goods.cost", by=by, at=at, subject=f"receipt:{receipt.number}", line=line.pk,
            before=str(line.cost or ""), after=str(costs[line.pk]),
        )  # fmt: skip
        line.cost = costs[line.pk]
        line.save(update_fields=["cost"])
    return receipt
