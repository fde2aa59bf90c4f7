"""What is drafted by one and put in force by another from a day on (SD05): price lists here, the standard 9.7 of technical."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn

M = TypeVar("M", bound=Model)
DRAFT = "draft"  # the stage of every such paper that nobody has published or dropped
LAST_YEAR = 2100


def held_draft(paper: M, *, else_say: Any, clause: str) -> M:
    """The draft, locked with every other paper of its day (`effective_on`), so that the later of two is the later for
    everybody. Raises `OutOfTurn` with that sentence once it is published or dropped."""
    papers: Any = type(paper)._default_manager
    day = papers.values_list("effective_on", flat=True).get(pk=paper.pk)
    rows = papers.select_for_update().filter(effective_on=day).order_by("pk")
    held = next(row for row in rows if row.pk == paper.pk)
    if held.stage != DRAFT:
        raise OutOfTurn(else_say, clause)
    return held  # type: ignore[no-any-return]  # a row of the paper's own table


def refuse_past(day: dt.date, at: dt.datetime, *, say: Any, clause: str) -> None:
    """What was decided yesterday stays what it was: in force today at the earliest, `say` is the sentence for that."""
    if day < local_day(at):
        raise BadEntry(say, clause, "effective_on")
    if day.year > LAST_YEAR:
        raise BadEntry(_("This day is too far away."), clause, "effective_on")
