"""A price list with its rates from a workbook."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry

from .. import cells
from ..models import LineKind, Part, PriceLine, RateLine, label_of
from .parts import in_order
from .reading import Book, Column, Fault, Sheet, word_reader

PRICES, RATES = _("Prices"), _("Rates")


def price_columns() -> list[Column]:
    """Code, name (for the reader's eyes), price, cost."""
    return [
        Column("code", label_of(Part, "code"), cells.code, needed=True), Column("name", label_of(Part, "name")),
        Column("spec", label_of(Part, "spec")), Column("unit", label_of(Part, "unit")),
        Column("price", label_of(PriceLine, "price"), cells.amount, needed=True),
        Column("cost", label_of(PriceLine, "cost"), cells.maybe_amount),
    ]  # fmt: skip


def rate_columns() -> list[Column]:
    return [
        Column("kind", label_of(RateLine, "kind"), kind_reader(), needed=True),
        Column("code", label_of(RateLine, "code"), cells.code, needed=True),
        Column("name", label_of(RateLine, "name"), cells.within(80, required=True), needed=True),
        Column("unit", label_of(RateLine, "unit"), cells.within(10)),
        Column("price", label_of(RateLine, "price"), cells.amount, needed=True),
    ]  # fmt: skip


def kind_reader() -> Callable[[Any], str]:
    """Kinds of work by their word in any language, or by their code."""
    kinds = [choice for choice in LineKind.choices if choice[0] != LineKind.PART]
    return word_reader(kinds, _("There is no such kind of work."))


@dataclass
class Prices:
    """What a workbook says: `prices` (part's key, price, cost) and `rates` for `draft_prices`, or `faults`."""

    prices: list[tuple[int, Decimal, Decimal | None]] = field(default_factory=list)
    rates: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.prices)


def read_prices(file: IO[bytes]) -> Prices:
    """Read the sheets of prices and rates; raises `BadEntry` at `file` for what is no workbook."""
    with Book(file) as book:
        rates_sheet = book.sheet(RATES)
        first = book.sheet(PRICES, first=True)
        prices = Sheet("") if first is rates_sheet else book.read(first, price_columns())
        rates = Sheet("") if rates_sheet is None else book.read(rates_sheet, rate_columns())
    if prices.rows or not rates.rows:
        rates.faults = [
            f for f in rates.faults if f.cell != "A2" or rates.rows
        ]  # a sheet of headings alone is no fault
    elif rates.rows and not prices.rows:
        prices.faults = [f for f in prices.faults if f.cell != "A2"]
    known = _parts(prices)
    _doubles(prices)
    _doubles(rates)
    lines = [] if prices.faults else [(known[r["code"]], r["price"], r.get("cost")) for r in prices.rows]
    return Prices(lines, rates.rows, in_order(prices.faults) + in_order(rates.faults))


def _parts(prices: Sheet) -> dict[str, int]:
    """Keys of the parts by code; a code that is none is a fault."""
    if not prices.rows:
        return {}
    known = dict(Part.objects.order_by().values_list("code", "pk"))
    for place, row in enumerate(prices.rows):
        if row.get("code") and row["code"] not in known:
            prices.blame_row(place, "code", BadEntry(_("There is no part {code}."), code=row["code"]))
    return known


def _doubles(sheet: Sheet) -> None:
    seen: dict[str, int] = {}
    for place, row in enumerate(sheet.rows):
        if row.get("code") and seen.setdefault(row["code"], place) != place:
            why = BadEntry(_("The code {code} stands here twice."), field="code", code=row["code"])
            sheet.blame_row(place, "code", why)
