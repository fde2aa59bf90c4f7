"""What the warehouse does when a ticket takes a step."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from repairs.events import customer_consented, order_ended, ticket_moved
from repairs.models import PartsOrder, Ticket
from sales.events import customers_merged

from .flow import BEFORE_ISSUE, ReleaseStage
from .models import Release
from .services.obligations import follow
from .services.releases import accept_awaiting, cancel, follow_debtor, follow_plan


@receiver(ticket_moved, dispatch_uid="parts: a ticket took a step")
def follow_ticket(sender: Any, *, ticket: Ticket, step: str, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """A plan may find its parts already signed; completion starts what must come back and reports what was used (4.7, 5.5);
    with a cancelled ticket its open sheets go."""
    if step == "plan":
        follow_plan(ticket, by=by, at=at)
    if step == "complete":
        for release in Release.objects.filter(ticket=ticket, issued_any=True):
            release.ticket = ticket
            follow(release, by=by, at=at)
    if step in ("cancel", "merge"):
        for release in Release.objects.filter(ticket=ticket).exclude(stage=ReleaseStage.CANCELLED):
            cancel(release, by=by, at=at, reason=step)


@receiver(customer_consented, dispatch_uid="parts: what the customer of plan a was shown and accepted")
def accepted_with_consent(sender: Any, *, ticket: Ticket, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """Amount and return day of awaited old parts are accepted together with 4.4a."""
    for release in Release.objects.filter(ticket=ticket, round=ticket.round).exclude(
        stage__in=[ReleaseStage.CANCELLED, ReleaseStage.SETTLED]
    ):
        accept_awaiting(release, by=by, at=at)


@receiver(order_ended, dispatch_uid="parts: an order ended")
def follow_order(sender: Any, *, order: PartsOrder, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """With an order that came to nothing its open sheets go."""
    for release in Release.objects.filter(order=order, stage__in=BEFORE_ISSUE, issued_any=False):
        cancel(release, by=by, at=at, reason="end")


@receiver(customers_merged, dispatch_uid="parts: sheets that nobody signed yet follow their payer")
def follow_payer(
    sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> dict[str, list[int]]:
    return {"releases": follow_debtor(kept, gone, only and only.get("releases", []), by=by, at=at)}
