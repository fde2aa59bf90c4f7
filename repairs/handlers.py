"""What the repairs desk does when another department says that something happened."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from sales.events import asked_what_is_left, customer_erased, customers_merged

from . import events, paper_tickets
from .models import Attachment, PartsOrder, Quotation, Ticket
from .services.forgetting import forget_words, something_left
from .tasks import ring_derive
from .told.listening import follow


@receiver(customer_erased, dispatch_uid="repairs: own words go too")
def forget_own_words(
    sender: Any, *, rows: list[int], persons: list[int], at: dt.datetime, by: Any, **kwargs: Any
) -> None:
    """A customer's own words, messages, pictures and signatures go with his personal data (PIPL 47), and what paper
    tickets say about his vehicles."""
    forget_words(Ticket.objects.filter(Q(customer__in=rows) | Q(contact__in=persons)), by=by, at=at)
    paper_tickets.forget(rows, at=at)


@receiver(asked_what_is_left, dispatch_uid="repairs: are own words left?")
def are_own_words_left(sender: Any, *, rows: list[int], **kwargs: Any) -> bool:
    """What came on his tickets after an erasure: a message, a signature, a picture."""
    his = Q(customer__in=rows) | Q(contact__customer__in=rows)
    return Ticket.objects.filter(his, something_left()).exists() or paper_tickets.are_left(rows)


@receiver(events.picture_kept, dispatch_uid="repairs: derive pictures")
def derive_picture(sender: Any, *, attachment: Attachment, **kwargs: Any) -> None:
    ring_derive(attachment.sha256)


@receiver(events.ticket_moved, dispatch_uid="repairs: its customer hears of it")
def tell_customer_of_step(sender: Any, *, ticket: Ticket, step: str, at: dt.datetime, **kwargs: Any) -> None:
    follow(ticket, step, at=at)


@receiver(customers_merged, dispatch_uid="repairs: tickets follow their customer")
def follow_customer(
    sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> dict[str, list[int]]:
    """The tickets, orders and quotations of a merged customer go with him; taken back, exactly those come home."""
    return {
        name: _follow(model, only.get(name, []) if only is not None else None, kept, gone, at, by)
        for name, model in FOLLOWING.items()
    }


FOLLOWING: dict[str, Any] = {"tickets": Ticket, "orders": PartsOrder, "quotations": Quotation}


def _follow(model: Any, only: list[int] | None, kept: Any, gone: Any, at: dt.datetime, by: Any) -> list[int]:
    rows = model.objects.filter(customer=gone)
    rows = rows if only is None else rows.filter(pk__in=only)
    moved = []
    for paper in rows.select_for_update(of=("self",)).order_by("pk"):
        paper.customer = kept
        paper.sign(by=by, at=at, why="customer merged")
        paper.save()
        moved.append(paper.pk)
    return moved
