"""物流 WL: the warehouse packs, administration sends (6.3); an engineer on the road sends parts back (4.6)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import members
from aftersales import files
from aftersales.charter import Department, Fact
from aftersales.models import next_number
from aftersales.money import is_amount
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.services.for_parts import service_from_parts, ship_begin
from repairs.services.quoting import lock_about
from repairs.tasks import keep_one
from repairs.told.writing import tell_customer

from ..models import Release, Shipment, Slip
from .releases import locked

CLAUSE = "6.3"


@transaction.atomic
def pack(release: Release, *, by: Any, at: dt.datetime, content: str = "") -> Shipment:
    """The warehouse has packed what was issued of this sheet and hands the parcel to administration (J43)."""
    release = locked(release)
    if not release.issued_any:
        raise OutOfTurn(_("Nothing of this sheet was issued yet; there is nothing to pack."), "5.1")
    if not unpacked(release):
        raise OutOfTurn(_("Everything that was issued of this sheet is packed already."), CLAUSE)
    person = release.ticket.contact if release.ticket else release.order.contact if release.order else None
    parcel = Shipment(
        number=next_number("WL", at), release=release, ticket=release.ticket, person=person, content=content
    )
    keep(parcel, "pack", by=by, at=at)
    _on_ticket(parcel, "parcel_packed", by=by, at=at, parcels=1)
    tell(
        list(members(Department.ADMINISTRATION, at)), event_key=f"parcel:{parcel.number}", at=at,
        url=parcel.get_absolute_url(), title=gettext_noop("Parcel {number} waits to be sent"), params={"number": parcel.number},
    )  # fmt: skip
    return parcel


def unpacked(release: Release) -> bool:
    """Something was issued since the last parcel of this sheet; what left before the portal began needs none."""
    slips = Slip.objects.filter(release=release, lines__line__opening=False)
    last = release.shipments.filter(way=Shipment.Way.OUT).aggregate(at=Max("made_at"))["at"]
    return (slips.filter(made_at__gt=last) if last else slips).exists()


@transaction.atomic
def send(
    parcel: Shipment,
    *,
    by: Any,
    at: dt.datetime,
    carrier: str,
    waybill: str,
    terms: str,
    cost: Decimal | None = None,
    photo: Any = None,
) -> Shipment:
    """Carrier and waybill are known: it is on the way; plan a's service has begun (4.4a). `photo`: of the waybill."""
    _plan_stands(parcel)
    if terms == Shipment.Terms.PREPAID and cost is None:
        raise BadEntry(_("Prepaid freight has a price: enter what it cost."), CLAUSE, "cost")
    _write(parcel, carrier, waybill, terms, cost)
    _photographed(parcel, photo)
    parcel.sent_by = by
    parcel.move("send", sent_at=at)
    keep(parcel, "send", by=by, at=at)
    deadlines.record(Fact.PARCEL_SENT, parcel, at=at, by=by)
    _on_ticket(parcel, "parcel_sent", by=by, at=at)
    if parcel.ticket is not None:
        ship_begin(parcel.ticket, by=by, at=at, note=f"{parcel.number} {carrier} {waybill}")
        _tell(parcel.ticket, parcel, at)
    return parcel


def _tell(ticket: Ticket, parcel: Shipment, at: dt.datetime) -> None:
    """The customer hears by whom it comes, and its number."""
    tell_customer(ticket, "parcel", key=parcel.number, at=at, carrier=parcel.carrier, waybill=parcel.waybill)


@transaction.atomic
def send_back(
    ticket: Ticket, *, by: Any, at: dt.datetime, content: str, carrier: str, waybill: str, terms: str = Shipment.Terms.COLLECT,
    release: Release | None = None, photo: Any = None,
) -> Shipment:  # fmt: skip
    """An engineer on the road sends parts home, the freight paid on arrival (4.6); what he prepaid he claims with his trip
    (8.2), the parcel bears none of it. Administration is told of it (6.3)."""
    if not content.strip():
        raise BadEntry(_("Say what is inside."), "4.6", "content")
    parcel = Shipment(
        number=next_number("WL", at), way=Shipment.Way.BACK, release=release, ticket=ticket, content=content
    )
    _write(parcel, carrier, waybill, terms, None)
    _photographed(parcel, photo)
    keep(parcel, "pack", by=by, at=at)
    parcel.sent_by = by
    parcel.move("send", sent_at=at)
    keep(parcel, "send_back", by=by, at=at)
    deadlines.record(Fact.PARCEL_SENT, parcel, at=at, by=by)
    _on_ticket(parcel, "parcel_sent_back", by=by, at=at, clause="4.6", parcels=1)
    tell(
        [person for person in members(Department.ADMINISTRATION, at) if person.pk != by.pk], at=at,
        event_key=f"parcel:{parcel.number}:back", url=parcel.get_absolute_url(),
        title=gettext_noop("Parcel {number} is on its way to us (6.3)."), params={"number": parcel.number},
    )  # fmt: skip
    return parcel


@transaction.atomic
def deliver(parcel: Shipment, *, by: Any, at: dt.datetime, how: str, cost: Decimal | None = None) -> Shipment:
    """It has arrived; who says so. Freight collect is known now; what was prepaid was known before and stands."""
    if not how.strip():
        raise BadEntry(_("Say who received it, or who told you."), CLAUSE, "how")
    if cost is not None and parcel.terms == Shipment.Terms.PREPAID and cost != parcel.cost:
        raise BadEntry(_("The freight of this parcel was prepaid; what it cost stands."), CLAUSE, "cost")
    parcel.delivered_how = how
    parcel.cost = _amount(cost) if cost is not None else parcel.cost
    parcel.move("deliver", delivered_at=at)
    keep(parcel, "deliver", by=by, at=at)
    deadlines.record(Fact.PARCEL_DELIVERED, parcel, at=at, by=by)
    _on_ticket(parcel, "parcel_delivered", by=by, at=at, parcels=-1)
    return parcel


def _plan_stands(parcel: Shipment) -> None:
    """A parcel that leaves before the plan would begin nothing, and after it nothing could: it waits for the plan."""
    ticket = lock_about(parcel.ticket) if parcel.ticket else None
    if ticket is not None and ticket.stage in (Stage.ASSIGNED, Stage.CONTACTED):
        raise OutOfTurn(_("The engineer has not saved the plan yet; the parcel waits for it (4.4)."), "4.4")


def _write(parcel: Shipment, carrier: str, waybill: str, terms: str, cost: Decimal | None) -> None:
    for name, value in (("carrier", carrier), ("waybill", waybill)):
        if not value.strip():
            raise BadEntry(_("Carrier and waybill number are needed to find a parcel again."), CLAUSE, name)
    parcel.carrier, parcel.waybill, parcel.terms = carrier.strip(), waybill.strip(), terms
    parcel.cost = _amount(cost) if cost is not None else None


def _photographed(parcel: Shipment, photo: Any) -> None:
    for name, value in keep_one(photo).items():
        setattr(parcel, name, value)


def _amount(cost: Decimal) -> Decimal:
    if cost and not is_amount(cost):
        raise BadEntry(_("A cost is not below zero and has two decimals at most."), CLAUSE, "cost")
    return cost


def _on_ticket(
    parcel: Shipment, name: str, *, by: Any, at: dt.datetime, clause: str = CLAUSE, parcels: int = 0
) -> None:
    """In the timeline of the ticket; a parcel in hand lets warehouse and administration see it (A13)."""
    if parcel.ticket is not None:
        service_from_parts(
            parcel.ticket,
            name,
            by=by,
            at=at,
            clause=clause,
            parcels=parcels,
            data={"shipment": parcel.number},
        )


@files.names_files
def photographed(digests: list[str]) -> Any:
    """Photos of waybills stay as long as their parcels."""
    return Shipment.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
