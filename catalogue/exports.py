"""What leaves the catalogue as a workbook: parts as shown, price lists, and the templates that come back filled."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.services import audit
from aftersales.xlsx import Leaf, in_batches, spooled

from .imports.parts import SHEET, columns
from .imports.prices import PRICES, RATES, price_columns, rate_columns
from .imports.reading import Column
from .imports.terms import SHEET as TERMS
from .imports.terms import columns as term_columns
from .models import FLAGS, LineKind, Part, PartGroup, PriceLine, PriceList, WarrantyTerm
from .services.parts import FACTS

__all__ = ["parts", "parts_template", "price_list", "prices_template", "terms"]
MOST = 100_000
WIDTHS = {"code": 18, "name": 26, "spec": 22, "group": 16, "fits": 26, "price": 14, "kind": 12}


def _leaf(title: Any, shown: Sequence[Column], rows: Any = ()) -> Leaf:
    return Leaf(title, [c.label for c in shown], rows, [WIDTHS.get(c.name, 10) for c in shown])


def parts(
    rows: QuerySet[Part], day: dt.date, *, costs: bool, by: Any, at: dt.datetime, asked: list[str]
) -> IO[bytes]:
    """The part list as a workbook that can come back as an import; `costs` only for C32."""
    shown = [c for c in columns() if costs or c.name != "cost"]
    leaf = _leaf(SHEET, shown, _lines(rows, day, costs))
    out = spooled(leaf)
    audit("list.export", by=by, at=at, subject="parts", rows=leaf.count, filters=asked)
    return out


def _lines(rows: QuerySet[Part], day: dt.date, costs: bool) -> Iterator[list[Any]]:
    lines = PriceLine.objects.filter(part_id=OuterRef("pk"), since__lte=day).order_by("-since", "-pk")
    found = rows.annotate(line=Subquery(lines.values("pk")[:1])).order_by("code")[:MOST]
    fits: dict[int, list[str]] = {}
    tied = Part.fits.through.objects.filter(part_id__in=rows.order_by().values("pk"))
    for pk, code in tied.order_by("vehiclemodel__code").values_list("part_id", "vehiclemodel__code"):
        fits.setdefault(pk, []).append(code)
    keys = found.values_list("pk", "line", "code", *FACTS)
    words, groups = (_("no"), _("yes")), dict(PartGroup.choices)
    for batch in in_batches(keys.iterator(chunk_size=2000), 2000):
        prices = PriceLine.objects.in_bulk([line for _pk, line, *_rest in batch if line])
        for pk, line, code, name, spec, unit, group, *marks in batch:
            price = prices.get(line)
            yield [
                code, name, spec, unit, str(groups[group]), *(words[mark] for mark in marks), ", ".join(fits.get(pk, [])),
                price and price.price, *([price and price.cost] if costs else []),
            ]  # fmt: skip


def price_list(paper: PriceList, *, costs: bool, by: Any, at: dt.datetime) -> IO[bytes]:
    """One list with its rates; filled anew it can be imported as the next one."""
    shown = [c for c in price_columns() if costs or c.name != "cost"]
    lines = paper.lines.order_by("pk").values_list(
        "part__code", "part__name", "part__spec", "part__unit", "price", "cost"
    )
    rates = paper.rates.order_by("pk").values_list("kind", "code", "name", "unit", "price")
    kinds = dict(LineKind.choices)
    first = _leaf(PRICES, shown, (row if costs else row[:-1] for row in lines.iterator(chunk_size=2000)))
    second = _leaf(RATES, rate_columns(), ([str(kinds[kind]), *rest] for kind, *rest in rates))
    out = spooled(first, second)
    audit("list.export", by=by, at=at, subject=paper, rows=first.count + second.count, filters=[])
    return out


def terms(*, by: Any, at: dt.datetime) -> IO[bytes]:
    """Every warranty term; with new rows below it can come back as a proposal."""
    groups = dict(PartGroup.choices)
    rows = WarrantyTerm.objects.order_by("model__code", "part_group", "since")
    lines = rows.values_list("model__code", "part_group", "since", "months", "km", "hours")
    leaf = _leaf(TERMS, term_columns(), ([code, str(groups[group]), *rest] for code, group, *rest in lines))
    out = spooled(leaf)
    audit("list.export", by=by, at=at, subject="warranty_terms", rows=leaf.count, filters=[])
    return out


def parts_template() -> IO[bytes]:
    """An empty sheet of parts with one example, and what may stand in each column."""
    shown = [c for c in columns() if c.read]
    example = [
        "BP-0001",
        _("brake pad"),
        "FY-6",
        "件",
        PartGroup.CHASSIS.label,
        *[_("no")] * len(FLAGS),
        _("yes"),
        "",
    ]
    says = _("yes or no")
    words = {
        "code": _("up to 40 letters, digits and . _ - + ( ); the same code changes the part"),
        "group": " / ".join(str(label) for _v, label in PartGroup.choices),
        **dict.fromkeys((*FLAGS, "active"), says), "fits": _("codes of models, separated by commas; blank fits all"),
    }  # fmt: skip
    return spooled(_leaf(SHEET, shown, [example]), notes(shown, words))


def prices_template() -> IO[bytes]:
    """Sheets of prices and of rates with one example each, and what may stand in each column."""
    prices, rates = price_columns(), rate_columns()
    words = {
        "code": _("a code of the part master"),
        "price": _("a number, not a text; at most two decimals"),
        "kind": " / ".join(str(label) for value, label in LineKind.choices if value != LineKind.PART),
    }
    first = ["BP-0001", _("brake pad"), "", "件", Decimal("58.00"), Decimal("31.50")]
    second = [LineKind.LABOUR.label, "GS-01", _("Replace a brake pad"), "小时", Decimal("60.00")]
    return spooled(
        _leaf(PRICES, prices, [first]), _leaf(RATES, rates, [second]), notes([*prices, *rates[:1]], words)
    )


def notes(shown: Sequence[Column], words: dict[str, str]) -> Leaf:
    """What may stand in each column of an import, for the empty workbook of any department."""
    rows = [
        [column.label, _("compulsory") if column.needed else "", words.get(column.name, "")]
        for column in shown
    ]
    return Leaf(_("Notes"), [_p("workbook", "Column"), "", _("What may stand there")], rows, [22, 12, 90])
