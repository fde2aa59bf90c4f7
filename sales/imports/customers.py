"""Customers from a workbook: known ones by number, else by phone; the others are new. Words go to the one table of persons."""

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from accounts.services import audit
from aftersales.models import next_numbers
from aftersales.problems import BadEntry
from catalogue import cells
from catalogue.imports.parts import in_order
from catalogue.imports.reading import Book, Column, word_reader
from catalogue.models import label_of

from ..models import PERSONAL, Customer, CustomerKind, Person
from .rows import (
    AT_ONCE,
    Found,
    Kept,
    Owners,
    among,
    doubles,
    hold_customers,
    imported,
    maybe,
    meanwhile,
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
            known, person = _known(row, owners)
        except BadEntry as why:
            sheet.blame_row(place, why.field, why)
            continue
        if known is not None and taken.setdefault(known, place) != place:
            sheet.blame_row(place, "phone", BadEntry(_("Another row is the same customer.")))
        name_seller(sheet, place, row, people)
        rows.append(row | {"pk": known, "person": person})
    return Found(rows, in_order(sheet.faults))


def _known(row: dict[str, Any], owners: Owners) -> tuple[int | None, int | None]:
    """The key of the customer whom the row means, and of the person whose phone it gives (none: the main contact). No customer
    is a new one, who needs a phone by which he is known again."""
    if number := row.pop("number", ""):
        try:
            return owners.number(number.upper()).pk, None
        except BadEntry as why:
            raise BadEntry(why.sentence, field="number", **why.params) from why
    if not row.get("phone"):
        raise BadEntry(_("A new customer has a phone, by which he is known again."), field="phone")
    try:
        found = owners.phone(row["phone"])
        return found, owners.person(found, row["phone"]) if found is not None else None
    except BadEntry as why:
        raise BadEntry(why.sentence, field="phone") from why


def save_customers(found: Found, *, by: Any, at: dt.datetime) -> Kept:
    """Keep all rows, a thousand a statement; that words changed is written down once, the words are not (PIPL)."""

    def act() -> Kept:
        new = [row for row in found.rows if row["pk"] is None]
        known = {row["pk"]: row for row in found.rows if row["pk"] is not None}
        _open(new, by, at)
        persons, customers = _change(known, by, at)
        audit("customers.imported", by=by, at=at, subject="customers", new=len(new), persons=persons)
        return Kept(len(new), customers, len(known) - customers)

    return together(act)


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in PERSONAL if name in row}


def _open(rows: Sequence[dict[str, Any]], by: Any, at: dt.datetime) -> None:
    numbers = next_numbers(
        "GK", at, len(rows)
    )  # first: whoever opens customers at the same moment takes turns here
    _still_new(rows)
    persons = [Person(**_words(row)) for row in rows]
    for person in persons:
        person.index()
    persons = Person.objects.bulk_create(persons, batch_size=AT_ONCE)
    customers = [
        Customer(number=number, person=person, made_at=at, **{n: row[n] for n in FACTS if n in row})
        for number, person, row in zip(numbers, persons, rows, strict=True)
    ]
    kept = bulk_create_with_history(customers, Customer, **imported(by, at))
    for person, customer in zip(persons, kept, strict=True):
        person.customer = customer
    if persons:
        rewrite(Person, persons, ["customer"])


def _still_new(rows: Sequence[dict[str, Any]]) -> None:
    """Between check and keeping somebody may have entered one of them, by the same file perhaps."""
    if Owners([], [row["phone"] for row in rows]).by_phone:
        raise meanwhile()


def _change(rows: dict[int, dict[str, Any]], by: Any, at: dt.datetime) -> tuple[list[int], int]:
    """Known customers get what their rows say, their words the person whom the row means; answers the persons whose words
    changed, and how many customers something changed of."""
    customers, others = hold_customers(rows), _others(rows)
    persons, facts = [], []
    for customer in customers:
        row = rows[customer.pk]
        person = customer.person if row["person"] in (None, customer.person_id) else others.get(row["person"])
        if person is None or person.customer_id != customer.pk:
            raise meanwhile()
        if renew(person, _said_of(person, row)):
            person.index()
            persons.append(person)
        if renew(customer, {n: row[n] for n in FACTS if n in row}):
            facts.append(customer)
    if persons:
        rewrite(Person, persons, [*PERSONAL, "grams"])
    rewrite_audited(Customer, facts, list(FACTS), by=by, at=at)
    changed = {person.customer_id for person in persons} | {customer.pk for customer in facts}
    return [person.pk for person in persons], len(changed)


def _others(rows: dict[int, dict[str, Any]]) -> dict[int, Person]:
    """The persons whose phone the rows give."""
    keys = [str(row["person"]) for row in rows.values() if row["person"] is not None]
    return {person.pk: person for person in among(Person.objects.filter(erased_at=None), "pk", keys)}


def _said_of(person: Person, row: dict[str, Any]) -> dict[str, str]:
    """What the row says of him. Known by his second phone he keeps both as they are: none is lost."""
    words = _words(row)
    by_second = row["person"] is not None and row.get("phone") == person.alt_phone != person.phone
    return {n: w for n, w in words.items() if not (by_second and n in ("phone", "alt_phone"))}
