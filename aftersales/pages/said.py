"""What the home says without a clock, read in one statement whatever the person's rights (P6): tickets whose customer nobody
has told yet of what happened (9.5), callbacks with a wish for a new vehicle (4.2), wishes of customers that nobody answered
(A16, A21), commissions to confirm (4.2); what others proposed of parts (5.1), drafted of the help and of the standard
(2.2, 9.7; SD05, SD06)."""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Value
from django.urls import reverse

from accounts.access import may
from catalogue.models import PartBatch
from finance.desk.duties import Waits, is_finance
from repairs import helped
from repairs.models import CallbackSurvey
from repairs.selectors import open_wishes
from repairs.told.by_hand import untold
from sales.lead_selectors import commissions_of
from sales.models import Lead
from technical.selectors import drafts_to_publish

SOME = 6  # named in one line


class Line(NamedTuple):
    """`key` names the page, `word` the thing; it waits since `at`."""

    kind: str
    key: str
    word: str
    at: dt.datetime
    pk: int


class Said:
    """One person's lines, the oldest first, each once."""

    def __init__(self, user: Any, at: dt.datetime) -> None:
        self.user, self.at = user, at

    @cached_property
    def lines(self) -> list[Line]:
        arms = [ask(self).values_list(*columns) for asked, ask, columns in ARMS if asked(self.user)]
        if not arms:
            return []
        found = sorted(map(Line._make, arms[0].union(*arms[1:], all=True)), key=lambda line: line[3:])
        return list({line[:3]: line for line in reversed(found)}.values())[::-1]

    def of(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds][:SOME]

    def waits(self, kind: str) -> list[Waits]:
        """Named in one line of the page; a single one leads to where it is done."""
        return [Waits(line.word, WHERE[kind](line.key)) for line in self.of(kind)]


def the_first(rows: Any) -> Any:
    """The first of these rows, in their order, as an arm of a union: no more are read than one line can name."""
    return rows.model.objects.filter(pk__in=rows.values("pk")[: 2 * SOME]).order_by()


def wishes(at: dt.datetime) -> Any:
    """Callbacks of the last month with a wish for a new vehicle that nobody registered."""
    known = Lead.objects.filter(ticket=OuterRef("ticket__number"))
    rows = CallbackSurvey.objects.filter(
        intent=True, made_at__gte=at - dt.timedelta(days=30), ticket__customer__isnull=False
    )
    return rows.filter(~Exists(known)).order_by("made_at", "pk")


def proposed(user: Any) -> Any:
    """Changes of the parts list that another one proposed."""
    return PartBatch.objects.filter(decided_at=None).exclude(proposed_by=user).order_by("pk")


def holds(right: str) -> Callable[[Any], bool]:
    return lambda user: may(user, right)


def sells(user: Any) -> bool:
    """Finance reads the commissions with its own lists."""
    return may(user, "commission.confirm") and not is_finance(user)


NUMBER = "ticket__number"
#: of whom it is asked, the rows, their columns as `Line`
ARMS: list[tuple[Callable[[Any], bool], Callable[[Said], Any], tuple[Any, ...]]] = [
    (holds("customer.untold"), lambda said: the_first(untold(said.at)), (Value("tell"), NUMBER, NUMBER, "not_before", "pk")),
    (holds("revisit.write"), lambda said: the_first(wishes(said.at)), (Value("ask"), NUMBER, NUMBER, "made_at", "pk")),
    (holds("customer.rights_request.open"), lambda said: the_first(open_wishes(said.at)),
     (F("kind"), NUMBER, "text", "at", "pk")),
    (sells, lambda said: the_first(commissions_of(said.user).order_by("made_at", "pk")),
     (Value("sale"), "number", "number", "made_at", "pk")),
    (holds("part.write"), lambda said: the_first(proposed(said.user)), (Value("batch"), "reason", "reason", "proposed_at", "pk")),
    (holds("help.publish"), lambda said: the_first(helped.to_publish(said.user).order_by("drafted_at", "pk")),
     (Value("help"), "article__key", "title", "drafted_at", "pk")),
    (holds("standard.publish"), lambda said: the_first(drafts_to_publish(said.user)),
     (Value("standard"), "version", "version", "drafted_at", "pk")),
]  # fmt: skip
#: where a single one of a list is done
WHERE: dict[str, Callable[[str], str]] = {
    "tell": lambda _number: reverse("repairs:to_tell"),
    "ask": lambda number: f"{reverse('sales:new_lead')}?for={number}",
    "sale": lambda number: reverse("sales:sale", args=[number]),
    "batch": lambda _reason: reverse("catalogue:batches"),
    "help": lambda key: reverse("technical:article", args=[key]),
    "standard": lambda _version: reverse("technical:standards"),
}
