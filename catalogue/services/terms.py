"""Warranty terms come in batches of two people (4.5a, SD05): proposed by technical, put in force by another.

A term is for vehicles delivered from its day on: a day that has passed would change what was promised already, so only the
first term of a model and part group, from before the portal, may have one; and where the model has a term already not even that
one takes away what holds for the vehicles delivered since.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import local_day
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn
from policy import figures

from ..models import PartGroup, TermBatch, TermDraft, VehicleModel, WarrantyTerm

PROPOSE, APPROVE, CLAUSE = "catalogue.write", "term.approve", "4.5a"
LIMITS = ("months", "km", "hours")
Row = dict[str, Any]


@transaction.atomic
def propose_terms(
    rows: Sequence[Row], *, reason: str, by: Any, at: dt.datetime, source: str = ""
) -> TermBatch:
    """Rows of model, part_group, since, months, km, hours. Raises `BadEntry` at the first that cannot be."""
    demand(by, PROPOSE)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), field="reason")
    for _place, why in wrong_terms(rows, local_day(at)):
        raise why
    batch = TermBatch.objects.create(
        reason=reason.strip()[:200], source=source[:200], proposed_by=by, proposed_at=at
    )
    TermDraft.objects.bulk_create([TermDraft(batch=batch, **row) for row in rows])
    return batch


def wrong_terms(rows: Sequence[Row], today: dt.date) -> list[tuple[int, BadEntry]]:
    """(place, why) of every row that cannot come into force; two statements for all."""
    terms = [Term(*row) for row in WarrantyTerm.objects.values_list(*Term._fields)]
    known = {(term.model, term.part_group, term.since) for term in terms}
    groups = {(model, group) for model, group, _since in known}
    found, seen = [], set()
    for place, row in enumerate(rows):
        key = (row["model"].pk, row["part_group"], row["since"])
        why = _wrong(row, key, known, key[:2] in groups, today) or _shorter(row, terms, today)
        if why is None and key in seen:
            why = BadEntry(_("This term stands here twice."), CLAUSE, "since")
        seen.add(key)
        found += [(place, why)] if why is not None else []
    return found


def _wrong(row: Row, key: Any, known: Any, has_term: bool, today: dt.date) -> BadEntry | None:
    model: VehicleModel = row["model"]
    if key in known:
        return BadEntry(_("This part group has a term from this day on already."), CLAUSE, "since")
    if row["since"] < today and has_term:
        why = _("A new term begins today at the earliest: what was delivered keeps its warranty.")
        return BadEntry(why, CLAUSE, "since")
    if row.get("hours") and not model.counts_hours:
        return BadEntry(_("This model counts kilometres."), CLAUSE, "hours")
    if row.get("km") and model.counts_hours:
        return BadEntry(_("This model counts hours."), CLAUSE, "km")
    return None


class Term(NamedTuple):
    """A term in force: key of its model, group, first day of delivery, months, kilometres, hours."""

    model: int
    part_group: str
    since: dt.date
    months: int
    km: int | None
    hours: int | None


def _shorter(row: Row, terms: Sequence[Term], today: dt.date) -> BadEntry | None:
    """A term of a day that has passed may not take away what holds for the vehicles delivered since (their model's whole
    term, else the company's figure). A model without any term is being entered: nothing was promised by one."""
    own = [term for term in terms if term.model == row["model"].pk]
    if not own or row["since"] >= today or not row.get("months"):
        return None
    day = row["since"].isoformat()
    for held in _held(row["since"], own, today):
        if row["months"] < held.months:
            why = _(
                "Vehicles delivered from {since} on have {months} months: a term from a past day may not be shorter."
            )
            return BadEntry(why, CLAUSE, "months", since=day, months=held.months)
        for name in ("km", "hours"):
            limit = getattr(held, name)
            if row.get(name) and (limit is None or row[name] < limit):
                why = _(
                    "Vehicles delivered from {since} on may run further: a term from a past day may not be shorter."
                )
                return BadEntry(why, CLAUSE, name, since=day)
    return None


def _held(since: dt.date, own: Sequence[Term], today: dt.date) -> list[Term]:
    """What vehicles delivered from that day until today have: the whole vehicle's terms, before the first of them the
    company's figure."""
    whole = sorted((term for term in own if term.part_group == PartGroup.WHOLE), key=lambda term: term.since)
    before = [term for term in whole if term.since <= since]
    usual = Term(
        own[0].model, PartGroup.WHOLE, since, int(figures.value("warranty_months", since)), None, None
    )
    return [before[-1] if before else usual, *(term for term in whole if since < term.since < today)]


@transaction.atomic
def approve_terms(batch: TermBatch, *, by: Any, at: dt.datetime) -> TermBatch:
    """All of it comes into force, by somebody else than who proposed it; days that passed meanwhile are judged again."""
    batch = _open(batch, by)
    rows = [
        {"model": d.model, "part_group": d.part_group, "since": d.since, **{n: getattr(d, n) for n in LIMITS}}
        for d in batch.lines.select_related("model")
    ]
    for _place, why in wrong_terms(rows, local_day(at)):
        raise OutOfTurn(_("{model} {group}: {why}"), CLAUSE, model=rows[_place]["model"].code,
                        group=PartGroup(rows[_place]["part_group"]).label, why=why)  # fmt: skip
    for row in rows:
        term = WarrantyTerm(**row)
        hand(term, by=by, at=at, why=batch.reason)
        term.save()
    batch.approved, batch.decided_by, batch.decided_at = True, by, at
    batch.save()
    return batch


@transaction.atomic
def refuse_terms(batch: TermBatch, *, reason: str, by: Any, at: dt.datetime) -> TermBatch:
    """The terms stay as they are; says why."""
    batch = _open(batch, by)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), field="reason")
    batch.approved, batch.decided_by, batch.decided_at, batch.refusal = False, by, at, reason.strip()[:200]
    batch.save()
    return batch


def _open(batch: TermBatch, by: Any) -> TermBatch:
    demand(by, APPROVE)
    found = TermBatch.objects.select_for_update().get(pk=batch.pk)
    if found.decided_at is not None:
        raise OutOfTurn(_("This proposal is decided already."), "SD05")
    if found.proposed_by_id == by.pk:
        raise OutOfTurn(_("Somebody else decides about one's own proposal."), "SD05")
    return found
