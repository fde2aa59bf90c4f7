"""Customers from a workbook: known ones by number, else by phone; the others are new. Words go to the one table of persons."""

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from accounts.services import audit
from aftersales.models import next_numbers
from aftersales.problems import BadEntry, Stale
from catalogue import cells
from catalogue.imports.parts import in_order
from catalogue.imports.reading import Book, Column, word_reader
from catalogue.models import label_of

from ..models import Customer, CustomerKind, Person
from ..services import PERSONAL
from .rows import (
    AT_ONCE,
    Found,
    Owners,
    among,
    doubles,
    imported,
    maybe,
    name_seller,
    phone,
    renew,
    rewrite,
    rewrite_audited,
    said,
    sellers,
    together,
)

SHEET = _("Customers")
FACTS = ("kind", "region", "seller_id")


def columns() -> list[Column]:
    kind = word_reader(CustomerKind.choices, _("There is no such kind of customer."))
    return [
        Column("number", label_of(Customer, "number"), cells.within(20)),
        Column("name", label_of(Person, "name"), cells.within(60, required=True), needed=True),
        Column("phone", label_of(Person, "phone"), phone, needed=True),
        Column("alt_phone", label_of(Person, "alt_phone"), phone),
        Column("organisation", label_of(Person, "organisation"), cells.within(120)),
        Column("street", label_of(Person, "street"), cells.within(200)),
        Column("region", label_of(Customer, "region"), cells.within(60)),
        Column("kind", label_of(Customer, "kind"), maybe(kind)),
        Column("seller", label_of(Customer, "seller"), cells.within(150)),
    ]


def read_customers(file: IO[bytes], at: dt.datetime) -> Found:
    """Read the sheet; raises `BadEntry` at `file` for what is no workbook. Each row tells in `pk` whom it changes, if anybody."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns())
    doubles(sheet, "number", _("This customer number stands here twice."))
    doubles(sheet, "phone", _("This phone stands here twice."))
    owners = Owners((r.get("number") or "" for r in sheet.rows), (r.get("phone") or "" for r in sheet.rows))
    people, rows, taken = sellers(at), [], dict[int, int]()
    for place, cells_of in enumerate(sheet.rows):
        row = said(cells_of)
        try:
            known = _known(row, owners)
        except BadEntry as why:
            sheet.blame_row(place, why.field, why)
            continue
        if known is not None and taken.setdefault(known, place) != place:
            sheet.blame_row(place, "phone", BadEntry(_("Another row is the same customer.")))
        name_seller(sheet, place, row, people)
        rows.append(row | {"pk": known})
    return Found(rows, in_order(sheet.faults))


def _known(row: dict[str, Any], owners: Owners) -> int | None:
    """The key of the customer whom the row means; None for a new one, who needs a phone by which he is known again."""
    if number := row.pop("number", ""):
        try:
            return owners.number(number.upper()).pk
        except BadEntry as why:
            raise BadEntry(why.sentence, field="number", **why.params) from why
    if not row.get("phone"):
        raise BadEntry(_("A new customer has a phone, by which he is known again."), field="phone")
    try:
        return owners.phone(row["phone"])
    except BadEntry as why:
        raise BadEntry(why.sentence, field="phone") from why


def save_customers(found: Found, *, by: Any, at: dt.datetime) -> int:
    """Keep all rows; answers how many. Bounded statements: a thousand rows each; every change is in the history, and
    whose words were changed in the audit trail, never the words."""

    def act() -> int:
        new = _open([row for row in found.rows if row["pk"] is None], by, at)
        changed = _change({row["pk"]: row for row in found.rows if row["pk"] is not None}, by, at)
        audit("customers.imported", by=by, at=at, subject="customers", new=new, persons=changed)
        return found.count

    return together(act)


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in PERSONAL if name in row}


def _open(rows: Sequence[dict[str, Any]], by: Any, at: dt.datetime) -> int:
    persons = [Person(**_words(row)) for row in rows]
    for person in persons:
        person.index()
    persons = Person.objects.bulk_create(persons, batch_size=AT_ONCE)
    numbers = next_numbers("GK", at, len(rows))
    customers = [
        Customer(number=number, person=person, made_at=at, **{n: row[n] for n in FACTS if n in row})
        for number, person, row in zip(numbers, persons, rows, strict=True)
    ]
    kept = bulk_create_with_history(customers, Customer, **imported(by, at))
    for person, customer in zip(persons, kept, strict=True):
        person.customer = customer
    if persons:
        rewrite(Person, persons, ["customer"])
    return len(rows)


def _change(rows: dict[int, dict[str, Any]], by: Any, at: dt.datetime) -> list[int]:
    """Known customers get what their rows say; answers the persons whose words changed."""
    alive = Customer.objects.filter(erased_at=None).select_related("person").select_for_update(of=("self",))
    customers = among(alive, "pk", map(str, rows))
    if len(customers) != len(rows):
        raise Stale(_("Somebody has entered one of these meanwhile; nothing was kept. Check again."))
    persons, facts = [], []
    for customer in customers:
        row = rows[customer.pk]
        if renew(customer.person, _words(row)):
            customer.person.index()
            persons.append(customer.person)
        if renew(customer, {n: row[n] for n in FACTS if n in row}):
            facts.append(customer)
    if persons:
        rewrite(Person, persons, [*PERSONAL, "grams"])
    rewrite_audited(Customer, facts, list(FACTS), by=by, at=at)
    return [person.pk for person in persons]
