"""What technical does when another department says that something happened."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from repairs.events import ticket_moved, words_forgotten

from .services import disputes


@receiver(words_forgotten, dispatch_uid="technical: own words go too")
def forget_disputes(sender: Any, *, tickets: list[int], at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """What a customer said in a dispute goes with his other words: at his wish, or when the time to keep them is over."""
    disputes.forget(tickets, at=at)


@receiver(ticket_moved, dispatch_uid="technical: a report that ends takes its dispute along")
def end_dispute(sender: Any, *, ticket: Any, step: str, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """Nothing is charged for a cancelled report: its open dispute is void (4.5a); of one that was merged it goes along."""
    if step == "merge":
        disputes.follow(ticket)
    if step in ("cancel", "merge"):
        disputes.lapse(ticket, by=by, at=at)
