"""What the repairs desk does when another department says that something happened."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from sales.events import customer_erased, customers_merged

from . import events
from .models import Attachment, Ticket
from .services.forgetting import forget_words
from .tasks import ring_derive


@receiver(customer_erased, dispatch_uid="repairs: own words go too")
def forget_own_words(
    sender: Any, *, customer: Any, persons: list[int], at: dt.datetime, by: Any, **kwargs: Any
) -> None:
    """A customer's own words, messages, pictures and signatures go with his personal data (PIPL 47)."""
    forget_words(Ticket.objects.filter(Q(customer=customer) | Q(contact__in=persons)), by=by, at=at)


@receiver(events.picture_kept, dispatch_uid="repairs: derive pictures")
def derive_picture(sender: Any, *, attachment: Attachment, **kwargs: Any) -> None:
    ring_derive(attachment.sha256)


@receiver(customers_merged, dispatch_uid="repairs: tickets follow their customer")
def follow_customer(
    sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> dict[str, list[int]]:
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
