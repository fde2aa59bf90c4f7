"""Warranty terms from a workbook: model, part group, from which delivery on, months, kilometres or hours."""

import datetime as dt
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry

from .. import cells
from ..models import VehicleModel, WarrantyTerm, label_of
from ..services.terms import wrong_terms
from .parts import Parts, group_reader, in_order
from .reading import Book, Column

SHEET = _("Warranty terms")
MOST_MONTHS, LARGEST, LONGEST = 240, 9_999_999, 12  # digits: what is longer is no number that a person types


def count(most: int, needed: bool = False) -> Any:
    """A reader of whole numbers from 1."""

    def read(value: Any) -> int | None:
        word = cells.text(value)
        if not word and not needed:
            return None
        if not word.isascii() or not word.isdecimal() or len(word) > LONGEST or not 1 <= int(word) <= most:
            raise BadEntry(_("A whole number from 1 to {most}."), most=most)
        return int(word)

    return read


def columns() -> list[Column]:
    return [
        Column("model", label_of(VehicleModel, "code"), cells.within(40, required=True), needed=True),
        Column("part_group", label_of(WarrantyTerm, "part_group"), group_reader()),
        Column("since", label_of(WarrantyTerm, "since"), cells.day, needed=True),
        Column("months", label_of(WarrantyTerm, "months"), count(MOST_MONTHS, needed=True), needed=True),
        Column("km", label_of(WarrantyTerm, "km"), count(LARGEST)),
        Column("hours", label_of(WarrantyTerm, "hours"), count(LARGEST)),
    ]


def read_terms(file: IO[bytes], today: dt.date) -> Parts:
    """Rows for `propose_terms`, or faults. A term that is in force as it stands is left out: an export comes back changed."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns())
    models = {model.code: model for model in VehicleModel.objects.all()}
    known = {
        (t.model_id, t.part_group, t.since): (t.months, t.km, t.hours) for t in WarrantyTerm.objects.all()
    }
    rows, places = [], []
    for place, row in enumerate(sheet.rows):
        model = models.get(row.get("model") or "")
        if model is None and row.get("model"):
            sheet.blame_row(place, "model", BadEntry(_("There is no model {code}."), code=row["model"]))
        if model is None or row.get("since") is None:
            continue
        row = {"part_group": "whole", "km": None, "hours": None} | row | {"model": model}
        if known.get((model.pk, row["part_group"], row["since"])) != (
            row.get("months"),
            row["km"],
            row["hours"],
        ):
            rows.append(row)
            places.append(place)
    for place, why in wrong_terms(rows, today):
        sheet.blame_row(places[place], why.field, why)
    if not rows and not sheet.faults:
        sheet.blame("A2", BadEntry(_("Every term of this sheet is in force already.")))
    return Parts(rows, in_order(sheet.faults))
