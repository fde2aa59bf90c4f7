"""Whose money a row of the bank's list is: by a number in its text, else by payer and amount of exactly one open debt."""

import datetime as dt
import re
from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from repairs.models import PartsOrder, Ticket
from sales.models import Customer
from sales.selectors import who_is_now

from ..filters import with_amounts
from ..models import BankRow, Receipt, Receivable
from .receipts import is_before

NUMBER = re.compile(r"(?<![0-9A-Z])(BX|DD|GK)(\d{8})\s*-\s*(\d{4,6})(?!\d)", re.IGNORECASE)


class Problem(models.TextChoices):
    """Why a row is not posted."""

    KNOWN = "known", pgettext_lazy("bank", "known already: recorded, or in an earlier list")
    TWICE = "twice", pgettext_lazy("bank", "stands in this list twice")
    SEVERAL = "several", pgettext_lazy("bank", "fits several")
    NOBODY = "nobody", pgettext_lazy("bank", "names a number that is not ours or has no customer")
    UNKNOWN = "unknown", pgettext_lazy("bank", "unknown")
    LATER = "later", pgettext_lazy("bank", "lies in the future")
    EARLIER = "earlier", pgettext_lazy("bank", "lies before the report that it names")


class How(models.TextChoices):
    """How it was found out whose money it is."""

    NUMBER = "number", pgettext_lazy("bank", "by number")
    AMOUNT = "amount", pgettext_lazy("bank", "by payer and amount")
    HAND = "by hand", pgettext_lazy("bank", "by hand")


def about_of_number(number: str) -> dict[str, Any] | None:
    """{customer, ticket, order} of a number of ours that has a customer."""
    if number.startswith("GK"):
        row = Customer.objects.filter(number=number, erased_at=None).first()
        return {"customer": who_is_now(row)} if row else None
    name, model = ("order", PartsOrder) if number.startswith("DD") else ("ticket", Ticket)
    found: Any = model.objects.filter(number=number).select_related("customer").first()  # type: ignore[attr-defined]  # either has them
    if found is None or found.customer is None:
        return None
    return {name: found, "customer": payer_of(found, name)}


def payer_of(about: Any, name: str) -> Any:
    """Whose money it is that names this ticket or order: its customer's, unless exactly one other person owes for it."""
    rows = with_amounts(Receivable.objects.filter(**{name: about})).filter(left__gt=-F("bears"))
    owing = {row.customer_id: row.customer for row in rows.select_related("customer")}
    return about.customer if about.customer_id in owing or len(owing) != 1 else owing.popitem()[1]


class Matcher:
    """The rows of one list at one moment; `match` writes on each whose it is (`how`) or why nobody's (`problem`)."""

    def __init__(self, rows: list[BankRow], at: dt.datetime) -> None:
        self.rows, self.at = rows, at
        self.known = self._known()
        self.debts = self._debts()
        self.taken: set[int] = set()
        self.seen: set[Any] = set()

    def match(self) -> None:
        for row in self.rows:
            row.problem = self._stuck(row) or self._by_number(row) or self._by_amount(row) or ""

    # --- what is known already
    def _known(self) -> set[Any]:
        references = {row.reference for row in self.rows if row.reference}
        recorded = Receipt.objects.filter(
            reference__in=references, method=Receipt.Method.BANK, reversed_at=None
        )
        listed = BankRow.objects.filter(reference__in=references)
        found: set[Any] = {
            *recorded.values_list("reference", flat=True),
            *listed.values_list("reference", flat=True),
        }
        moments = [row.arrived_at for row in self.rows if not row.reference]
        return found | {_facts(row) for row in BankRow.objects.filter(reference="", arrived_at__in=moments)}

    def _stuck(self, row: BankRow) -> str:
        name = row.reference or _facts(row)
        if row.arrived_at is not None and row.arrived_at > self.at:
            return Problem.LATER
        if name in self.known:
            return Problem.KNOWN
        if row.reference and name in self.seen:
            return Problem.TWICE
        self.seen.add(name)
        return ""

    # --- by number
    def _by_number(self, row: BankRow) -> str:
        text = f"{row.text} {row.reference} {row.payer}"
        numbers = {f"{m[1].upper()}{m[2]}-{m[3]}" for m in NUMBER.finditer(text)}
        if not numbers:
            return ""
        if len(numbers) > 1:
            return Problem.SEVERAL
        about = about_of_number(numbers.pop())
        if about is None:
            return Problem.NOBODY
        if row.arrived_at is not None and is_before(
            row.arrived_at, about.get("ticket") or about.get("order")
        ):
            return Problem.EARLIER
        self._is(row, about, How.NUMBER)
        return ""

    # --- by amount
    def _by_amount(self, row: BankRow) -> str:
        if row.how:
            return ""
        fitting = [
            debt for debt in self.debts.get(_plain(row.payer), []) if debt.left + debt.bears == row.amount
        ]
        if len(fitting) != 1 or fitting[0].pk in self.taken:
            return Problem.SEVERAL if len(fitting) > 1 else Problem.UNKNOWN
        debt = fitting[0]
        self.taken.add(debt.pk)
        self._is(row, {"ticket": debt.ticket, "order": debt.order, "customer": debt.customer}, How.AMOUNT)
        return ""

    def _debts(self) -> dict[str, list[Any]]:
        """Open debts by the name of their customer, person or company, as the payer's name is compared."""
        names = {row.payer for row in self.rows if len(row.payer) > 1}
        named = Q(customer__person__name__in=names) | Q(customer__person__organisation__in=names)
        rows = with_amounts(Receivable.objects.filter(named)).filter(left__gt=-F("bears"))
        found: dict[str, list[Any]] = defaultdict(list)
        for debt in rows.select_related("customer__person", "ticket", "order"):
            person = debt.customer.person
            for name in {_plain(person.name), _plain(person.organisation)} - {""}:
                found[name].append(debt)
        return found

    def _is(self, row: BankRow, about: dict[str, Any], how: str) -> None:
        for name in ("customer", "ticket", "order"):
            setattr(row, name, about.get(name))
        row.how = how


def _plain(name: str) -> str:
    return "".join(name.split())


def _facts(row: BankRow) -> tuple[Any, ...]:
    """What makes a row without a reference the same as another."""
    return (row.arrived_at, row.amount, row.payer, row.text)
