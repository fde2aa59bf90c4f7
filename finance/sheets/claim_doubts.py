"""What finance should look at twice in a claim (8.2): a photo used before, a freight that a parcel bears already."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from parts.models import Shipment

from ..models import Claim, ClaimLine
from .ways import Ways

Use = tuple[str, int]  # number of a claim, position of a line


@dataclass
class Doubts:
    """`used`: digest → the lines that have this photo; `sent`: yuan → the parcel that cost as much. The owner sees none."""

    used: dict[str, list[Use]] = field(default_factory=dict)
    sent: dict[Decimal, str] = field(default_factory=dict)

    def numbers(self) -> set[str]:
        return {number for uses in self.used.values() for number, _place in uses}

    def about(self, line: ClaimLine, number: str, ways: Ways) -> list[Any]:
        """Sentences to stand at this line of the claim with that number."""
        others = [use for use in self.used.get(line.sha256, ()) if use != (number, line.position)]
        said = [_same_photo(use, number, ways) for use in others]
        if line.kind == "freight" and line.amount in self.sent:
            sentence = _("Parcel {number} costs as much already: is it the same?")
            said.append(sentence.format(number=self.sent[line.amount]))
        return said


def doubts_about(paper: Claim, lines: Iterable[ClaimLine]) -> Doubts:
    return Doubts(_used(lines), _sent(paper, lines))


def _used(lines: Iterable[ClaimLine]) -> dict[str, list[Use]]:
    """Photos that more than one line has, whatever became of their claims."""
    mine = {line.sha256 for line in lines if line.sha256}
    found: dict[str, list[Use]] = defaultdict(list)
    rows = ClaimLine.objects.filter(sha256__in=mine).order_by("pk") if mine else ClaimLine.objects.none()
    for sha256, number, position in rows.values_list("sha256", "claim__number", "position"):
        found[sha256].append((number, position))
    return {sha256: uses for sha256, uses in found.items() if len(uses) > 1}


def _sent(paper: Claim, lines: Iterable[ClaimLine]) -> dict[Decimal, str]:
    """Freight of the same amount that the books hold already with a parcel of these tickets (6.3): it would count twice."""
    amounts = {line.amount for line in lines if line.kind == "freight"}
    if not amounts:
        return {}
    tickets = paper.trip.served.values("ticket")
    rows = Shipment.objects.filter(Q(ticket__in=tickets) | Q(release__ticket__in=tickets), cost__in=amounts)
    return {
        cost: number for cost, number in rows.order_by("pk").values_list("cost", "number") if cost is not None
    }


def _same_photo(use: Use, own: str, ways: Ways) -> Any:
    sentence = _("The same photo stands in {number}, line {line}").format(number=use[0], line=use[1])
    way = ways.to(use[0]) if use[0] != own else ""
    return format_html('<span class="tone-text-warning">{}</span> {}', sentence, way)
