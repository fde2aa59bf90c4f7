"""What the sales desk does when something happened to a customer."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from aftersales import downloads

from . import plain
from .events import customer_erased


@receiver(customer_erased, dispatch_uid="sales: lists that name him go")
def take_lists_away(sender: Any, *, at: dt.datetime, **kwargs: Any) -> None:
    """A list in plain may hold his name and phone for days yet (A15); the masked ones may stay (A27)."""
    downloads.take_away(plain.KIND, at=at)
