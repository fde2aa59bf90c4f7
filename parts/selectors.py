"""Reading the warehouse's papers."""

from typing import Any

from django.db.models import F, Q, QuerySet

from repairs.models import Ticket

from .flow import ReleaseStage, TwoStage
from .models import Release, ReleaseLine, Return


def to_issue() -> QuerySet[ReleaseLine]:
    """Signed pieces that still lie in the store, the longest signed first."""
    return (
        ReleaseLine.objects.filter(
            signed_at__isnull=False, quantity__gt=F("struck") + F("issued"),
            release__stage__in=[ReleaseStage.SIGNED, ReleaseStage.SUBMITTED],
        )
        .select_related("part", "release__ticket", "release__order", "release__engineer")
        .order_by("release__signed_at", "release_id", "position")
    )  # fmt: skip


def to_sign() -> QuerySet[Release]:
    """The sheets that wait for finance, the oldest first."""
    rows = Release.objects.filter(stage=ReleaseStage.SUBMITTED)
    return rows.select_related("ticket", "order", "requester", "engineer", "debtor").order_by(
        "submitted_at", "pk"
    )


def to_confirm() -> QuerySet[Return]:
    """What was handed in and waits for the warehouse."""
    rows = Return.objects.filter(stage=TwoStage.OPEN)
    return rows.select_related("release__ticket", "release__order", "made_by").order_by("made_at", "pk")


def lines_of(ticket: Ticket) -> list[ReleaseLine]:
    """Every part line of a ticket, sheet by sheet (one statement)."""
    rows = ReleaseLine.objects.filter(release__ticket=ticket).exclude(release__stage=ReleaseStage.CANCELLED)
    return list(rows.select_related("part", "release", "signed_by").order_by("release_id", "position"))


def outstanding(user: Any) -> QuerySet[ReleaseLine]:
    """What this engineer still has to bring back: loans undeclared, unused and old parts."""
    rows = ReleaseLine.objects.filter(Q(holder=user) | Q(holder=None, release__engineer=user), issued__gt=0)
    owing = Q(issued__gt=F("used") + F("unused")) | Q(unused__gt=F("returned"))
    owing |= Q(old_part="must", used__gt=F("old_in") + F("old_waived") + F("converted"))
    return (
        rows.filter(owing)
        .select_related("part", "release__ticket", "release__order")
        .order_by("release_id", "position")
    )
