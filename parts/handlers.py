"""What the warehouse does when a ticket takes a step."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from repairs.events import customer_consented, ticket_moved
from repairs.models import Ticket
from sales.events import customers_merged

from .flow import ReleaseStage
from .models import Release
from .services.consuming import report_consumption
from .services.releases import accept_awaiting, cancel, follow_debtor, follow_plan
from .services.returning import open_obligations


@receiver(ticket_moved, dispatch_uid="parts: a ticket took a step")
def follow_ticket(sender: Any, *, ticket: Ticket, step: str, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """A plan may find its parts already signed; completion starts what must come back and reports what was used (4.7, 5.5);
    with a cancelled ticket its open sheets go."""
    if step == "plan":
        follow_plan(ticket, by=by, at=at)
    if step == "complete":
        report_consumption(ticket, by=by, at=at)
        for release in Release.objects.filter(ticket=ticket, issued_any=True):
            open_obligations(release, by=by, at=at)
    if step in ("cancel", "merge"):
        for release in Release.objects.filter(ticket=ticket).exclude(stage=ReleaseStage.CANCELLED):
            cancel(release, by=by, at=at, reason=step)


@receiver(customer_consented, dispatch_uid="parts: what the customer of plan a was shown and accepted")
def accepted_with_consent(sender: Any, *, ticket: Ticket, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    """Amount and return day of awaited old parts are accepted together with 4.4a."""
    for release in Release.objects.filter(ticket=ticket, round=ticket.round).exclude(
        stage__in=[ReleaseStage.CANCELLED, ReleaseStage.SETTLED]
    ):
        accept_awaiting(release, by=by, at=at, how="consent")


@receiver(customers_merged, dispatch_uid="parts: sheets that nobody signed yet follow their payer")
def follow_payer(
    sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> dict[str, list[int]]:
    return {"releases": follow_debtor(kept, gone, only and only.get("releases", []), by=by, at=at)}
