"""What the sales desk does when something happened to a customer, or is asked about him."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from aftersales import downloads

from . import plain
from .events import asked_whom_we_need, customer_erased
from .lead_selectors import buying


@receiver(customer_erased, dispatch_uid="sales: lists that name him go")
def take_lists_away(sender: Any, *, at: dt.datetime, **kwargs: Any) -> None:
    """A list in plain may hold his name and phone for days yet (A15); the masked ones may stay (A27)."""
    downloads.take_away(plain.KIND, at=at)


@receiver(asked_whom_we_need, dispatch_uid="sales: who is buying, or bought")
def who_buys(sender: Any, *, since: dt.datetime, **kwargs: Any) -> list[Any]:
    return buying(since)
