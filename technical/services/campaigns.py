"""服务活动: where a whole batch is hit, every vehicle of it is called in (7.2, J104); who cannot be is listed with the reason."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import demand
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from repairs.flow import Stage
from repairs.services import call_in
from sales.models import Vehicle

from ..flow import NoticeStage
from ..models import Campaign, CampaignVehicle, Notice
from .notices import CLAUSE, locked

START = "campaign.start"
#: vehicles that one start can call in; more are called in by another
MOST = 200
#: a vehicle is done with when its ticket is
DONE = (Stage.COMPLETED, Stage.CLOSED, Stage.CANCELLED)
#: why a vehicle gets no ticket
WHY = {
    "unknown": pgettext_lazy("campaign", "this VIN is not registered"),
    "nobody": pgettext_lazy("campaign", "no customer is known"),
    "erased": pgettext_lazy("campaign", "the customer's data was erased at his request"),
    "unreachable": pgettext_lazy("campaign", "no phone of the customer is known"),
    "already": pgettext_lazy("campaign", "is in the campaign already"),
}


@dataclass(frozen=True)
class Drawn:
    """What a start would do: `called` get a ticket, `left_out` are {vin, why} with a key of `WHY`."""

    called: list[Vehicle]
    left_out: list[dict[str, str]]


def preview(notice: Notice, vehicles: Iterable[Vehicle], unknown: Iterable[str] = ()) -> Drawn:
    """The dry run: nothing is written. `unknown` are VINs that were asked for and are not registered."""
    there = set(CampaignVehicle.objects.filter(campaign__notice=notice).values_list("vehicle", flat=True))
    called: list[Vehicle] = []
    left = [{"vin": vin, "why": "unknown"} for vin in unknown]
    for vehicle in vehicles:
        why = _why_not(vehicle, there)
        if why:
            left.append({"vin": vehicle.vin, "why": why})
        else:
            called.append(vehicle)
    return Drawn(called, left)


def _why_not(vehicle: Vehicle, there: set[int]) -> str:
    if vehicle.pk in there:
        return "already"
    if vehicle.customer is None:
        return "nobody"
    if vehicle.customer.erased_at is not None:
        return "erased"
    return "" if vehicle.customer.person.phone else "unreachable"


@transaction.atomic
def start(
    notice: Notice, *, title: str, symptom: str, vehicles: Iterable[Vehicle], by: Any, at: dt.datetime,
    unknown: Iterable[str] = (),
) -> Campaign:  # fmt: skip
    """A ticket for each vehicle (J104); started again, the campaign grows by those that are not in it. Customer service is told.

    Raises `BadEntry` at `vehicles` where nobody can be called in, or more than `MOST`.
    """
    held = locked(notice)
    demand(by, START, held)
    if held.stage == NoticeStage.WITHDRAWN:
        raise OutOfTurn(_("The notice was withdrawn; no vehicle is called in."), CLAUSE)
    drawn = preview(held, vehicles, unknown)
    _can_be_called(drawn.called)
    campaign = _campaign(held, title, symptom, drawn, by, at)
    for vehicle in drawn.called:
        ticket = call_in(vehicle, symptom=symptom, by=by, at=at, data={"notice": held.number})
        CampaignVehicle.objects.create(campaign=campaign, vehicle=vehicle, ticket=ticket)
    keep(held, "campaign", by=by, at=at)
    _tell(held, len(drawn.called), at)
    return campaign


def _can_be_called(vehicles: list[Vehicle]) -> None:
    if not vehicles:
        raise BadEntry(_("None of these vehicles can be called in."), CLAUSE, "vehicles")
    if len(vehicles) > MOST:
        raise BadEntry(
            _("At most {most} vehicles are called in at once; narrow the choice."),
            CLAUSE,
            "vehicles",
            most=MOST,
        )


def _campaign(notice: Notice, title: str, symptom: str, drawn: Drawn, by: Any, at: dt.datetime) -> Campaign:
    """The notice has one; what was left out earlier and is still out stays on the list."""
    made, _new = Campaign.objects.get_or_create(
        notice=notice, defaults={"title": title, "symptom": symptom, "made_at": at, "made_by": by}
    )
    called = {vehicle.vin for vehicle in drawn.called}
    left = [row for row in drawn.left_out if row["why"] != "already"]
    seen = called | {row["vin"] for row in left}
    made.left_out = [row for row in made.left_out if row["vin"] not in seen] + left
    made.save(update_fields=["left_out"])
    return made


def _tell(notice: Notice, count: int, at: dt.datetime) -> None:
    title = _("Service campaign of {number}: {count} tickets wait to be handed over (3.2).")
    tell(
        list(members(Department.SERVICE, at)), at=at, event_key=f"campaign:{notice.number}:{notice.revision}", kind="quality",
        title=title, params={"number": notice.number, "count": str(count)}, url=notice.get_absolute_url(),
    )  # fmt: skip
