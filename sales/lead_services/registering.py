"""Somebody registers a lead: with the customer's consent, or not at all (4.2, PIPL 14)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.problems import BadEntry
from policy import figures

from ..identity import living
from ..lead_rules import last_day
from ..models import Customer, Lead, Person, Source, Wanted
from .core import CLAUSE, REGISTERED, keep_lead, next_due, sellers, tell_of

SERIES = "YX"


@dataclass(frozen=True)
class Consent:
    """How and when the customer agreed that sales may call him; `version` of the notice that he was shown."""

    how: str
    at: dt.datetime
    version: str = ""


@dataclass(frozen=True)
class Wish:
    """What he wants: a model of ours or his own words."""

    model: Any = None
    quantity: int = 1
    wanted: str = Wanted.LATER
    words: str = ""


@transaction.atomic
def register(
    customer: Customer, *, contact: Person | None = None, source: str, consent: Consent, wish: Wish, by: Any,
    at: dt.datetime, ticket: str = "",
) -> Lead:  # fmt: skip
    """The lead exists from its arrival on, `at`; that decides who was first. A salesperson's own is in his hand at once.

    `by` is None for the website's form. Raises `BadEntry` at `consent_at` for a consent of tomorrow.
    """
    _may(source, by)
    if consent.at > at:
        raise BadEntry(_("Consent cannot lie in the future."), CLAUSE, "consent_at")
    customer = living(customer, CLAUSE)
    lead = _new(customer, contact, source, consent, wish, by, at, ticket)
    if source == Source.OWN:
        lead.move("take", seller=by, taken_at=at)
    keep_lead(lead, "register", by=by, at=at, fact=REGISTERED)
    if source != Source.OWN:
        tell_of(
            lead,
            sellers(),
            "registered",
            _("Purchase lead {number} waits for somebody of sales (4.2)."),
            at=at,
        )
    return lead


def _may(source: str, by: Any) -> None:
    """B09 for engineers and customer service, B10 for a salesperson's own; the website's visitor is let in by its gate."""
    if source != Source.WEBSITE:
        demand(by, "purchase_intent.handle" if source == Source.OWN else "purchase_intent.create")


def _new(
    customer: Customer, contact: Person | None, source: str, consent: Consent, wish: Wish, by: Any, at: dt.datetime,
    ticket: str,
) -> Lead:  # fmt: skip
    months = int(figures.value("lead_months", local_day(at)))
    return Lead(
        number=next_number(SERIES, at), customer=customer, contact=contact or customer.person, source=source,
        ticket=ticket, registered_at=at, registered_by=by, by_engineer=is_engineers(source, by),
        last_day=last_day(at, months), model=wish.model, quantity=wish.quantity, wanted=wish.wanted, words=wish.words,
        consent_how=consent.how, consent_at=consent.at, consent_by=by, consent_version=consent.version,
        follow_up_at=next_due(at),
    )  # fmt: skip


def is_engineers(source: str, by: Any) -> bool:
    """Only an engineer's lead earns the fee; what he brings as a salesperson is not one."""
    return source not in (Source.OWN, Source.WEBSITE) and by is not None and "ENG" in by.roles
