"""Prices and rates of a day (8.1): the only place from which a quotation's lines get their prices."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from catalogue.models import LineKind, Part, PriceLine, RateLine
from catalogue.selectors import price_lines, rate_lines

from .models import QuotationLine

MOST = Decimal("999999.99")  # what the column of quantities holds
GIVEN = {"kind", "part", "code", "quantity", "discount"}


def part_of(code: str) -> Part:
    """A part by its code, whatever the case."""
    found = Part.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        raise BadEntry(_("There is no part “{code}”."), "9.4", "part", code=code[:40])
    return found


def priced(wanted: list[dict[str, Any]], day: dt.date) -> list[QuotationLine]:
    """Lines with the published prices of the day; `wanted` says kind, part or code, quantity and discount, never a price."""
    for row in wanted:
        if set(row) - GIVEN:
            raise BadEntry(_("A price is read from the published list, never sent along."), "8.1")
    rows = [row | {"part": _part(row)} for row in wanted]
    prices = price_lines({row["part"].pk for row in rows if row["part"]}, day)
    works = any(row["part"] is None for row in rows)
    rates = rate_lines(day) if works else {}
    return [_of_part(row, prices) if row["part"] else _of_rate(row, rates) for row in rows]


def _part(row: dict[str, Any]) -> Part | None:
    if row.get("kind", LineKind.PART) != LineKind.PART:
        return None
    part = row.get("part") or row.get("code") or ""
    return part if isinstance(part, Part) else part_of(str(part))


def _of_part(row: dict[str, Any], prices: dict[int, PriceLine]) -> QuotationLine:
    part: Part = row["part"]
    if not part.active:
        raise BadEntry(_("“{part}” is no longer in use."), "9.4", "part", part=str(part))
    if part.pk not in prices:
        raise BadEntry(
            _("No price of “{part}” is published yet; ask finance for it."), "8.1", "part", part=str(part)
        )
    if Decimal(row["quantity"]) % 1:
        raise BadEntry(_("Parts are counted in whole pieces."), "9.4", "quantity")
    facts = {"name": part.name, "spec": part.spec, "unit": part.unit, "code": part.code, "part": part}
    return _line(row, LineKind.PART, prices[part.pk].price, **facts)


def _of_rate(row: dict[str, Any], rates: dict[str, RateLine]) -> QuotationLine:
    code = str(row.get("code") or "")
    rate = rates.get(code)
    if rate is None or rate.kind != row["kind"]:
        raise BadEntry(
            _("No rate “{code}” of this kind is published; ask finance for it."),
            "8.1",
            "code",
            code=code[:40],
        )
    return _line(row, rate.kind, rate.price, code=rate.code, name=rate.name, unit=rate.unit)


def _line(row: dict[str, Any], kind: str, price: Decimal, **facts: Any) -> QuotationLine:
    quantity, discount = Decimal(row["quantity"]), Decimal(row.get("discount") or 0)
    if not (0 < quantity <= MOST) or quantity != round(quantity, 2):
        raise BadEntry(_("The quantity lies above 0 and has at most two decimals."), "9.4", "quantity")
    if not (0 <= discount < 1) or discount != round(discount, 2):
        raise BadEntry(_("A discount is a share from 0 to 0.99."), "9.4", "discount")
    line = QuotationLine(kind=kind, quantity=quantity, discount=discount, unit_price=price, **facts)
    line.count()
    return line


def wanted_of(line: QuotationLine) -> dict[str, Any]:
    """What a line asked for, without its price."""
    asked = {"part": line.part} if line.part_id else {"code": line.code}
    return {"kind": line.kind, "quantity": line.quantity, "discount": line.discount, **asked}


def moved_on(lines: list[QuotationLine], day: dt.date) -> list[str]:
    """Codes of lines whose published price is no longer the one written."""
    prices = price_lines({line.part_id for line in lines if line.part_id}, day)
    rates = rate_lines(day)
    now = {line.pk: prices.get(line.part_id) if line.part_id else rates.get(line.code) for line in lines}
    return [line.code for line in lines if (row := now[line.pk]) is None or row.price != line.unit_price]
