"""The cost of warranty parts, a memo beside the profit (8.10): by the day on which pieces left, came back or were charged."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q

from aftersales.limits import moment_of
from parts.models import ReleaseLine, ReturnKind, ReturnLine, SlipLine
from parts.rules import Charge

from ..models import Column, Receivable, Transfer
from ..pricing import Costed, costed, prefix
from ..rules import ZERO
from .cash import Entry, Where, debts, line_of


def memo(begin: dt.date, end: dt.date) -> Iterator[Entry]:
    """The cost of pieces that left the store without being charged, less those that came back or were charged later."""
    ids = moved_lines(begin, end)
    lines = costed(ReleaseLine.objects.filter(pk__in=ids, opening=False))
    after, before = free_pieces(lines, end), free_pieces(lines, begin)
    places = _places([line.pk for line in lines])
    for line in lines:
        cost = line.unit * (after[line.pk] - before[line.pk])
        yield places[line.pk], Column.WARRANTY_COST, cost


def moved_lines(begin: dt.date, end: dt.date) -> set[int]:
    """Part lines of which pieces left, came back, or were charged from `begin` until before `end`."""
    out = Q()
    for series in ("CK", "JC"):
        low, high = prefix(begin, end, series)
        out |= Q(slip__number__gte=low, slip__number__lt=high)
    found = set(SlipLine.objects.filter(out).values_list("line", flat=True))
    back = ReturnLine.objects.filter(paper__kind=ReturnKind.UNUSED, received__gt=0)
    back = back.filter(paper__decided_at__gte=moment_of(begin), paper__decided_at__lt=moment_of(end))
    found |= set(back.values_list("line", flat=True))
    rows = Transfer.objects.filter(day__gte=begin, day__lt=end, key__startswith="line:").values_list(
        "key", flat=True
    )
    return found | {pk for key in rows if (pk := line_of(key)) is not None}


def free_pieces(lines: list[Costed], until: dt.date) -> dict[int, int]:
    """Line → pieces that were out and not charged before that day."""
    ids, moment = [line.pk for line in lines], moment_of(until)
    found = dict.fromkeys(ids, 0)
    out = SlipLine.objects.filter(line__in=ids, slip__made_at__lt=moment).values_list("line", "quantity")
    back = ReturnLine.objects.filter(
        line__in=ids, paper__kind=ReturnKind.UNUSED, paper__decided_at__lt=moment
    )
    for pk, pieces in out:
        found[pk] += pieces
    for pk, received in back.values_list("line", "received"):
        found[pk] -= received or 0
    charged = charged_amounts(ids, until)
    for line in lines:
        if line.amount:
            found[line.pk] -= line.pieces(charged.get(line.pk, ZERO))
        elif line.charge == Charge.CHARGED:
            found[line.pk] = 0
    return found


def charged_amounts(ids: list[int], until: dt.date) -> dict[int, Decimal]:
    """Line → what the customer was charged for it before that day, net of what was given back."""
    wanted: set[int] = set(ids)
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    names = list(
        Receivable.objects.filter(Q(release__lines__in=ids)).distinct().values_list("key", flat=True)
    )
    for name, debt in debts(set(names), until).items():
        for pk, amount in debt.lines.items():
            if pk in wanted and name:
                found[pk] += amount
    return found


def _places(ids: list[int]) -> dict[int, Where]:
    rows = ReleaseLine.objects.filter(pk__in=ids).values_list(
        "pk", "release__engineer", "release__ticket__model", "release__ticket__region"
    )
    return {pk: Where(engineer, model or "", region or "") for pk, engineer, model, region in rows}
