"""A customer's own words, pictures and signatures go: at his wish (A17), or when the time to keep them is over."""

import datetime as dt
import functools
import operator
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from aftersales import files
from aftersales.limits import local_day, moment_of
from catalogue.rules import add_months
from policy import figures
from sales import services as people
from sales.events import asked_whom_we_need
from sales.models import Person, filled

from .. import events
from ..flow import OPEN, OVER
from ..models import (
    Attachment,
    ConsentSignature,
    CustomerNotice,
    Message,
    PartsOrder,
    Signature,
    Ticket,
    Words,
)
from ..models.sheets import SurveyWords
from ..models.ticket import OWN_WORDS

A_BATCH = 200
SIGNED: tuple[Any, ...] = (Signature, ConsentSignature)


@transaction.atomic
def forget_words(tickets: QuerySet[Ticket], *, by: Any, at: dt.datetime) -> None:
    """Overwrite what the customer said, signed and sent on these tickets, also what came after they were overwritten before;
    their private links end (PIPL 47)."""
    held = list(tickets.select_for_update(of=("self",)).order_by("pk"))
    keys = [ticket.pk for ticket in held]
    Message.objects.filter(ticket__in=keys).update(text="", erased_at=at)
    SurveyWords.objects.filter(survey__ticket__in=keys).update(suggestion="")
    _forget_signatures(keys, at)
    waiting = CustomerNotice.objects.filter(ticket__in=keys, status=CustomerNotice.Status.WAITING)
    waiting.update(status=CustomerNotice.Status.DROPPED, why="erased")
    for words in Words.objects.filter(ticket__in=keys).select_related("ticket"):
        words.symptom = words.self_checked = words.occurred = words.position = ""
        words.erased_at = at
        words.save()
    forget_pictures(_pictures().filter(Q(ticket__in=keys, origin=None) | Q(origin__in=keys)), at)
    for ticket in held:
        ticket.private_version += 1
        ticket.sign(by=by, at=at, why="erased")
        ticket.save()
    events.words_forgotten.send(Ticket, tickets=keys, at=at, by=by)


def _forget_signatures(tickets: list[int], at: dt.datetime) -> None:
    """Strokes, and the name that was typed under them; who only drew is the one who reported, and goes as such."""
    for signed in SIGNED:
        rows = signed.objects.filter(ticket__in=tickets)
        typed = rows.exclude(person=F("ticket__contact")).values_list("person", flat=True)
        people.forget_persons(set(typed), at=at)
        rows.update(strokes="")


def _pictures() -> QuerySet[Attachment]:
    """What customers sent and nobody has erased."""
    return Attachment.objects.filter(by=None, erased_at=None)


def forget_pictures(rows: QuerySet[Attachment], at: dt.datetime) -> None:
    """Remove the files that no other row needs, once the transaction stands."""
    for row in rows:
        row.erased_at = at
        row.save()
        if not files.named([row.sha256]):
            transaction.on_commit(functools.partial(files.remove, row.sha256))


def something_left() -> Q:
    """Tickets on which something of a customer stands: asked of the rows themselves, for a message or a signature may
    have come after the ticket was cleared."""
    this = OuterRef("pk")
    named = filled(["person__name"]) & ~Q(person=F("ticket__contact"))
    rows: list[QuerySet[Any]] = [
        Words.objects.filter(Q(erased_at=None) | filled(OWN_WORDS), ticket=this),
        Message.objects.filter(filled(["text"]), ticket=this),
        SurveyWords.objects.filter(filled(["suggestion"]), survey__ticket=this),
        *(signed.objects.filter(filled(["strokes"]) | named, ticket=this) for signed in SIGNED),
        _pictures().filter(ticket=this, origin=None),
        _pictures().filter(origin=this),
    ]
    return functools.reduce(operator.or_, [Q(Exists(found)) for found in rows])


@transaction.atomic
def forget_old(at: dt.datetime) -> int:
    """Overwrite the words of tickets that ended longer ago than the company keeps them ⚙, and the personal data of
    whoever has no later ticket; answers how many tickets were cleared. Runs any number of times.
    """
    limit = moment_of(add_months(local_day(at), -int(figures.value("retention_months"))))
    old = list(_due(limit).order_by("pk").values_list("pk", flat=True)[:A_BATCH])
    persons = _nobody_any_more(old, limit)
    forget_words(Ticket.objects.filter(pk__in=old), by=None, at=at)
    people.forget_persons(persons, at=at)
    return len(old)


def _due(limit: dt.datetime) -> QuerySet[Ticket]:
    """Ended and untouched since before `limit`, and something is left: one query, over the index `ticket_over`."""
    over = Ticket.objects.filter(stage__in=OVER, changed_at__lt=limit)
    known = Exists(Person.objects.left().filter(pk=OuterRef("contact")))
    return over.filter(something_left() | Q(known) & ~_needed(limit))


def _needed(limit: dt.datetime) -> Q:
    """Whoever reported the ticket has one that is not over yet, or parts that he ordered since; or its customer, or his, buys,
    bought since, or owes money."""
    going_on = Ticket.objects.filter(Q(stage__in=OPEN) | Q(changed_at__gte=limit, words__erased_at=None))
    ordered = PartsOrder.objects.filter(changed_at__gte=limit)
    return (
        Q(Exists(going_on.filter(contact=OuterRef("contact"))))
        | Q(Exists(going_on.filter(customer=OuterRef("customer"))))
        | Q(Exists(ordered.filter(contact=OuterRef("contact"))))
        | _needed_elsewhere(limit)
    )


def _needed_elsewhere(limit: dt.datetime) -> Q:
    """What the other departments answer, each as an `EXISTS`: no query of its own."""
    answers: Any = asked_whom_we_need.send(Ticket, since=limit)
    rows = [found for _receiver, querysets in answers for found in querysets]
    whose = ("customer", "contact__customer")
    each = [Q(Exists(found.filter(customer=OuterRef(name)))) for found in rows for name in whose]
    return functools.reduce(operator.or_, each, Q(pk__in=[]))


def _nobody_any_more(old: list[int], limit: dt.datetime) -> set[int]:
    """Persons who reported these tickets and need no name any longer; with a customer's last ticket they go who reported his
    earlier ones, too, and were kept for its sake."""
    last = Ticket.objects.filter(~_needed(limit), pk__in=old)
    his = Q(pk__in=last.values("pk")) | Q(customer__in=last.values("customer"))
    return set(Ticket.objects.filter(his, ~_needed(limit)).values_list("contact", flat=True))


def tidy_files(at: dt.datetime) -> int:
    """Remove files of the last days that no row names: pictures of forms that were never sent."""
    return files.tidy_unnamed()


@files.names_files
def attached(digests: list[str]) -> Any:
    """Pictures and videos of tickets that nobody has erased."""
    return Attachment.objects.filter(sha256__in=digests, erased_at=None).values_list("sha256", flat=True)
