"""A customer's own words, pictures and signatures go: at his wish (A17), or when the time to keep them is over."""

import datetime as dt
import functools
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from aftersales import files
from catalogue.rules import add_months
from policy import figures
from sales import services as people

from .. import events
from ..flow import OPEN
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

A_BATCH = 200


@transaction.atomic
def forget_words(tickets: QuerySet[Ticket], *, by: Any, at: dt.datetime) -> None:
    """Overwrite what the customer said and sent on these tickets; their private links end (PIPL 47)."""
    Message.objects.filter(ticket__in=tickets).update(text="", erased_at=at)
    SurveyWords.objects.filter(survey__ticket__in=tickets).update(suggestion="")
    Signature.objects.filter(ticket__in=tickets).update(strokes="")
    ConsentSignature.objects.filter(ticket__in=tickets).update(strokes="")
    waiting = CustomerNotice.objects.filter(ticket__in=tickets, status=CustomerNotice.Status.WAITING)
    waiting.update(status=CustomerNotice.Status.DROPPED, why="erased")
    for words in Words.objects.filter(ticket__in=tickets).select_related("ticket"):
        words.symptom = words.self_checked = words.occurred = words.position = ""
        words.erased_at = at
        words.save()
    theirs = Q(ticket__in=tickets) | Q(origin__in=tickets)
    forget_pictures(Attachment.objects.filter(theirs, by=None, erased_at=None), at)
    for ticket in tickets:
        ticket.private_version += 1
        ticket.sign(by=by, at=at, why="erased")
        ticket.save()
    events.words_forgotten.send(Ticket, tickets=[ticket.pk for ticket in tickets], at=at, by=by)


def forget_pictures(rows: QuerySet[Attachment], at: dt.datetime) -> None:
    """Remove the files that no other row needs, once the transaction stands."""
    for row in rows:
        row.erased_at = at
        row.save()
        if not files.named([row.sha256]):
            transaction.on_commit(functools.partial(files.remove, row.sha256))


@transaction.atomic
def forget_old(at: dt.datetime) -> int:
    """Overwrite the words of tickets that ended longer ago than the company keeps them ⚙, and the personal data of
    whoever has no later ticket; answers how many tickets were cleared. Runs any number of times.
    """
    limit = add_months(at.date(), -int(figures.value("retention_months")))
    over = Ticket.objects.exclude(stage__in=OPEN).filter(changed_at__date__lt=limit, words__erased_at=None)
    old = list(over.order_by("pk").values_list("pk", flat=True)[:A_BATCH])
    tickets = Ticket.objects.filter(pk__in=old)
    still = Ticket.objects.exclude(pk__in=old).filter(words__erased_at=None)
    alone = tickets.exclude(contact__in=still.values("contact")).exclude(
        Q(customer__isnull=False) & Q(customer__in=still.values("customer"))
    )
    alone = alone.exclude(
        contact__in=PartsOrder.objects.filter(changed_at__date__gte=limit).values("contact")
    )
    persons = set(alone.values_list("contact", flat=True))
    for signed in (Signature, ConsentSignature):
        persons |= set(signed.objects.filter(ticket__in=old).values_list("person", flat=True))  # type: ignore[attr-defined]
    people.forget_persons(persons, at=at)
    forget_words(tickets, by=None, at=at)
    return len(old)


def tidy_files(at: dt.datetime) -> int:
    """Remove files of the last days that no row names: pictures of forms that were never sent."""
    return files.tidy_unnamed()


@files.names_files
def attached(digests: list[str]) -> Any:
    """Pictures and videos of tickets that nobody has erased."""
    return Attachment.objects.filter(sha256__in=digests, erased_at=None).values_list("sha256", flat=True)
