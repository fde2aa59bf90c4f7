"""What is explained at a hand-over (2.1, 2.2): dated lists; a record names the one that it was signed under.

A change is a new list with its day; the old ones stay, so that a record of then says what was explained then.
"""

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

Points = dict[str, object]


class Checklist(NamedTuple):
    """`points`: key → what the salesperson explains, in the order of the hand-over."""

    version: str
    since: dt.date
    points: Points


CHECKLISTS = (
    Checklist("2026-11", dt.date(2015, 1, 5), {
        "operation": _("Operation: starting, gears, steering, parking and emergency stop, tried out by the customer"),
        "charging": _("Charging: charger and socket, times, never unattended, battery in heat and frost"),
        "care": _("Daily care: what is looked at before each trip, washing, storage, intervals of maintenance"),
        "brakes": _("Brakes and tyres: free travel, wear limits, tyre pressure, wheel nuts"),
        "load": _("Load limits: persons, payload, slopes and wading depth; no conversions"),
        "voltage": _("High voltage: orange cables are never touched, what to do after a crash, water or fire"),
        "warranty": _("Warranty: terms by part group, what counts as human damage, old parts come back"),
        "remedies": _("Common remedies: what he may try himself first (2.2)"),
        "report": _("Reporting a fault: hotline, website and the QR label on the vehicle, which he has received"),
        "papers": _("Papers handed over: manual, certificate, keys, invoice"),
    }),
)  # fmt: skip


def checklist_of(day: dt.date) -> Checklist:
    """The list in force on that day."""
    return max((c for c in CHECKLISTS if c.since <= day), key=lambda c: c.since, default=CHECKLISTS[0])


def named(version: str) -> Checklist:
    """The list that a record was signed under."""
    return next((c for c in CHECKLISTS if c.version == version), CHECKLISTS[-1])
