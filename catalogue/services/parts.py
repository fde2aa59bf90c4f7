"""The part master changes in batches: proposed by one, approved by another (D14, SD05); 50,000 parts are a few statements."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.grams import grams
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from aftersales.recordset import recordset

from .. import cells
from ..models import FLAGS, Part, PartBatch, PartGroup, VehicleModel
from ..rules import initials_of

ACTION = "part.write"
FACTS = ("name", "spec", "unit", "group", *FLAGS, "active")
FEW = 200  # rows for which the master is asked row by row, not read whole
DEFAULTS: dict[str, Any] = {
    "spec": "", "unit": "件", "group": PartGroup.WHOLE, **dict.fromkeys(FLAGS, False), "active": True, "fits": [],
}  # fmt: skip
READERS: dict[str, Callable[[Any], Any]] = {
    "code": cells.code, "name": cells.within(80, required=True), "spec": cells.within(120), "unit": cells.within(10),
    "group": cells.within(20), **dict.fromkeys(FLAGS, cells.flag), "active": cells.in_use, "fits": cells.codes,
}  # fmt: skip


@transaction.atomic
def propose_parts(
    rows: list[dict[str, Any]], *, reason: str, by: Any, at: dt.datetime, source: str = ""
) -> PartBatch:
    """Propose parts (`code`, `name` and what else is known of each); what a row leaves out stays as the part has it.

    Nothing is in force before somebody else approves. Raises `BadEntry` at the first wrong row.
    """
    demand(by, ACTION)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), field="reason")
    facts = checked(rows)
    batch = PartBatch.objects.create(
        reason=reason.strip()[:200], source=source[:200], proposed_by=by, proposed_at=at
    )
    _write_versions(batch, facts)
    return batch


def checked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows complete and clean, or `BadEntry` that says which one is not."""
    if not rows:
        raise BadEntry(_("There is no part in it."), field="rows")
    facts = [_clean(place, row) for place, row in enumerate(_whole(rows), 1)]
    for place, why in wrong_together(facts):
        raise BadEntry(_("Part {place}: {why}"), field="rows", place=place + 1, why=why)
    return facts


def _whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a row does not say, its part says; a new part has the defaults."""
    short = [row for row in rows if len(row.keys() & READERS.keys()) < len(READERS)]
    if not short:
        return rows
    parts = {}
    wanted = {str(row.get("code", "")).strip() for row in short}
    for part in Part.objects.filter(code__in=wanted).prefetch_related("fits"):
        parts[part.code] = {n: getattr(part, n) for n in FACTS} | {"fits": [m.code for m in part.fits.all()]}
    return [DEFAULTS | parts.get(str(row.get("code", "")).strip(), {}) | row for row in rows]


def _clean(place: int, row: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, read in READERS.items():
        try:
            found[name] = read(row.get(name))
        except BadEntry as wrong:
            raise BadEntry(
                _("Part {place}, {name}: {why}"), field="rows", place=place, name=name, why=str(wrong)
            ) from wrong
    return found


def wrong_together(facts: list[dict[str, Any]]) -> Iterable[tuple[int, Refusal]]:
    """(place from 0, why) of each row that is wrong beside the others, the master or the models."""
    seen: dict[str, int] = {}
    spelt, models = _spellings(facts), set(VehicleModel.objects.values_list("code", flat=True))
    groups = set(PartGroup.values)
    for place, row in enumerate(facts):
        word = row["code"].upper()
        if (before := seen.setdefault(word, place)) != place:
            yield (
                place,
                BadEntry(
                    _("The code {code} stands here twice."), field="code", code=row["code"], before=before
                ),
            )
        elif spelt.get(word, row["code"]) != row["code"]:
            yield (
                place,
                BadEntry(_("The part master spells this code {code}."), field="code", code=spelt[word]),
            )
        if row["group"] not in groups:
            yield place, BadEntry(_("There is no such part group."), field="group")
        for code in row["fits"]:
            if code not in models:
                yield place, BadEntry(_("There is no vehicle model {code}."), field="fits", code=code)


def _spellings(facts: list[dict[str, Any]]) -> dict[str, str]:
    """Codes of the master by their capitals."""
    rows = Part.objects.annotate(capitals=Upper("code"))
    if len(facts) <= FEW:
        rows = rows.filter(capitals__in=[row["code"].upper() for row in facts])
    return {code.upper(): code for code in rows.order_by().values_list("code", flat=True)}


def _write_versions(batch: PartBatch, facts: list[dict[str, Any]]) -> None:
    """All versions of a batch in one statement, in the order of the file."""
    names = ("code", *FACTS, "fits")
    kinds = {_column(name): "boolean" if name in (*FLAGS, "active") else "text" for name in names} | {
        "fits": "jsonb"
    }
    table, body = recordset(kinds, ([row[name] for name in names] for row in facts))  # type: ignore[misc]  # lists serve too
    columns = ", ".join(kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalogue_partversion (batch_id, {columns}) SELECT %s, {columns} FROM {table}", [batch.pk, body]
        )  # fmt: skip


def _column(name: str) -> str:
    return f'"{name}"' if name == "group" else name


@transaction.atomic
def approve_parts(batch: PartBatch, *, by: Any, at: dt.datetime) -> PartBatch:
    """Put a batch in force: only somebody else can, and only once."""
    held = _undecided(batch, by)
    _write_parts(held)
    _write_fits(held)
    return _decide(held, by, at, approved=True)


@transaction.atomic
def refuse_parts(batch: PartBatch, *, by: Any, at: dt.datetime, reason: str) -> PartBatch:
    """Leave the master as it is, and say why."""
    held = _undecided(batch, by)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), field="reason")
    held.refusal = reason.strip()[:200]
    return _decide(held, by, at, approved=False)


def _undecided(batch: PartBatch, by: Any) -> PartBatch:
    demand(by, ACTION)
    held = PartBatch.objects.select_for_update().get(pk=batch.pk)
    if held.decided_at is not None:
        raise OutOfTurn(_("This proposal has been decided already."))
    if held.proposed_by_id == by.pk:
        raise Refusal(_("Somebody else must decide about this proposal (SD05)."))
    return held


def _decide(batch: PartBatch, by: Any, at: dt.datetime, *, approved: bool) -> PartBatch:
    batch.decided_by, batch.decided_at, batch.approved = by, at, approved
    batch.save()
    return batch


_UPSERT = """
INSERT INTO catalogue_part (code, {facts}, initials, grams)
SELECT n.code, {theirs}, v.initials, {grams} FROM catalogue_partversion n JOIN {table} ON v.id = n.id
WHERE n.batch_id = %s ORDER BY n.code
ON CONFLICT (code) DO UPDATE SET {set}, initials = excluded.initials, grams = excluded.grams
"""


def _write_parts(batch: PartBatch) -> None:
    """The versions become what is known today; the words for the search come along, once per distinct name."""
    rows = batch.versions.order_by("code").values_list("id", "code", "name", "spec")
    table, body = recordset({"id": "bigint", "initials": "text", "grams": "text"}, _searched(rows))
    facts = [_column(name) for name in FACTS]
    postgres = connection.vendor == "postgresql"
    sql = _UPSERT.format(
        facts=", ".join(facts), theirs=", ".join(f"n.{name}" for name in facts), table=table,
        grams="string_to_array(v.grams, ' ')" if postgres else "' ' || v.grams || ' '",
        set=", ".join(f"{name} = excluded.{name}" for name in facts),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, [body, batch.pk])


def _searched(rows: Iterable[tuple[int, str, str, str]]) -> Iterable[tuple[int, str, str]]:
    """(id, initials, grams joined by blanks), as `Part.index` would say it."""

    @functools.cache
    def words(name: str, spec: str) -> tuple[str, list[str]]:
        initials = initials_of(name)
        return initials, grams(name.lower(), spec.lower(), initials)

    for pk, code, name, spec in rows:
        initials, rest = words(name, spec)
        yield pk, initials, " ".join(dict.fromkeys([*grams(code.lower()), *rest]))


_UNFIT = """
DELETE FROM catalogue_part_fits WHERE part_id IN
(SELECT p.id FROM catalogue_part p JOIN catalogue_partversion n ON n.code = p.code WHERE n.batch_id = %s)
"""
_FIT = """
INSERT INTO catalogue_part_fits (part_id, vehiclemodel_id)
SELECT DISTINCT p.id, m.id FROM catalogue_partversion n JOIN catalogue_part p ON p.code = n.code
CROSS JOIN {words} JOIN catalogue_vehiclemodel m ON m.code = f.value WHERE n.batch_id = %s
"""


def _write_fits(batch: PartBatch) -> None:
    words = "jsonb_array_elements_text(n.fits) AS f(value)"
    words = words if connection.vendor == "postgresql" else "json_each(n.fits) AS f"
    with connection.cursor() as cursor:
        cursor.execute(_UNFIT, [batch.pk])
        cursor.execute(_FIT.format(words=words), [batch.pk])
