"""Identification codes 识别码 of valuable parts (5.1): unique for ever, each piece's own, its life written down."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from catalogue.models import Part

from ..models import CodeEvent, PartCode, Zone
from ..models.stock import where

CLAUSE, FIELD = "5.1", "codes"
W = CodeEvent.What
OUT_OF_THE_VEHICLE = (W.RECEIVED, W.LENT, W.TAKEN_OUT, W.RETURNED, W.OLD_IN, W.DISPOSED, W.COUNTED)


def clean(text: str) -> str:
    """A code as it is kept: a scanner and a hand that types small letters or full-width ones mean the same."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).upper()


def clean_all(texts: Iterable[str], field: str = FIELD) -> list[str]:
    """Cleaned codes in their order; refused when one is empty, too long or there twice."""
    codes = [clean(text) for text in texts]
    for code in codes:
        if not code or len(code) > 60 or not code.isprintable():
            raise BadEntry(_("“{code}” cannot be an identification code."), CLAUSE, field, code=code[:60])
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise BadEntry(
            _("The code {code} is there twice; every piece has its own."), CLAUSE, field, code=twice[0]
        )
    return codes


def place_of(code: PartCode) -> str:
    """Where this piece is now, in words: zone, engineer, ticket."""
    words = where(code.zone, code.holder)
    return f"{words} · {code.ticket.number}" if code.ticket else words


def take_code(code_text: str, part: Part, *, expect_zone: str, expect_holder: Any = None) -> PartCode:
    """The row of a typed code, locked, if this piece is of `part` and where it is expected; else `BadEntry` says where it is."""
    text = clean(code_text)
    code = (
        PartCode.objects.select_for_update(of=("self",))
        .select_related("part", "holder", "ticket")
        .filter(code=text)
        .first()
    )
    if code is None:
        raise BadEntry(_("No part has the identification code {code}."), CLAUSE, FIELD, code=text[:60])
    if code.part_id != part.pk:
        raise BadEntry(
            _("{code} is the code of another part, {other}; it is here: {place}."), CLAUSE, FIELD,
            code=text, other=str(code.part), place=place_of(code),
        )  # fmt: skip
    if code.zone != expect_zone or (expect_holder is not None and code.holder_id != expect_holder.pk):
        raise BadEntry(
            _("{code} is not in “{expected}”; it is here: {place}."), CLAUSE, FIELD,
            code=text, expected=where(expect_zone, expect_holder), place=place_of(code),
        )  # fmt: skip
    return code


@transaction.atomic
def note_code(
    code: PartCode | str,
    what: str,
    *,
    paper: str,
    ticket: Any = None,
    vehicle: Any = None,
    by: Any,
    at: dt.datetime,
) -> CodeEvent:
    """A step in the life of this piece; from then on it belongs to this ticket and is in this vehicle (or in none)."""
    row = code if isinstance(code, PartCode) else PartCode.objects.get(code=clean(code))
    row.ticket, row.vehicle = ticket, None if what in OUT_OF_THE_VEHICLE else vehicle
    if what == W.FITTED:  # what the engineer had taken along is the customer's now
        row.zone, row.holder = Zone.CUSTOMER, None
    row.save(update_fields=["ticket", "vehicle", "zone", "holder"])
    return CodeEvent.objects.create(
        code=row, what=what, paper=paper, ticket=ticket, vehicle=vehicle, at=at, by=by
    )


@transaction.atomic
def adopt_old_code(
    text: str, part: Part, *, paper: str, ticket: Any = None, by: Any, at: dt.datetime
) -> PartCode:
    """The code on an old part that came in: of a piece we once issued, or one that the store meets for the first time."""
    text = clean_all([text])[0]
    known = PartCode.objects.filter(code=text).exists()
    code = take_code(text, part, expect_zone=Zone.CUSTOMER) if known else new_code(text, part, Zone.CUSTOMER)
    out_of = code.vehicle or getattr(ticket, "vehicle", None)
    code.zone = Zone.OLD
    code.save(update_fields=["zone"])
    note_code(code, W.OLD_IN, paper=paper, ticket=ticket, vehicle=out_of, by=by, at=at)
    return code


@transaction.atomic
def new_code(text: str, part: Part, zone: str) -> PartCode:
    """A piece that the store has not known so far; a code is never given to a second piece."""
    known = PartCode.objects.select_related("part", "holder", "ticket").filter(code=text).first()
    if known is None:
        try:
            with transaction.atomic():
                return PartCode.objects.create(code=text, part=part, zone=zone)
        except IntegrityError:  # somebody was faster
            known = PartCode.objects.select_related("part", "holder", "ticket").get(code=text)
    raise BadEntry(
        _("The code {code} belongs to a piece already: {part}, {place}."), CLAUSE, FIELD,
        code=text, part=str(known.part), place=place_of(known),
    )  # fmt: skip


def outside(source: str) -> bool:
    """Pieces that come from there are new to the store."""
    return source in (Zone.SUPPLIER, Zone.OPENING)
