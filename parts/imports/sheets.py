"""The sheets of the opening workbook: stock, open loans, awaited old parts (J46); their order is the template's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import cells
from .cells import Known, Note, SheetKind


def read_stock(row: list[Any], note: Note, known: Known) -> dict[str, Any] | None:
    """Part code, pieces in the store, identification codes."""
    part, pieces = _unmoved(row[0], note, known), cells.pieces_of(row[1], 1, note)
    texts = cells.codes_of(row[2])
    if part is None or pieces is None or not cells.codes_fit(part, pieces, texts, 2, note, known):
        return None
    return {"part": part, "quantity": pieces, "codes": texts}


def _unmoved(value: Any, note: Note, known: Known) -> Any:
    part = cells.part_of(value, 0, note, known)
    if part is None:
        return None
    if part.pk in known.moved:
        note(0, _("{code} has movements already; count it instead.").format(code=part.code))
        return None
    if ("stock", part.pk) in known.seen:
        note(0, _("{code} stands in another row already.").format(code=part.code))
        return None
    known.seen.add(("stock", part.pk))
    return part


def read_loan(row: list[Any], note: Note, known: Known) -> dict[str, Any] | None:
    """Engineer, customer, part, pieces, codes, paper slip, issued on: what an engineer still has with him."""
    found = _common(row, (5, 6), note, known)
    texts = cells.codes_of(row[4])
    part, pieces = found["part"], found["quantity"]
    fits = part is not None and pieces is not None and cells.codes_fit(part, pieces, texts, 4, note, known)
    whole = fits and _complete(found) and _once("loan", found, 5, note, known)
    return found | {"codes": texts} if whole else None


def read_awaited(row: list[Any], note: Note, known: Known) -> dict[str, Any] | None:
    """Engineer, customer, part, pieces, yuan, paper slip, issued on, plan: an old part that is still to come back."""
    found = _common(row, (5, 6), note, known)
    amount, plan = (
        cells.amount_of(row[4], 4, note, _("What costs nothing need not be awaited.")),
        _plan(row[7], note),
    )
    whole = amount is not None and plan is not None and _complete(found)
    if not whole or not _once("awaited", found, 5, note, known):
        return None
    return found | {"amount": amount, "plan": plan}


def _common(row: list[Any], last: tuple[int, int], note: Note, known: Known) -> dict[str, Any]:
    slip, day = last
    return {
        "engineer": cells.engineer_of(row[0], 0, note, known), "customer": cells.customer_of(row[1], 1, note, known),
        "part": _still(row[2], note, known), "quantity": cells.pieces_of(row[3], 3, note),
        "slip": cells.text_of(row[slip], slip, note), "day": cells.day_of(row[day], day, note, known),
    }  # fmt: skip


def _still(value: Any, note: Note, known: Known) -> Any:
    """A part that has not moved since the opening: the past is written down before the present begins (J46)."""
    part = cells.part_of(value, 2, note, known)
    if part is not None and part.pk in known.traded:
        note(2, _("{code} has moved in the portal already; its past is closed.").format(code=part.code))
        return None
    return part


def _plan(value: Any, note: Note) -> str | None:
    """“a”: the customer holds the old part; empty or “c”: the engineer."""
    word = str(value if value is not None else "").strip().lower()
    if word in ("", "a", "c"):
        return word or "c"
    note(7, _("Write a when the customer holds the old part; leave it empty when the engineer does."))
    return None


def _complete(found: dict[str, Any]) -> bool:
    return all(value not in (None, "") for value in found.values())


def _once(kind: str, found: dict[str, Any], column: int, note: Note, known: Known) -> bool:
    """The same part of the same paper slip is taken in once, however often the workbook comes."""
    key = (found["engineer"].pk, found["customer"].pk, found["slip"], found["part"].pk)
    if key in known.taken or (kind, *key) in known.seen:
        sentence = _("{code} of slip {slip} was taken in already, or stands in another row.")
        note(column, sentence.format(code=found["part"].code, slip=found["slip"]))
        return False
    known.seen.add((kind, *key))
    return True


PART, CODES = gettext_lazy("Part code"), gettext_lazy("Identification codes")
WHO = (gettext_lazy("Engineer (sign-in name)"), gettext_lazy("Customer number"), PART, gettext_lazy("Pieces"))
PAPER = (gettext_lazy("Number of the paper slip"), gettext_lazy("Issued on"))
SHEETS: dict[str, SheetKind] = {
    "stock": SheetKind(gettext_lazy("Stock"), (PART, gettext_lazy("Pieces in the store"), CODES), read_stock),
    "loans": SheetKind(gettext_lazy("Open loans"), (*WHO, CODES, *PAPER), read_loan),
    "awaited": SheetKind(
        gettext_lazy("Awaited old parts"),
        (*WHO, gettext_lazy("Amount of all pieces (yuan)"), *PAPER, gettext_lazy("Plan (a: the customer holds it)")),
        read_awaited,
    ),
}  # fmt: skip
