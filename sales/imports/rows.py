"""What both imports share: rows with their faults, what the portal knows already, many rows written in few statements."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.selectors import members
from aftersales import phones
from aftersales.charter import Department
from aftersales.problems import BadEntry, Stale
from aftersales.xlsx import in_batches
from catalogue import cells
from catalogue.imports.reading import Fault, Sheet

from ..models import Customer, CustomerMerge, Person
from ..selectors import listed_customers

AT_ONCE = 1000  # rows of one statement


@dataclass
class Found:
    """What a workbook says: `rows` (each what its cells say, blanks left out), or `faults`."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)


def phone(value: Any) -> str:
    """A number that can be called, as E.164; nothing for a blank cell."""
    word = cells.text(value)
    try:
        return phones.parse(word) if word else ""
    except ValueError:
        raise BadEntry(phones.PhoneField.default_error_messages["invalid"]) from None


def maybe(read: Callable[[Any], str]) -> Callable[[Any], str]:
    """The same reader, which lets a blank cell pass."""
    return lambda value: read(value) if cells.text(value) else ""


def doubles(sheet: Sheet, column: str, why: Any) -> None:
    """A word that names a row stands in the file once."""
    seen: dict[Any, int] = {}
    for place, row in enumerate(sheet.rows):
        if row.get(column) and seen.setdefault(row[column], place) != place:
            sheet.blame_row(place, column, BadEntry(why, field=column))


def said(row: dict[str, Any]) -> dict[str, Any]:
    """What the cells of a row say: a blank one says nothing, so what is known stays."""
    return {name: value for name, value in row.items() if value not in (None, "")}


def sellers(at: dt.datetime) -> dict[str, int]:
    """Salespeople by the name with which they sign in."""
    return dict(members(Department.SALES, at).values_list("username", "pk"))


def name_seller(sheet: Sheet, place: int, row: dict[str, Any], known: dict[str, int]) -> None:
    """`seller` becomes `seller_id`, or a fault."""
    name = row.pop("seller", None)
    if name and name not in known:
        sheet.blame_row(place, "seller", BadEntry(_("No salesperson signs in as “{name}”."), name=name))
    elif name:
        row["seller_id"] = known[name]


@dataclass(frozen=True)
class Kept:
    """What a workbook came to; the page says it in words."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def count(self) -> int:
        return self.new + self.changed + self.unchanged

    def said(self) -> str:
        return gettext("Imported: {new} new, {changed} changed, {unchanged} unchanged.").format(
            **asdict(self)
        )


class Owners:
    """Customers by number and by phone, for the rows of one sheet; neither erased nor merged into another."""

    def __init__(self, numbers: Iterable[str], given: Iterable[str]) -> None:
        gone = CustomerMerge.objects.filter(undone_at=None).values("gone")
        alive = Customer.objects.filter(erased_at=None).exclude(pk__in=gone)
        self.by_number = {c.number: c for c in _among(alive, "number", numbers)}
        self.by_phone: dict[str, set[int]] = {}
        self._persons: dict[tuple[int, str], tuple[bool, bool, int]] = {}
        rows, wanted = Person.objects.filter(customer__in=alive).select_related("customer"), list(given)
        for name in ("phone", "alt_phone"):
            for person in _among(rows, name, wanted):
                self._note(person, getattr(person, name), name == "phone")

    def _note(self, person: Any, number: str, is_first: bool) -> None:
        owner = person.customer
        self.by_phone.setdefault(number, set()).add(owner.pk)
        rank, key = (owner.person_id == person.pk, is_first, person.pk), (owner.pk, number)
        self._persons[key] = max(self._persons.get(key, rank), rank)

    def person(self, customer: int, number: str) -> int | None:
        """Whose phone it is with this customer: his main contact's rather than another's, of others the latest."""
        found = self._persons.get((customer, number))
        return found[2] if found else None

    def number(self, number: str) -> Customer:
        if number not in self.by_number:
            raise BadEntry(_("No customer has the number “{number}”."), number=number)
        return self.by_number[number]

    def phone(self, number: str) -> int | None:
        """The customer's key, None for nobody; of several it is not for the portal to choose."""
        found = self.by_phone.get(number, set())
        if len(found) > 1:
            raise BadEntry(_("Several customers have this phone: give the customer number."))
        return next(iter(found), None)

    def owner(self, number: str) -> int:
        """As `phone`, for whom it must be somebody; raises at `customer_phone`."""
        try:
            found = self.phone(number)
        except BadEntry as why:
            raise BadEntry(why.sentence, field="customer_phone") from why
        if found is None:
            nobody = _("No customer has this phone; import the customers first.")
            raise BadEntry(nobody, field="customer_phone")
        return found


def _among(rows: Any, name: str, words: Iterable[str]) -> Iterator[Any]:
    for some in in_batches(sorted({word for word in words if word}), AT_ONCE):
        yield from rows.filter(**{f"{name}__in": some})


def among(rows: Any, name: str, words: Iterable[str]) -> list[Any]:
    """Those of `rows` whose `name` is one of `words`, asked for a thousand at once."""
    return list(_among(rows, name, words))


def hold_customers(keys: Iterable[int]) -> list[Customer]:
    """These customers with their main contacts, under the lock that a merge and an erasure take too (A23); raises `Stale` if one
    of them is gone since the sheet was checked. Asked again once they are held: a merge leaves its mark on another row."""
    wanted = [str(key) for key in set(keys)]
    held = Customer.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    customers = among(held, "pk", wanted)
    if len(among(listed_customers(Customer.objects.filter(erased_at=None)), "pk", wanted)) != len(wanted):
        raise meanwhile()
    return customers


def rewrite(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Write these columns of known rows, a thousand rows a statement (the history is the caller's)."""
    model._default_manager.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def together(act: Callable[[], Kept]) -> Kept:
    """All rows or none; who comes second to the same VIN or number reads why and checks again."""
    try:
        with transaction.atomic():
            return act()
    except IntegrityError as error:
        raise meanwhile() from error


def meanwhile() -> Stale:
    return Stale(_("Somebody has entered or changed one of these meanwhile; nothing was kept. Check again."))


def renew(row: Any, facts: dict[str, Any]) -> bool:
    """Take the facts over; whether any of them is new."""
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def imported(by: Any, at: dt.datetime) -> dict[str, Any]:
    """How the history of many rows names the hand."""
    return {"batch_size": AT_ONCE, "default_user": by, "default_date": at, "default_change_reason": "import"}


def rewrite_audited(model: Any, rows: Sequence[Any], names: list[str], *, by: Any, at: dt.datetime) -> None:
    """The same of rows that have a history, which sees it."""
    if rows:
        rewrite(model, rows, names)
        model.history.bulk_history_create(rows, update=True, **imported(by, at))
