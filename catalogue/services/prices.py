"""Price lists and rates (8.1): drafted by one, published by another (SD05), effective from a day that has not passed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.money import fen_of
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from aftersales.recordset import recordset

from .. import cells
from ..models import LineKind, ListStage, Part, PriceLine, PriceList, RateLine
from .drafts import held_draft, refuse_past

DRAFT, PUBLISH, CLAUSE = "price_list.draft", "price_list.publish", "8.1"
Price = tuple[Any, Decimal, Decimal | None]  # part (or its key), price, cost


@transaction.atomic
def draft_prices(
    title: str, effective_on: dt.date, *, prices: list[Price], rates: list[dict[str, Any]], by: Any, at: dt.datetime,
    source: str = "",
) -> PriceList:  # fmt: skip
    """A new list, not in force before somebody else publishes it; `rates`: kind, code, name, unit, price of each."""
    demand(by, DRAFT)
    if not title.strip():
        raise BadEntry(_("Please give a title."), CLAUSE, "title")
    _refuse_past(effective_on, at)
    paper = PriceList.objects.create(
        title=title.strip()[:80], effective_on=effective_on, source=source[:200], drafted_by=by, drafted_at=at
    )
    _write_prices(paper, prices)
    _write_rates(paper, rates)
    return paper


def _refuse_past(day: dt.date, at: dt.datetime) -> None:
    """What was paid yesterday stays what it was."""
    refuse_past(day, at, say=_("A list takes effect today at the earliest."), clause=CLAUSE)


def _write_prices(paper: PriceList, prices: list[Price]) -> None:
    """All prices in one statement."""
    if not prices:
        return
    rows = [
        (getattr(part, "pk", part), fen_of(_fair(price)), None if cost is None else fen_of(_fair(cost)))
        for part, price, cost in prices
    ]
    if len({pk for pk, _price, _cost in rows}) < len(rows):
        raise BadEntry(_("A part stands twice in this list."), CLAUSE, "prices")
    table, body = recordset({"part_id": "bigint", "price": "bigint", "cost": "bigint"}, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalogue_priceline (list_id, part_id, price, cost) SELECT %s, part_id, price, cost FROM {table}",
            [paper.pk, body],
        )


def _write_rates(paper: PriceList, rates: list[dict[str, Any]]) -> None:
    rows = [rate_facts(rate) for rate in rates]
    if len({row["code"] for row in rows}) < len(rows):
        raise BadEntry(_("A rate stands twice in this list."), CLAUSE, "rates")
    RateLine.objects.bulk_create([RateLine(list=paper, **row) for row in rows])


def rate_facts(rate: dict[str, Any]) -> dict[str, Any]:
    """A rate's facts, clean."""
    kind = cells.text(rate.get("kind"))
    if kind == LineKind.PART or kind not in LineKind.values:
        raise BadEntry(_("There is no such kind of work."), CLAUSE, "kind")
    name, unit = (
        cells.within(80, required=True)(rate.get("name")),
        cells.within(10)(rate.get("unit")) or "小时",
    )
    return {
        "kind": kind,
        "code": cells.code(rate.get("code")),
        "name": name,
        "unit": unit,
        "price": _fair(rate.get("price")),
    }


def _fair(amount: Any) -> Decimal:
    return cells.fair(amount) if isinstance(amount, Decimal) else cells.amount(amount)


@transaction.atomic
def publish_prices(paper: PriceList, *, by: Any, at: dt.datetime) -> PriceList:
    """Put a list in force from its day on; who drafted it cannot, and its day must not have passed."""
    demand(by, PUBLISH)
    held = _drafted(paper)
    if held.drafted_by_id == by.pk:
        raise Refusal(_("Somebody else must publish this list (SD05)."), CLAUSE)
    _refuse_past(held.effective_on, at)
    _refuse_overtaken(held)
    held.stage, held.published_by, held.published_at = ListStage.PUBLISHED, by, at
    held.save()
    priced = PriceLine.objects.filter(list=held).update(since=held.effective_on)
    if not priced + RateLine.objects.filter(list=held).update(since=held.effective_on):
        raise OutOfTurn(_("This list is empty."), CLAUSE)
    return held


def _drafted(paper: PriceList) -> PriceList:
    return held_draft(paper, else_say=_("This list is not a draft any more."), clause=CLAUSE)


def _refuse_overtaken(paper: PriceList) -> None:
    """Of two lists of one day the later draft counts: publishing the earlier one afterwards would change nothing."""
    later = {
        "list__effective_on": paper.effective_on,
        "list__stage": ListStage.PUBLISHED,
        "list__pk__gt": paper.pk,
    }
    parts = PriceLine.objects.filter(list=paper).values("part_id")
    codes = RateLine.objects.filter(list=paper).values("code")
    if (
        PriceLine.objects.filter(part_id__in=parts, **later).exists()
        or RateLine.objects.filter(code__in=codes, **later).exists()
    ):
        raise OutOfTurn(
            _("A list drafted later for the same day is already published. Please draft this one anew."),
            CLAUSE,
        )


@transaction.atomic
def drop_prices(paper: PriceList, *, by: Any, at: dt.datetime) -> PriceList:
    """A draft that nobody shall publish; a published list stays for ever."""
    demand(by, DRAFT)
    held = _drafted(paper)
    held.stage = ListStage.DROPPED
    held.save()
    return held


def _own_draft(paper: PriceList, by: Any) -> PriceList:
    """Only who drafted a list writes into it: whoever else did could publish his own prices (SD05)."""
    demand(by, DRAFT)
    held = _drafted(paper)
    if held.drafted_by_id != by.pk:
        raise Refusal(_("Only who drafted this list changes it (SD05)."), CLAUSE)
    return held


@transaction.atomic
def put_price(
    paper: PriceList, part: Part, price: Decimal, cost: Decimal | None, *, by: Any, at: dt.datetime
) -> PriceLine:
    """Write a part's price into one's draft; a second entry replaces the first."""
    held = _own_draft(paper, by)
    facts = {"price": _fair(price), "cost": None if cost is None else _fair(cost)}
    return PriceLine.objects.update_or_create(list=held, part=part, defaults=facts)[0]


@transaction.atomic
def remove_price(paper: PriceList, line: int, *, by: Any, at: dt.datetime) -> None:
    PriceLine.objects.filter(list=_own_draft(paper, by), pk=line).delete()


@transaction.atomic
def put_rate(paper: PriceList, rate: dict[str, Any], *, by: Any, at: dt.datetime) -> RateLine:
    """Write a rate into one's draft; a second entry of its code replaces the first."""
    held, facts = _own_draft(paper, by), rate_facts(rate)
    return RateLine.objects.update_or_create(list=held, code=facts.pop("code"), defaults=facts)[0]


@transaction.atomic
def remove_rate(paper: PriceList, line: int, *, by: Any, at: dt.datetime) -> None:
    RateLine.objects.filter(list=_own_draft(paper, by), pk=line).delete()
