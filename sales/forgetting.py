"""What a customer left on delivery records goes with him (PIPL 47): signatures, typed names, pictures."""

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from aftersales import files
from aftersales.paperwork import hand

from . import events
from .models import (
    Customer,
    CustomerMerge,
    Delivery,
    DeliverySignature,
    ErasureRequest,
    FollowUp,
    Lead,
    Person,
    filled,
)
from .selectors import rows_of


def is_left(customer: Customer) -> bool:
    """Whether anything of him still stands, here or with the departments above: then an erasure has something to do."""
    rows = rows_of(customer)
    his = [
        Customer.objects.filter(filled(["region"]), pk__in=rows),
        Person.objects.left().filter(customer__in=rows),
        Delivery.objects.filter(filled(["sha256", "signature__strokes"]), customer__in=rows),
        Lead.objects.filter(filled(["words"]), customer__in=rows),
        FollowUp.objects.filter(filled(["said"]), lead__customer__in=rows),
    ]
    if any(found.exists() for found in his):
        return True
    return any(answer for _receiver, answer in events.asked_what_is_left.send(Customer, rows=rows))


def forget_deliveries(customers: list[int], persons: Iterable[int], *, at: dt.datetime) -> None:
    """Strokes and photos are overwritten; the names under them stand in rows of persons, which are forgotten as such."""
    rows = Delivery.objects.filter(customer__in=customers)
    DeliverySignature.objects.filter(delivery__in=rows).update(strokes="")
    DeliverySignature.objects.filter(person__in=list(persons)).update(strokes="")
    for row in rows.exclude(sha256=""):
        digest, row.sha256, row.key = row.sha256, "", ""
        hand(row, by=None, at=at, why="erased")
        row.save()
        if not files.named([digest]):
            transaction.on_commit(functools.partial(files.remove, digest))


@files.names_files
def photographed(digests: list[str]) -> Any:
    """Photos of hand-overs stay as long as their records."""
    return Delivery.objects.filter(sha256__in=digests).values_list("sha256", flat=True)


def move_wish(asked: list[int] | None, source: Customer, to: Customer) -> list[int]:
    """The open request of a merged customer is the kept one's; with `asked` (an earlier answer) it goes back. Of two one stays
    where it was asked: it is done with the other. A leader's proposal stands for neither: he saw another customer (SD11). Answers
    what was moved."""
    ErasureRequest.objects.filter(customer=to, done_at=None).update(proposed_by=None, proposed_at=None)
    rows = ErasureRequest.objects.select_for_update().filter(customer=source, done_at=None)
    rows = rows if asked is None else rows.filter(pk__in=asked)
    if ErasureRequest.objects.filter(customer=to, done_at=None).exists():
        return []
    moved = list(rows.values_list("pk", flat=True))
    ErasureRequest.objects.filter(pk__in=moved).update(customer=to, proposed_by=None, proposed_at=None)
    return moved


def part_wishes(row: CustomerMerge) -> None:
    """They are two again: each has the wish that is his, what came over and what the other one uttered since, as far as it is
    known who did (his persons have gone back before). No leader's proposal stands: he saw both as one (SD11)."""
    waiting = ErasureRequest.objects.select_for_update(of=("self",)).filter(done_at=None)
    waiting.filter(customer__in=[row.kept, row.gone]).update(proposed_by=None, proposed_at=None)
    his = list(waiting.filter(customer=row.kept, person__customer=row.gone).values_list("pk", flat=True))
    move_wish([*row.moved.get("erasures", []), *his], row.kept, row.gone)
