"""What the repairs desk does when another department says that something happened."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from sales.events import customer_erased, customers_merged

from . import events
from .models import Attachment, Message, Signature, Ticket, Words
from .models.sheets import SurveyWords
from .tasks import ring_derive


@receiver(customer_erased, dispatch_uid="repairs: own words go too")
def forget_own_words(sender: Any, *, customer: Any, persons: list[int], at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """A customer's own words, messages, pictures and signatures go with his personal data (PIPL 47)."""
    tickets = Ticket.objects.filter(Q(customer=customer) | Q(contact__in=persons))
    Message.objects.filter(ticket__in=tickets).update(text="", erased_at=at)
    SurveyWords.objects.filter(survey__ticket__in=tickets).update(suggestion="")
    Signature.objects.filter(ticket__in=tickets).update(strokes="")
    for words in Words.objects.filter(ticket__in=tickets).select_related("ticket"):
        words.symptom = words.self_checked = words.occurred = ""
        words.erased_at = at
        words.save()
    forget_pictures(Attachment.objects.filter(ticket__in=tickets, by=None, erased_at=None), at)
    for ticket in tickets:
        ticket.private_version += 1
        ticket.sign(by=by, at=at, why="erased")
        ticket.save()


def forget_pictures(rows: Any, at: dt.datetime) -> None:
    """Remove the files that no other row needs."""
    from aftersales import files

    for row in rows:
        row.erased_at = at
        row.save()
        if not Attachment.objects.filter(sha256=row.sha256, erased_at=None).exists():
            files.remove(row.sha256)


@receiver(events.picture_kept, dispatch_uid="repairs: derive pictures")
def derive_picture(sender: Any, *, attachment: Attachment, **kwargs: Any) -> None:
    ring_derive(attachment.sha256)


@receiver(customers_merged, dispatch_uid="repairs: tickets follow their customer")
def follow_customer(sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any) -> dict[str, list[int]]:
    """The tickets of a merged customer go with him; taken back, exactly those come home."""
    rows = Ticket.objects.filter(customer=gone)
    if only is not None:
        rows = rows.filter(pk__in=only.get("tickets", []))
    moved = []
    for ticket in rows.select_for_update():
        ticket.customer = kept
        ticket.sign(by=by, at=at, why="customer merged")
        ticket.save()
        moved.append(ticket.pk)
    return {"tickets": moved}
