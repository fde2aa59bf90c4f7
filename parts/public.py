"""What a customer is shown of his parts: what stands charged until the old one is back, and where his parcel is."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.problems import OutOfTurn
from policy import figures
from repairs.flow import PlanType
from repairs.models import Ticket
from repairs.public.kept import GROUPS, Group, when
from repairs.public.panels import ACTS, PANELS, Act, Panel

from .flow import ReleaseStage, ShipmentStage
from .models import ReleaseLine, Shipment
from .rules import Charge
from .services import shipping
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
    """Carrier and waybill of what was sent to him (4.4a, 6.3); what is under way he tells us of when he has it."""
    rows = Shipment.objects.filter(release__ticket=ticket, way=Shipment.Way.OUT).exclude(
        stage=ShipmentStage.PACKED
    )
    found = list(rows.order_by("sent_at"))
    if not found:
        return None
    coming = [row for row in found if row.stage == ShipmentStage.SENT]
    return Panel(
        "road",
        "parts/_parcels.html",
        {"parcels": found, "coming": coming},
        ahead="parts/_coming.html" if coming else "",
    )


class ArrivedForm(forms.Form):
    parcel = forms.CharField(max_length=20, widget=forms.HiddenInput)


def arrived(ticket: Ticket, *, parcel: str, at: dt.datetime) -> Shipment:
    """The customer has it in hand (6.3); tapped twice it arrived once."""
    rows = Shipment.objects.filter(release__ticket=ticket, way=Shipment.Way.OUT).exclude(
        stage=ShipmentStage.PACKED
    )
    found = rows.filter(number=parcel).select_for_update(of=("self",)).first()
    if found is None:
        raise OutOfTurn(_("This parcel is not on its way to you."), "6.3")
    if found.stage == ShipmentStage.DELIVERED:
        return found
    return shipping.deliver(found, by=None, at=at, how=gettext("the customer, on his page"))


def kept(ticket: Ticket) -> Group | None:
    """What the store keeps of him: the parcels that were sent."""
    rows = Shipment.objects.filter(release__ticket=ticket, way=Shipment.Way.OUT).exclude(
        stage=ShipmentStage.PACKED
    )
    said = [
        (when(row.sent_at), f"{row.carrier} {row.waybill} · {row.get_stage_display()}")
        for row in rows.order_by("sent_at")
    ]
    return Group(gettext("Parcels"), said) if said else None


def register() -> None:
    """Called once, when the app is ready."""
    PANELS.extend([awaited, parcels])
    ACTS["arrived"] = Act(
        ArrivedForm, arrived, _("Thank you. It is written down that your parcel has arrived.")
    )
    GROUPS.append(kept)
