"""A customer's right to be forgotten: asked for by one, proposed by a leader, carried out by another (A16, A17, SD11)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.problems import BadEntry, OutOfTurn, Stale

from .forgetting import is_left
from .identity import held
from .models import Customer, ErasureRequest, Person
from .selectors import listed_customers, rows_of
from .services import erase

EXECUTE = "customer.rights_request.execute"
ANSWER = dt.timedelta(days=15)  # within which the two leaders look at it, as his page says


@transaction.atomic
def ask(customer: Customer, *, reason: str, by: Any, at: dt.datetime) -> ErasureRequest:
    """Write down that the customer wants to be erased."""
    demand(by, "customer.rights_request.open")
    row, is_new = _open(customer, reason, by, at)
    if not is_new:
        raise OutOfTurn(_("The erasure of this customer is already asked for."))
    return row


@transaction.atomic
def wish(customer: Customer, *, about: str, person: Person, at: dt.datetime) -> ErasureRequest:
    """The customer himself wants it, on the page of the report `about`, which `person` wrote (A16); uttered twice it is one
    request.

    Who holds the link has proven no more than that: the two leaders ask who he is before they carry it out.
    """
    reason = gettext("The customer's own wish, on the page of {number}").format(number=about)
    return _open(customer, reason, None, at, person)[0]


def _open(
    customer: Customer, reason: str, by: Any, at: dt.datetime, person: Person | None = None
) -> tuple[ErasureRequest, bool]:
    customer = held(customer)
    if customer.erased_at is not None and not is_left(customer):
        raise OutOfTurn(_("This customer's personal data is already erased."))
    given = {"reason": reason, "opened_at": at, "opened_by": by, "person": person}
    row, is_new = ErasureRequest.objects.get_or_create(customer=customer, done_at=None, defaults=given)
    if is_new:
        audit("erasure.asked", by=by, at=at, subject=f"customer:{customer.number}")
    return row, is_new


def open_request(customer: Customer) -> ErasureRequest | None:
    return ErasureRequest.objects.filter(customer=customer, done_at=None).first()


def next_act(row: ErasureRequest | None) -> str:
    """What comes next of an erasure: ask, propose or carry_out."""
    if row is None or row.done_at is not None:
        return "ask"
    return "propose" if row.proposed_by_id is None else "carry_out"


def as_shown(row: ErasureRequest | None, act: str) -> None:
    """Refuse a button that is older than the paper: it does what it says, or nothing (SD11)."""
    if act != next_act(row):
        raise Stale(
            _(
                "Somebody else was faster: this erasure has gone on meanwhile. Nothing was done; please look at it again."
            )
        )


def waiting_for(user: Any) -> QuerySet[ErasureRequest]:
    """Requests that still want this leader's hand; who has proposed one does not carry it out. One that stayed on a merged row
    is done with the kept one's."""
    alive = listed_customers(Customer.objects.all())
    rows = ErasureRequest.objects.filter(done_at=None, customer__in=alive).exclude(proposed_by=user)
    return rows.select_related("customer").order_by("opened_at")


@transaction.atomic
def propose(row: ErasureRequest, *, by: Any, at: dt.datetime) -> ErasureRequest:
    """A leader has looked at it and proposes it."""
    demand(by, EXECUTE)
    row = ErasureRequest.objects.select_for_update().get(pk=row.pk)
    if row.proposed_by_id is not None:
        raise OutOfTurn(_("The erasure is already proposed; another leader carries it out."), "SD11")
    row.proposed_by, row.proposed_at = by, at
    row.save()
    audit("erasure.proposed", by=by, at=at, subject=f"customer:{row.customer.number}")
    return row


@transaction.atomic
def carry_out(row: ErasureRequest, *, by: Any, at: dt.datetime) -> ErasureRequest:
    """Another leader seconds it: the data is overwritten in the same transaction, of every row that is this customer."""
    demand(by, EXECUTE)
    held(row.customer)  # before the request, as a merge does
    row = ErasureRequest.objects.select_for_update().get(pk=row.pk)
    if row.done_at is not None:
        raise OutOfTurn(_("This customer's personal data is already erased."))
    if row.proposed_by is None or row.proposed_by_id == by.pk:
        raise BadEntry(_("Another leader than the proposer must carry out the erasure (SD11)."), "SD11")
    who = held(row.customer)
    erase(who, by=row.proposed_by, seconded_by=by, at=at, reason=f"request {row.pk}")
    row.done_at, row.seconded_by = at, by
    row.save()
    _with_it(row, who)
    return row


def _with_it(done: ErasureRequest, who: Customer) -> None:
    """What was asked for on another of his rows, before they were merged, is done as well."""
    rows = ErasureRequest.objects.filter(customer__in=rows_of(who), done_at=None)
    rows.update(
        proposed_by=done.proposed_by, proposed_at=done.proposed_at, done_at=done.done_at, seconded_by=done.seconded_by
    )  # fmt: skip
