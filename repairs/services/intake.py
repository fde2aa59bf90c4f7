"""Customer service takes a report in and hands it over (charter 2.3, 3.1, 3.2)."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aftersales.charter import Fact
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import calendar
from deadlines import services as deadlines
from notices.services import tell
from policy import figures
from sales import selectors as sales
from sales import services as people
from sales.identity import held
from sales.models import Vehicle

from ..flow import Stage
from ..models import Channel, IntakeRecord, Ticket, Words
from ..models.ticket import OWN_WORDS, PERSON
from ..rules import window_of
from ..told.writing import tell_customer
from . import helping
from .core import act, advance, hands, locked, log, not_later, save

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
VEHICLE = ("region", "vin", "model", "plate", "delivered_on", "odometer", "urgency", "drivable")


@transaction.atomic(savepoint=False)
def report(
    *, at: dt.datetime, language: str = "zh-hans", privacy_version: str = "", **entries: Any
) -> Ticket:
    """A customer reports on the public site (2.2, 3.1). Compulsory: contact, phone, symptom; `source` names the link by which
    he came, `tried` is the version of the help article that he had read first."""
    ticket = _open(
        Channel.WEB,
        entries,
        at=at,
        reported_at=at,
        by=None,
        language=language,
        privacy_version=privacy_version,
        origin=entries.pop("source", "") or "",
    )
    deadlines.record(Fact.REPORTED_ONLINE, ticket, at=at, by=None)
    if ticket.words.tried is not None:
        helping.add(ticket.words.tried.article, "reports", at)
    tell_customer(ticket, "received", at=at)
    return ticket


@transaction.atomic
def phone_in(*, by: Any, at: dt.datetime, record: bool = True, **entries: Any) -> Ticket:
    """Customer service types while the customer talks (3.1); with `record` form 9.1 is filled at once (3.2)."""
    ticket = _open(Channel.PHONE, entries, at=at, reported_at=at, by=by)
    deadlines.record(Fact.REPORTED_BY_PHONE, ticket, at=at, by=by)
    tell_customer(ticket, "received", at=at)
    return accept(ticket, by=by, at=at, **entries) if record else ticket


@transaction.atomic
def call_in(vehicle: Vehicle, *, symptom: str, by: Any, at: dt.datetime, data: dict[str, Any]) -> Ticket:
    """We call a vehicle in ourselves (a service campaign, 7.2): as if its customer had called, so that the hand-over runs.

    His words of contact are copied from what is known of him; `data` names the campaign in the timeline.
    """
    owner = vehicle.customer
    if owner is None or owner.erased_at is not None:
        raise BadEntry(_("Nobody is known who could bring this vehicle."), "7.2", "vehicles")
    person = owner.person
    entries = {name: getattr(person, name) for name in PERSON if name != "contact"}
    entries |= {"contact": person.name, "symptom": symptom, "vin": vehicle.vin, "region": owner.region}
    ticket = _open(Channel.PHONE, entries, at=at, reported_at=at, by=by)
    act(ticket, "campaign", by=by, at=at, clause="7.2", **data)
    deadlines.record(Fact.REPORTED_BY_PHONE, ticket, at=at, by=by)
    return ticket


@transaction.atomic
def relay(*, by: Any, at: dt.datetime, reported_at: dt.datetime, **entries: Any) -> Ticket:
    """Sales passes on what a customer told them (2.3); `reported_at` is when he did."""
    told = not_later(reported_at, at, "reported_at")
    ticket = _open(Channel.SALES, entries, at=at, reported_at=told, by=by, relayed_by=by)
    deadlines.record(Fact.TOLD_SALES, ticket, at=told, by=by)
    deadlines.record(Fact.RELAYED, ticket, at=at, by=by)
    tell_customer(ticket, "received", at=at)
    return ticket


def _open(
    channel: str, entries: dict[str, Any], *, at: dt.datetime, reported_at: dt.datetime, by: Any, **more: Any
) -> Ticket:
    person = people.write_down(
        name=entries["contact"], **{k: entries.get(k) or "" for k in PERSON if k != "contact"}
    )
    ticket = Ticket(
        number=next_number("BX", at),
        channel=channel,
        contact=person,
        received_at=at,
        reported_at=reported_at,
        **more,
    )
    _fill(ticket, entries)
    typed = {name: str(getattr(ticket, name) or "") for name in ("model", "plate", "delivered_on")}
    _match(ticket, person)
    ticket.sign(by=by, at=at, why="report")
    ticket.save()
    own = {k: entries.get(k) or "" for k in OWN_WORDS}
    Words(ticket=ticket, tried=entries.get("tried"), **own).save(force_insert=True)
    act_name = {Channel.WEB: "report", Channel.PHONE: "phone_in", Channel.SALES: "relay"}[Channel(channel)]
    data = {"typed": typed} if channel == Channel.WEB and ticket.vehicle is not None else None
    log(ticket, act_name, by=by, at=at, clause="3.1" if channel != Channel.SALES else "2.3", data=data)
    return ticket


def _fill(ticket: Ticket, entries: dict[str, Any]) -> None:
    for name in VEHICLE:
        if entries.get(name) not in (None, ""):
            setattr(ticket, name, entries[name])
    ticket.vin = "".join(ticket.vin.split()).upper()


def _match(ticket: Ticket, person: Any, reports_for: str = "") -> None:
    """Find the vehicle by its VIN and the customer by his phone, or by the vehicle once it is known that he reports for its
    owner; what was typed stays."""
    known, before = sales.customers_by_phone(person.phone), ticket.customer
    vehicle = sales.vehicle_by_vin(ticket.vin) if ticket.vin else None
    if vehicle is not None:
        _take_vehicle(ticket, vehicle, known, reports_for)
    if ticket.customer is None:
        ticket.customer = known[0] if known else None
    _hold(ticket, before)
    if ticket.customer is not None and person.customer_id is None:
        person.customer = ticket.customer
        person.save(update_fields=["customer"])


def _hold(ticket: Ticket, before: Any) -> None:
    """A customer who is new on the paper is who he is now (A23): the one found may be merged away at this very moment."""
    if ticket.customer is not None and ticket.customer != before:
        ticket.customer = held(ticket.customer)


def _take_vehicle(ticket: Ticket, vehicle: Vehicle, known: list[Any], reports_for: str) -> None:
    """A stranger who types a VIN on the website learns nothing of its owner and does not become him: customer service
    asks (`reports_for`). Whoever our own people speak to on the phone reports for the owner."""
    ticket.vehicle, ticket.vin, ticket.model = vehicle, vehicle.vin, vehicle.model.name
    owner, is_ours = vehicle.customer, ticket.channel != Channel.WEB
    if owner is not None and not (
        is_ours or owner in known or reports_for == "owner" or ticket.customer == owner
    ):
        return
    ticket.delivered_on = vehicle.delivered_on or ticket.delivered_on
    ticket.plate = ticket.plate or vehicle.plate
    ticket.customer = owner or ticket.customer


@transaction.atomic
def accept(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    remark: str = "",
    repeat_of: Ticket | None = None,
    **entries: Any,
) -> Ticket:
    """Customer service accepts the report and fills form 9.1 (3.2); the collection window ends with it."""
    ticket = locked(ticket)
    _correct(ticket, entries, by=by, at=at)
    if ticket.customer is None:
        ticket.customer = people.open_customer(ticket.contact, region=ticket.region, at=at)
    advance(ticket, "accept", by=by, at=at, accepted_by=by, accepted_at=at)
    record = IntakeRecord(
        ticket=ticket,
        number=next_number("KF", at),
        remark=remark,
        repeat_of=repeat_of,
        slot=_collected(ticket) if ticket.channel == Channel.WEB else "",
    )
    record.sign(by=by, at=at, why="accept")
    record.save()
    return ticket


def _collected(ticket: Ticket) -> str:
    """Its collection (3.1), by the windows of that day."""
    windows = figures.value("collection_windows", local_day(ticket.received_at))
    return window_of(ticket.received_at, windows, calendar.current())


@transaction.atomic
def edit_record(ticket: Ticket, *, by: Any, at: dt.datetime, remark: str = "", **entries: Any) -> Ticket:
    """Correct form 9.1 after the customer was asked again (3.2)."""
    ticket = locked(ticket)
    _correct(ticket, entries, by=by, at=at)
    ticket.sign(by=by, at=at, why="edit_record")
    save(ticket)
    record = ticket.intake
    record.remark = remark
    record.sign(by=by, at=at, why="edit_record")
    record.save()
    act(ticket, "edit_record", by=by, at=at, clause="3.2")
    return ticket


def _correct(ticket: Ticket, entries: dict[str, Any], *, by: Any, at: dt.datetime) -> None:
    """Corrections go where each word lives: person, own words, ticket."""
    people.refuse_more({name: entries.get(name) for name in ticket.erased_entries})
    reports_for = entries.pop("reports_for", None) or ""
    words = {("name" if k == "contact" else k): entries[k] for k in PERSON if k in entries}
    people.change_person(ticket.contact, by=by, at=at, **words)
    own = {k: entries[k] for k in OWN_WORDS if k in entries}
    for name in VEHICLE:
        if name in entries:
            setattr(ticket, name, entries[name] if entries[name] is not None else _blank(name))
    ticket.vin = "".join(ticket.vin.split()).upper()
    if ticket.vin and (ticket.vehicle is None or ticket.vehicle.vin != ticket.vin):
        ticket.vehicle = None
    _match(ticket, ticket.contact, reports_for)
    if own or "vin" in entries:
        for name, value in own.items():
            setattr(ticket.words, name, value or "")
        ticket.words.ticket = ticket
        ticket.words.save()


def _blank(name: str) -> Any:
    return None if name in ("delivered_on", "odometer") else ""


@transaction.atomic
def match_vehicle(ticket: Ticket, *, by: Any, at: dt.datetime, vehicle: Vehicle) -> Ticket:
    """Customer service finds which vehicle was meant; what the customer typed stands in the timeline."""
    ticket = locked(ticket)
    typed, known = ticket.vin, sales.customers_by_phone(ticket.contact.phone)
    before = ticket.customer
    _take_vehicle(ticket, vehicle, known, "" if before else "owner")
    _hold(ticket, before)
    ticket.sign(by=by, at=at, why="match_vehicle")
    save(ticket)
    ticket.words.ticket = ticket
    ticket.words.save()
    act(ticket, "match_vehicle", by=by, at=at, clause="3.2", typed=typed, vin=vehicle.vin)
    return ticket


@transaction.atomic
def hand_over(ticket: Ticket, *, by: Any, at: dt.datetime, engineer: Any, remark: str = "") -> Ticket:
    """Hand the report to a named engineer within 12 hours (3.2); he is told at once, also at night."""
    ticket = locked(ticket)
    advance(ticket, "hand_over", by=by, at=at, engineer=engineer, why=remark, data={"engineer": engineer.pk})
    tell_engineer(ticket, at=at)
    return ticket


def tell_engineer(ticket: Ticket, *, at: dt.datetime) -> None:
    tell(
        hands(ticket, at),
        event_key=f"ticket:{ticket.pk}:handed:{ticket.turn}",
        hand_over=True,
        at=at,
        title=gettext_noop("Ticket {number} was handed to you"),
        params={"number": ticket.number},
        url=ticket.get_absolute_url(),
    )


@transaction.atomic
def cancel(
    ticket: Ticket, *, by: Any, at: dt.datetime, reason: str, reason_kind: str = "withdrawn"
) -> Ticket:
    """Cancel with a reason: duplicate, withdrawn, not ours (3.1); running clocks end void, breaches stay."""
    ticket = locked(ticket)
    advance(ticket, "cancel", by=by, at=at, why=reason, data={"kind": reason_kind})
    return ticket


@transaction.atomic
def merge(ticket: Ticket, *, by: Any, at: dt.datetime, into: Ticket, reason: str = "") -> Ticket:
    """A duplicate report joins its survivor: pictures, notes and, per clock, the earlier one (3.1).

    Messages stay where their writer reads them: the survivor may be another customer's.
    """
    first, second = sorted([ticket.pk, into.pk])
    rows = {
        t.pk: t
        for t in Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[first, second]).order_by("pk")
    }
    ticket, survivor = rows[ticket.pk], rows[into.pk]
    if survivor.pk == ticket.pk:
        raise BadEntry(_("A ticket cannot be merged into itself."), "3.1", "into")
    if survivor.stage in (Stage.COMPLETED, Stage.CANCELLED, Stage.CLOSED):
        raise OutOfTurn(
            _("The other ticket is no longer open; reports merge into open tickets only."), "3.1", "into"
        )
    ticket.merged_into = survivor
    deadlines.merge(ticket, survivor, at=at)
    advance(ticket, "merge", by=by, at=at, why=reason, data={"into": survivor.number})
    ticket.attachments.update(origin=Coalesce("origin", "ticket"), ticket=survivor)
    ticket.notes.update(ticket=survivor)
    act(survivor, "merged_in", by=by, at=at, clause="3.1", number=ticket.number)
    return survivor
