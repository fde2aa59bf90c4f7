"""What a customer is shown of his parts: what stands charged until the old one is back, and where his parcel is."""

from decimal import Decimal

from django.db.models import F

from policy import figures
from repairs.flow import PlanType
from repairs.models import Ticket
from repairs.public.panels import PANELS, Panel

from .flow import ReleaseStage, ShipmentStage
from .models import ReleaseLine, Shipment
from .rules import Charge
from .services.lines import live_amount


def awaited(ticket: Ticket) -> Panel | None:
    """Plan a: amount and return day of the old parts, accepted together with 4.4a (4.5a)."""
    if ticket.plan_type != PlanType.SELF_INSTALL:
        return None
    rows = ReleaseLine.objects.filter(
        release__ticket=ticket, release__round=ticket.round, charge=Charge.AWAITING, quantity__gt=F("struck")
    )
    lines = list(rows.exclude(release__stage=ReleaseStage.CANCELLED).select_related("part"))
    if not lines:
        return None
    total = sum((live_amount(line) for line in lines), Decimal(0))
    return Panel(
        "consent",
        "parts/_awaited.html",
        {"lines": lines, "total": total, "days": figures.value("old_part_days")},
    )


def parcels(ticket: Ticket) -> Panel | None:
    """Carrier and waybill of what was sent to him (4.4a, 6.3)."""
    rows = Shipment.objects.filter(release__ticket=ticket, way=Shipment.Way.OUT).exclude(
        stage=ShipmentStage.PACKED
    )
    found = list(rows.order_by("sent_at"))
    return Panel("road", "parts/_parcels.html", {"parcels": found}) if found else None


def register() -> None:
    """Called once, when the app is ready."""
    PANELS.extend([awaited, parcels])
