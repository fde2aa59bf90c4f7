"""The delivery record on the screen and on A4 (2.1): vehicle, customer, every point with its tick, the customer's hand."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Part
from aftersales.paper import drawings
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table
from aftersales.paper.whole import whole

from .briefing import named
from .delivering import signature_of
from .delivery_forms import CONSENT
from .models import Delivery


def parts(row: Delivery, user: Any) -> list[Part]:
    """The sections of the page; the customer's name and hand only for whom J09 opens him."""
    opened = may(user, "customer.view", row.customer)
    found = [_vehicle(row), _customer(row, opened), _points(row)]
    return [*found, _hand(row, opened)]


def _vehicle(row: Delivery) -> Part:
    vehicle = row.vehicle
    rows = [
        (_("VIN"), link(vehicle, "vin")), (_("Vehicle model"), str(vehicle.model)),
        (_("Date of delivery"), row.delivered_on.isoformat()), (_reading(row), _count(row.reading)),
        (_("Accessories handed over"), row.accessories or "–", "wide"),
    ]  # fmt: skip
    return Part("vehicle", _("Vehicle"), rows)


def _reading(row: Delivery) -> str:
    return _("Hours at delivery") if row.vehicle.model.counts_hours else _("Kilometres at delivery")


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _customer(row: Delivery, opened: bool) -> Part:
    person = row.customer.person
    if not opened:
        return Part("customer", _("Customer"), [(_("Customer number"), row.customer.number)])
    rows = [
        (_("Customer number"), link(row.customer)), (_("Contact"), person.shown_name),
        (_("Customer or company"), person.organisation or "–"), (_("Phone"), person.masked_phone),
        (_("Consent"), _("given") if row.consent else _("not given"), "wide"),
    ]  # fmt: skip
    return Part("customer", _("Customer"), rows)


def _points(row: Delivery) -> Part:
    told = set(row.explained)
    rows: list[Any] = [
        (
            ("✓ " if key in told else "○ ") + (_("explained") if key in told else _("left open")),
            str(words),
            "wide",
        )
        for key, words in named(row.checklist).points.items()
    ]
    if row.reason:
        rows.append((_("Why points were left open"), row.reason, "wide"))
    return Part(
        "points",
        _("Explained to the customer"),
        rows,
        note=_("Checklist {version}").format(version=row.checklist),
    )


def _hand(row: Delivery, opened: bool) -> Part:
    signed = signature_of(row)
    if signed is None:
        return Part("hand", _("Customer's signature"), empty=_("Not signed."))
    who = signed.person.shown_name if opened else _("shown to whoever may open the customer")
    rows: list[Any] = [
        (_("Signed by"), who), (_("Signed at"), moments.when(signed.signed_at)), (_("Witness"), str(signed.witness)),
    ]  # fmt: skip
    if signed.delivery_id != row.pk:
        rows.append((_("Signed on version"), str(signed.delivery.version)))
    return Part("hand", _("Customer's signature"), rows)


def ink(row: Delivery, user: Any) -> Any:
    """The drawing of the signature, for whom the customer is open."""
    signed = signature_of(row) if may(user, "customer.view", row.customer) else None
    return drawings.signature(signed.strokes) if signed is not None and signed.strokes else None


# --- paper
def plain(row: Delivery, *, by: Any, at: dt.datetime) -> Plain:
    """The record as A4: the customer takes one copy along."""
    title = _p("form", "Vehicle delivery record")
    numbers = {
        _p("form", "Delivery number"): row.series,
        _p("form", "Version of the record"): str(row.version),
    }
    found = [_on_paper(row, by), _told(row), _under_it(row, by)]
    return whole(title, row, found, by=by, at=at, form="2.1", numbers=numbers, row=8.4)


def _on_paper(row: Delivery, by: Any) -> Plain:
    vehicle, opened = row.vehicle, may(by, "customer.view", row.customer)
    person = row.customer.person
    unit, contact = (person.organisation, person.shown_name) if opened else ("", "")
    return section(
        _p("form section", "Vehicle and customer"),
        [cell(_p("form", "VIN / frame number"), vehicle.vin, 6), cell(_p("form", "Vehicle model"), vehicle.model, 6)],
        [cell(_p("form", "Delivered on"), row.delivered_on, 6), cell(_p("form", "Kilometres / hours"), _number(row.reading), 6)],
        [cell(_p("form", "Motor number"), vehicle.motor_no, 6), cell(_p("form", "Battery number"), vehicle.battery_no, 6)],
        [cell(_p("form", "Customer / unit"), unit, 6), cell(_p("form", "Contact"), contact, 6)],
        [cell(_p("form", "Customer number"), row.customer.number, 6),
         cell(_p("form", "Telephone"), person.masked_phone if opened else "", 6)],
        [cell(_p("form", "Accessories"), row.accessories)],
    )  # fmt: skip


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _told(row: Delivery) -> Plain:
    points, told = named(row.checklist).points, set(row.explained)
    rows = [(str(n), str(words), key in told) for n, (key, words) in enumerate(points.items(), 1)]
    return table(
        _p("form section", "Briefing"),
        [column(_p("form", "No."), 4), column(_p("form", "What was explained"), 40), column(_p("form", "Explained"), 7)],
        rows,
    )  # fmt: skip


def _under_it(row: Delivery, by: Any) -> Plain:
    signed, opened = signature_of(row), may(by, "customer.view", row.customer)
    name = signed.person.shown_name if signed and opened else ""
    when = moments.when(signed.signed_at) if signed else ""
    if signed is not None and signed.delivery_id != row.pk:
        when += " · " + _p("form", "signed version {version}").format(version=signed.delivery.version)
    yes_no = {"y": _p("form", "agrees"), "n": _p("form", "does not agree")}
    return section(
        _p("form section", "Confirmation"),
        [cell(_p("form", "Left open because"), row.reason, lines=2)],
        [cell(_p("form", "Privacy"), CONSENT, options=one_of(yes_no, "y" if row.consent else "n"), lines=2)],
        [cell(_p("form", "Salesperson"), row.made_by, 6, lines=3),
         cell(_p("form", "Customer's signature"), f"{name} {when}".strip(), 6, ink=ink(row, by), lines=3)],
    )  # fmt: skip
