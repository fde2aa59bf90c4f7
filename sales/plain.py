"""Customers with names and phones in plain leave the portal only with a reason and by two leaders (A15, SD11, PIPL 51, 55)."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.services import audit
from aftersales import downloads
from aftersales.downloads import Note, Watch, writer
from aftersales.phones import show
from aftersales.problems import BadEntry, OutOfTurn
from aftersales.xlsx import dated, write

from . import exports, filters
from .models import CustomerKind, PlainExport
from .selectors import customers_for, listed_customers

ACTION, KIND = "customer.pii_export", "customers-plain"
NARROW = ("kind", "region")


@transaction.atomic
def ask(wishes: dict[str, str], *, reason: str, by: Any, at: dt.datetime) -> PlainExport:
    """A leader asks for the list, narrowed by kind and region, and says why. Raises `BadEntry` at `reason`."""
    demand(by, ACTION)
    if not reason.strip():
        raise BadEntry(_("Write down what the names and phones are needed for."), field="reason")
    kept = {name: wishes[name] for name in NARROW if wishes.get(name)}
    row = PlainExport.objects.create(wishes=kept, reason=reason.strip(), asked_by=by, asked_at=at)
    audit("pii_export.asked", by=by, at=at, subject=f"plain_export:{row.pk}", reason=row.reason)
    return row


def waiting_for(user: Any) -> QuerySet[PlainExport]:
    """Those that want this leader's word; his own are another's."""
    rows = PlainExport.objects.filter(decided_at=None).exclude(asked_by=user)
    return rows.select_related("asked_by").order_by("pk")


@transaction.atomic
def let_out(row: PlainExport, *, by: Any, at: dt.datetime) -> PlainExport:
    """Another leader agrees: the file is written for who asked, and stays in his downloads for seven days."""
    demand(by, ACTION)
    row = _open(row)
    if row.asked_by_id == by.pk:
        raise Denied(_("Another leader than who asked lets the list out (SD11)."), "SD11")
    _decide(row, True, by, at)
    name = dated(KIND, at)
    downloads.ask(row.asked_by, KIND, {"request": row.pk} | row.wishes, name, at)
    return row


@transaction.atomic
def refuse(row: PlainExport, *, by: Any, at: dt.datetime) -> PlainExport:
    """Another leader says no, or who asked takes it back."""
    demand(by, ACTION)
    return _decide(_open(row), False, by, at)


def _open(row: PlainExport) -> PlainExport:
    held = PlainExport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.decided_at is not None:
        raise OutOfTurn(_("This request is already decided."))
    return held


def _decide(row: PlainExport, yes: bool, by: Any, at: dt.datetime) -> PlainExport:
    row.let_out, row.decided_by, row.decided_at = yes, by, at
    row.save()
    verb = "pii_export.let_out" if yes else "pii_export.refused"
    audit(verb, by=by, at=at, subject=f"plain_export:{row.pk}", asked_by=row.asked_by.username)
    return row


@writer(KIND, ACTION, "customer.view")
def plain(out: IO[bytes], wishes: dict[str, Any], user: Any, progress: Watch, *, at: dt.datetime) -> Note:
    """The workbook, for who asked and only once another has agreed."""
    row = PlainExport.objects.filter(pk=wishes["request"], asked_by=user, let_out=True).first()
    if row is None:
        raise Denied(_("Another leader than who asked lets the list out (SD11)."), "SD11")
    found = filters.customers(listed_customers(customers_for(user)), row.wishes, user)
    progress.expect(min(found.count(), exports.MOST))
    count = write(
        out, str(_("Customers")), _head(), progress.over(_lines(found)), [20, 12, 14, 28, 18, 18, 24, 32]
    )
    return partial(
        audit, "customer.pii_exported", by=user, at=at, subject=f"plain_export:{row.pk}", rows=count, filters=sorted(row.wishes)
    )  # fmt: skip


def _head() -> list[str]:
    words = (
        _("Customer number"), _("Kind"), _("Contact"), _("Customer or company"), _("Phone"), _("Second phone"), _("Region"),
        _("Street and number"),
    )  # fmt: skip
    return [str(word) for word in words]


def _lines(rows: Any) -> Iterator[list[Any]]:
    kinds = dict(CustomerKind.choices)
    names = ("name", "organisation", "phone", "alt_phone")
    found = rows.filter(erased_at=None).order_by("-pk").values_list(
        "number", "kind", *(f"person__{name}" for name in names), "region", "person__street"
    )[: exports.MOST]  # fmt: skip
    for number, kind, name, unit, phone, other, *rest in found.iterator(chunk_size=2000):
        yield [
            number,
            str(kinds[kind]),
            name,
            unit,
            *(show(one) if one else "" for one in (phone, other)),
            *rest,
        ]
