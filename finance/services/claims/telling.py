"""Who hears of a claim: once per event, whoever it concerns."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop

from notices.services import tell

from ...models import Claim, MealDay
from .journeys import people_of


def others(claim: Claim, people: Iterable[Any]) -> list[Any]:
    """Whom it does not concern: they may decide (SD04)."""
    concerned = {claim.claimant_id, *people_of(claim.trip)}
    return [person for person in people if person.pk not in concerned]


def tell_people(
    claim: Claim, people: Iterable[Any], what: str, at: dt.datetime, title: Any, **more: str
) -> None:
    """`title` may name {number} {person} {trip} {amount} and what `more` gives."""
    amount = claim.payable if claim.amount is None else claim.amount
    facts = {
        "number": claim.number,
        "person": str(claim.claimant),
        "trip": claim.trip.number,
        "amount": f"{amount:.2f}",
    }
    if what == "submitted":
        facts["amount"] = f"{claim.asked:.2f}"
    tell(
        people, at=at, event_key=f"{claim.number}:{what}:{claim.revision}", kind="payment", title=title,
        params=facts | more, url=claim.get_absolute_url(),
    )  # fmt: skip


def tell_eaters(claim: Claim, at: dt.datetime) -> None:
    """Whose meals another claims with his own hears of it once (8.3): they are paid to who claims them."""
    eaten = MealDay.objects.filter(line__claim=claim).exclude(person=claim.claimant_id)
    facts = {"number": claim.number, "person": str(claim.claimant), "trip": claim.trip.number}
    tell(
        sorted(set(eaten.values_list("person", flat=True))), at=at, event_key=f"{claim.number}:meals", kind="payment",
        title=gettext_noop("{person} claims the meals of all who were on trip {trip}: {number} (8.3)."), params=facts,
        url=claim.trip.get_absolute_url(),
    )  # fmt: skip
