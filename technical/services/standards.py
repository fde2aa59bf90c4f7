"""The standard 9.7 in versions: drafted by one, published by another (SD05), in force from a day that has not passed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.services.drafts import held_draft, refuse_past

from ..models import Clause, Standard, StandardStage
from .clauses import CLAUSE, whole

DRAFT, PUBLISH = "standard.draft", "standard.publish"


@transaction.atomic
def draft_standard(
    version: str, title: str, effective_on: dt.date, *, by: Any, at: dt.datetime, clauses: Iterable[Mapping[str, Any]] = (),
    source: str = "",
) -> Standard:  # fmt: skip
    """A new version (F08), not in force before somebody else publishes it; `clauses`: rows as `whole` takes them. Raises
    `BadEntry` at `version`, `title`, `effective_on`, `clauses` or the field of a clause."""
    demand(by, DRAFT)
    version, title = version.strip(), title.strip()
    for name, value, limit in (("version", version, 20), ("title", title, 80)):
        if not value or len(value) > limit:
            raise BadEntry(_("Between 1 and {limit} characters."), CLAUSE, name, limit=limit)
    if Standard.objects.filter(version=version).exists():
        raise BadEntry(_("There is a version of this name already."), CLAUSE, "version")
    _refuse_past(effective_on, at)
    paper = Standard.objects.create(
        version=version,
        title=title,
        effective_on=effective_on,
        source=source[:200],
        drafted_by=by,
        drafted_at=at,
    )
    rows = [whole(facts) for facts in clauses]
    if len({row["number"] for row in rows}) < len(rows):
        raise BadEntry(_("A clause stands twice in this version."), CLAUSE, "clauses")
    Clause.objects.bulk_create(Clause(standard=paper, **row) for row in rows)
    return paper


def _refuse_past(day: dt.date, at: dt.datetime) -> None:
    """What was judged yesterday was judged by the standard of yesterday."""
    refuse_past(day, at, say=_("A version takes effect today at the earliest."), clause=CLAUSE)


@transaction.atomic
def put_clause(paper: Standard, *, by: Any, at: dt.datetime, **facts: Any) -> Clause:
    """Write a clause into one's own draft; a second entry of its number replaces the first."""
    held, row = _own_draft(paper, by), whole(facts)
    return Clause.objects.update_or_create(standard=held, number=row.pop("number"), defaults=row)[0]


@transaction.atomic
def remove_clause(paper: Standard, number: str, *, by: Any, at: dt.datetime) -> None:
    """Take a clause out of one's own draft."""
    gone, _kinds = Clause.objects.filter(standard=_own_draft(paper, by), number=number).delete()
    if not gone:
        raise BadEntry(_("There is no clause of this number."), CLAUSE, "number")


@transaction.atomic
def publish(paper: Standard, *, by: Any, at: dt.datetime) -> Standard:
    """Put a version in force from its day on (F09); who drafted it cannot, and its day must not have passed."""
    demand(by, PUBLISH)
    held = _drafted(paper)
    if held.drafted_by_id == by.pk:
        raise Denied(_("Somebody else must publish this version (SD05)."), CLAUSE)
    _refuse_past(held.effective_on, at)
    _refuse_overtaken(held)
    if not held.clauses.exists():
        raise OutOfTurn(_("This version is empty."), CLAUSE)
    held.stage, held.published_by, held.published_at = StandardStage.PUBLISHED, by, at
    held.save()
    return held


def _refuse_overtaken(paper: Standard) -> None:
    """Of two versions of one day the later draft counts: publishing the earlier one afterwards would bring it back."""
    same = Standard.objects.filter(effective_on=paper.effective_on, stage=StandardStage.PUBLISHED)
    if same.filter(pk__gt=paper.pk).exists():
        raise OutOfTurn(
            _("A version drafted later for the same day is already published. Please draft this one anew."),
            CLAUSE,
        )


@transaction.atomic
def drop(paper: Standard, *, by: Any, at: dt.datetime) -> Standard:
    """A draft that nobody shall publish; a published version stays for ever."""
    demand(by, DRAFT)
    held = _drafted(paper)
    held.stage = StandardStage.DROPPED
    held.save()
    return held


def _drafted(paper: Standard) -> Standard:
    return held_draft(paper, else_say=_("This version is not a draft any more."), clause=CLAUSE)


def _own_draft(paper: Standard, by: Any) -> Standard:
    """Only who drafted a version writes into it: whoever else did could publish his own clauses (SD05)."""
    demand(by, DRAFT)
    held = _drafted(paper)
    if held.drafted_by_id != by.pk:
        raise Denied(_("Only who drafted this version changes it (SD05)."), CLAUSE)
    return held
