"""What the catalogue says on the page of a part: facts, prices, versions of the master."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display.moments import when
from aftersales.display.sheet import Part as Section
from aftersales.display.sheet import Table

from .models import FLAGS, Part, label_of
from .selectors import prices_of, versions_of

MOST = 50


def part_sections(part: Part, user: Any, day: dt.date) -> list[Section]:
    """The sections in their order; a cost only for whom C32 shows it."""
    return [facts(part), prices(part, user, day), versions(part)]


def marks(row: Any) -> str:
    """The marks that a part bears, in words."""
    return " · ".join(str(label_of(Part, name)) for name in FLAGS if getattr(row, name))


def facts(part: Part) -> Section:
    fits = ", ".join(model.code for model in part.fits.all()) or _("every model")
    rows = [(label_of(Part, name), getattr(part, name)) for name in ("code", "name", "spec", "unit")]
    rows += [(label_of(Part, "group"), part.get_group_display()), (_("Marks"), marks(part) or _("none"))]
    rows += [(label_of(Part, "active"), _("yes") if part.active else _("no"))]
    return Section("facts", _("Facts"), [*rows, (label_of(Part, "fits"), fits, "wide")])


def prices(part: Part, user: Any, day: dt.date) -> Section:
    """Every published price; the one in force today is marked."""
    costs, lines = may(user, "cost.view"), list(prices_of(part)[:MOST])
    now = next((line.pk for line in lines if line.since and line.since <= day), None)
    head = [
        (_("Effective from"), "tight"),
        (_("Price"), "money"),
        *([(_("Cost"), "money")] if costs else []),
        (_("Price list"), ""),
        ("", "tight"),
    ]
    rows: list[Sequence[Any]] = []
    for line in lines:
        mark = _("in force") if line.pk == now else _("ahead") if line.since and line.since > day else ""
        money = [_yuan(line.price), *([_yuan(line.cost)] if costs else [])]
        rows.append([when(line.since), *money, line.list.title, mark])
    return Section("prices", _("Prices"), table=Table(head, rows), empty=_("No published list names this part yet."))  # fmt: skip


def _yuan(amount: Any) -> str:
    return "–" if amount is None else f"¥{amount:,.2f}"


def versions(part: Part) -> Section:
    """What was approved of this part, newest first, with the two hands of each."""
    head = [
        (_("Approved"), "tight"),
        (_("What it says"), ""),
        (_("Reason"), ""),
        (_("Proposed by"), ""),
        (_("Approved by"), ""),
    ]
    rows: list[Sequence[Any]] = [
        [when(v.batch.decided_at, "full"), says(v), v.batch.reason, v.batch.proposed_by, v.batch.decided_by]
        for v in versions_of(part)[:MOST]
    ]
    return Section(
        "versions", _("Versions of the part master"), table=Table(head, rows), empty=_("None yet.")
    )


def says(row: Any) -> str:
    """A version in one line."""
    fits = ", ".join(row.fits) or _("every model")
    words = [
        row.name,
        row.spec,
        row.unit,
        row.get_group_display(),
        marks(row),
        "" if row.active else _("not in use"),
        fits,
    ]
    return " · ".join(word for word in map(str, words) if word)


def changes(version: Any, part: Part | None) -> list[tuple[Any, Any, Any]]:
    """(label, now, proposed) of what a version would change; of a new part all that is said of it."""
    pairs = [(name, _shown(part, name) if part else "", _shown(version, name)) for name in (
        "name", "spec", "unit", "group", *FLAGS, "active", "fits",
    )]  # fmt: skip
    return [
        (label_of(Part, name), before, after)
        for name, before, after in pairs
        if before != after and (part or after not in ("", _("no")))
    ]


def _shown(row: Any, name: str) -> str:
    if name == "group":
        return str(row.get_group_display())
    if name == "fits":
        fits = row.fits if isinstance(row.fits, list) else [model.code for model in row.fits.all()]
        return ", ".join(sorted(fits)) or _("every model")
    value = getattr(row, name)
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)
