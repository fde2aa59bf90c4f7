"""What finance should look at twice in a claim (8.2): a photo used before, a freight that a parcel bears already."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from parts.models import Shipment

from ..models import Claim, ClaimLine
from .ways import Ways

Use = tuple[str, int]  # number of a claim, position of a line


class Sent(NamedTuple):
    """A parcel with its freight in yuan."""

    number: str
    waybill: str
    cost: Decimal


@dataclass
class Doubts:
    """`used`: digest → the lines that have this photo; `sent`: parcels whose freight the books hold; `own` eyes see whether
    a photo was used before, not what finance compares."""

    used: dict[str, list[Use]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def numbers(self) -> set[str]:
        return {number for uses in self.used.values() for number, _place in uses}

    def about(self, line: ClaimLine, number: str, ways: Ways) -> list[Any]:
        """Sentences to stand at this line of the claim with that number."""
        others = [use for use in self.used.get(line.sha256, ()) if use != (number, line.position)]
        said = [_same_photo(use, number, ways) for use in others]
        return [*said, *(_("Parcel {number} costs as much already: is it the same?").format(number=number)
                         for number in self._same_freight(line))]  # fmt: skip

    def _same_freight(self, line: ClaimLine) -> list[str]:
        """The first parcel that cost as much, or whose waybill or number the line names."""
        if line.kind != "freight":
            return []
        words = set(_words(line))
        return [
            row.number
            for row in self.sent
            if row.cost == line.amount or words & {row.number, row.waybill.upper()}
        ][:1]


def doubts_about(paper: Claim, lines: Iterable[ClaimLine], *, own: bool = False) -> Doubts:
    return Doubts(_used(lines), [] if own else _sent(paper, lines))


def _used(lines: Iterable[ClaimLine]) -> dict[str, list[Use]]:
    """Photos that more than one line has, whatever became of their claims."""
    mine = {line.sha256 for line in lines if line.sha256}
    found: dict[str, list[Use]] = defaultdict(list)
    rows = ClaimLine.objects.filter(sha256__in=mine).order_by("pk") if mine else ClaimLine.objects.none()
    for sha256, number, position in rows.values_list("sha256", "claim__number", "position"):
        found[sha256].append((number, position))
    return {sha256: uses for sha256, uses in found.items() if len(uses) > 1}


def _sent(paper: Claim, lines: Iterable[ClaimLine]) -> list[Sent]:
    """Freight that the books hold already with a parcel (6.3), of these tickets or named by a line: it would count twice."""
    freight = [line for line in lines if line.kind == "freight"]
    if not freight:
        return []
    tickets, words = paper.trip.served.values("ticket"), [word for line in freight for word in _words(line)]
    ours = Q(ticket__in=tickets) | Q(release__ticket__in=tickets)
    named = Q(number__in=words) | Q(waybill__in=words)
    rows = Shipment.objects.filter(ours & Q(cost__in=[line.amount for line in freight]) | named, cost__gt=0)
    facts = rows.order_by("pk").values_list("number", "waybill", "cost")
    return [Sent(number, waybill, cost) for number, waybill, cost in facts if cost is not None]


def _words(line: ClaimLine) -> list[str]:
    """What in its note may be the number of a waybill or of a parcel."""
    return re.findall(r"[A-Z0-9-]{4,}", line.note.upper())


def _same_photo(use: Use, own: str, ways: Ways) -> Any:
    sentence = _("The same photo stands in {number}, line {line}").format(number=use[0], line=use[1])
    way = ways.to(use[0]) if use[0] != own else ""
    return format_html('<span class="tone-text-warning">{}</span> {}', sentence, way)
