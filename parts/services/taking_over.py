"""What was open on paper when the portal began (J46): loans and awaited old parts, as sheets that nobody signed here.

Per engineer and customer one parts-only order holds them. Slips are numbered on their true day, and the clock of an old
part runs from it, so that nothing begins anew.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.charter import Fact
from aftersales.limits import moment_of
from aftersales.models import next_number
from aftersales.money import round_fen
from deadlines import services as deadlines
from repairs.flow import PlanType
from repairs.models import PartsOrder
from repairs.models.sheets import DamageType
from repairs.services import order_from_before

from .. import events
from ..models import Basis, CodeEvent, IssueKind, Release, ReleaseLine, Slip, SlipLine, Zone
from ..rules import Charge, OldPart
from . import store
from .codes import note_code
from .issuing import SERIES
from .lines import refresh, save_line
from .releases import MOST, _keep, _move

Row = Mapping[str, Any]
#: facts from which the table of 4.5a decides as the paper did: `awaiting` until the old part is back, or free
AWAITED: dict[str, Any] = {
    "charge": Charge.AWAITING, "old_part": OldPart.MUST, "in_warranty": True, "recyclable": True, "small": False,
}  # fmt: skip
LENT: dict[str, Any] = {
    "charge": Charge.FREE, "old_part": OldPart.WAIVED, "in_warranty": True, "recyclable": False, "small": True,
}  # fmt: skip


@transaction.atomic
def take_over(loans: Iterable[Row], awaited: Iterable[Row], *, by: Any, at: dt.datetime) -> list[Release]:
    """Rows {engineer, customer, part, quantity, slip, day}; a loan with `codes`, an awaited old part with `amount`, `plan`."""
    rows: list[dict[str, Any]] = [{"plan": PlanType.VISIT, "loan": True, **row} for row in loans]
    rows += [{"loan": False, **row} for row in awaited]
    sheets = [_sheet(some, by=by, at=at) for some in _sheets(rows)]
    for row in sorted(
        (row for row in rows if row["loan"]), key=lambda row: row["part"].pk
    ):  # the stock's order of locks
        _lend(row["issue"], row["line"], row["codes"], by=by, at=at)
    return sheets


def _sheets(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows of one sheet each: of one engineer, one customer and one plan, no more than a sheet holds."""
    for _whose, group in groupby(sorted(rows, key=_order), key=_owner):
        found = list(group)
        for first in range(0, len(found), MOST):
            yield found[first : first + MOST]


def _owner(row: Row) -> tuple[int, int, str]:
    return row["engineer"].pk, row["customer"].pk, row["plan"]


def _order(row: Row) -> tuple[Any, ...]:
    return (*_owner(row), row["day"], row["slip"], row["part"].pk)


def _sheet(rows: list[dict[str, Any]], *, by: Any, at: dt.datetime) -> Release:
    """A sheet with all its lines and slips, issued on the last of its days."""
    release = Release(
        number=next_number("LL", at), order=_order_of(rows[0], by=by, at=at), requester=by, basis=Basis.WARRANTY,
        plan_type=rows[0]["plan"], engineer=rows[0]["engineer"], debtor=rows[0]["customer"], remark=_("Opening"),
    )  # fmt: skip
    _keep(release, by=by, at=at, why="draft")
    for position, row in enumerate(rows, 1):
        row["line"] = _line(release, position, row, by=by, at=at)
    refresh(release)
    _move(release, "take_over", by=by, at=at, issued_at=moment_of(rows[-1]["day"]))
    for slip, some in _slips(release, rows, by=by):
        _issue(slip, some, by=by)
    return release


def _order_of(row: Row, *, by: Any, at: dt.datetime) -> PartsOrder:
    """The one order of this engineer and this customer, also when a second workbook comes."""
    whose = {"engineer": row["engineer"], "customer": row["customer"]}
    rows = PartsOrder.objects.filter(**whose, releases__lines__opening=True).order_by("pk")
    return rows.first() or order_from_before(**whose, remark=_("Opening"), by=by, at=at)


def _line(release: Release, position: int, row: Row, *, by: Any, at: dt.datetime) -> ReleaseLine:
    count, amount = row["quantity"], row.get("amount", Decimal(0))
    line = ReleaseLine(
        release=release, position=position, part=row["part"], quantity=count, issued=count, opening=True, amount=amount,
        unit_price=round_fen(amount / count), damage=DamageType.NOT_HUMAN, damage_evidence=row["slip"],
        wearing=row["part"].wearing, **_kind(row), **(LENT if row["loan"] else AWAITED),
    )  # fmt: skip
    if line.kind == IssueKind.LOAN:
        line.holder = release.engineer
    save_line(line, by=by, at=at, why="take_over")
    return line


def _kind(row: Row) -> dict[str, Any]:
    """A loan is undeclared; what an old part is awaited of was used, and lies with the customer (plan a) or the engineer."""
    count = row["quantity"]
    if row["loan"]:
        return {"kind": IssueKind.LOAN}
    if row["plan"] == PlanType.SELF_INSTALL:
        return {"kind": IssueKind.OUTBOUND, "used": count, "old_left": count}
    return {"kind": IssueKind.LOAN, "used": count, "booked_used": count, "old_taken": count}


def _slips(
    release: Release, rows: list[dict[str, Any]], *, by: Any
) -> Iterator[tuple[Slip, list[dict[str, Any]]]]:
    """One slip of the after-sales book for each paper one, numbered on its day (5.4)."""
    for (day, number), group in groupby(rows, key=lambda row: (row["day"], row["slip"])):
        found, moment = list(group), moment_of(day)
        kind = found[0]["line"].kind
        slip = Slip(number=next_number(SERIES[kind], moment), kind=kind, release=release, paper_number=number)
        slip.sign(by=by, at=moment, why="take_over")
        slip.save()
        yield slip, found


def _issue(slip: Slip, rows: list[dict[str, Any]], *, by: Any) -> None:
    """What the slip handed out; an old part is awaited, and its clock runs, since then."""
    moment = slip.made_at
    for row in rows:
        line, row["issue"] = row["line"], slip
        SlipLine.objects.create(
            slip=slip, line=line, quantity=line.quantity, codes=list(row.get("codes", ()))
        )
        events.line_issued.send(ReleaseLine, line=line, quantity=line.quantity, slip=slip, at=moment, by=by)
        if line.old_due:
            deadlines.record(Fact.OLD_PART_OWED, line, at=moment, by=by)


def _lend(slip: Slip, line: ReleaseLine, codes: list[str], *, by: Any, at: dt.datetime) -> None:
    """The pieces lie with the engineer; the stock changes now, the life of a code goes on from its true day."""
    store.move(
        line.part, line.quantity, Zone.OPENING, Zone.ENGINEER, paper=slip.number, by=by, at=at, target_holder=line.holder,
        codes=codes,
    )  # fmt: skip
    for code in codes:
        note_code(code, CodeEvent.What.LENT, paper=slip.number, by=by, at=slip.made_at)
