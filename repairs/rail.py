"""What stands beside the paper: the stage line, the steps one may take now, and why the next ones must wait."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.access import may
from aftersales.problems import Refusal

from . import steps
from .flow import ROAD, PlanType, Stage
from .logbook import Line
from .models import Ticket
from .steps import STEPS, Step

#: steps that carry the ticket along its road, in its order; everything else is an act beside it
ROAD_STEPS = (
    "accept", "hand_over", "contact", "plan", "consent", "begin", "complete", "call_back", "close_unreached", "write_off",
    "reopen",
)  # fmt: skip
REACHED_BY = {
    Stage.REPORTED: ("report", "phone_in", "relay"), Stage.RECORDED: ("accept",), Stage.CONTACTED: ("reach",),
    Stage.ASSIGNED: ("hand_over", "reassign", "send_back", "reopen"), Stage.PLANNED: ("plan",),
    Stage.IN_SERVICE: ("begin",), Stage.COMPLETED: ("complete",), Stage.CLOSED: ("close", "close_unreached"),
    Stage.CANCELLED: ("cancel", "merge"),
}  # fmt: skip


@dataclass(slots=True)
class Offer:
    """A step as one person meets it now."""

    name: str
    label: str
    clause: str
    url: str
    allowed: bool
    why_not: str = ""
    danger: bool = False


@dataclass(slots=True)
class Rail:
    """`road`: buttons, the likeliest first, and locked ones; `acts`: what may be done beside it."""

    road: list[Offer]
    acts: list[Offer]


def rail(ticket: Ticket, user: Any, lines: list[Line]) -> Rail:
    """The steps of this person on this ticket."""
    offered = [(s, why) for s, why in steps.offered(ticket, user) if not idle(s.name, ticket, lines)]
    now = [_offer(ticket, s, why) for s, why in offered]
    road = sorted(
        (o for o in now if o.name in ROAD_STEPS), key=lambda o: (not o.allowed, ROAD_STEPS.index(o.name))
    )
    return Rail(road + _ahead(ticket, user), [o for o in now if o.name not in ROAD_STEPS and o.allowed])


def _offer(ticket: Ticket, step: Step, why: Refusal | None) -> Offer:
    url = reverse("repairs:step", args=[ticket.number, step.name])
    return Offer(
        step.name, str(step.label), step.clause, url, why is None, str(why) if why else "", step.danger
    )


def _ahead(ticket: Ticket, user: Any) -> list[Offer]:
    """The steps further along the road that are this person's by right, locked, with the sentence that says why."""
    found = []
    for name in ROAD_STEPS:
        step = STEPS[name]
        lies_ahead = step.moves and name not in ("reopen", "close_unreached") and _later(ticket, step)
        if lies_ahead and may(user, step.action, ticket):
            found.append(_offer(ticket, step, steps.refusal(ticket, step, user)))
    return found


def _later(ticket: Ticket, step: Step) -> bool:
    return ticket.road_index >= 0 and min(PLACE[stage] for stage in step.stages) > ticket.road_index


def idle(name: str, ticket: Ticket, lines: list[Line]) -> bool:
    """Steps that have nothing to do on this ticket are not shown."""
    if name == "consent":
        return ticket.plan_type != PlanType.SELF_INSTALL or ticket.self_install_agreed
    if name == "match_vehicle":
        return ticket.vehicle_id is not None
    if name == "write_off":
        done = ticket.round if ticket.stage in (Stage.COMPLETED, Stage.CLOSED) else ticket.round - 1
        return {line.round for line in lines if line.kind == "write_off"}.issuperset(range(1, done + 1))
    if name == "crew_leave":
        return not any(line.kind == "crew" and line.later is None for line in lines)
    return False


def stage_line(ticket: Ticket, lines: list[Line]) -> list[dict[str, Any]]:
    """The stages of the present round with the moment and the hand that reached each."""
    reached = {name: line for line in lines if line.kind == "event" for name in [line.a]}
    road = (
        [*ROAD]
        if ticket.road_index >= 0
        else [Stage(s) for s in ROAD if _event_of(s, reached)] + [Stage.CANCELLED]
    )
    here = [str(stage) for stage in road].index(ticket.stage)
    return [
        _stage(s, place, here, _event_of(s, reached) if place <= here else None)
        for place, s in enumerate(road)
    ]


def _event_of(stage: Stage, reached: dict[str, Line]) -> Line | None:
    found = [reached[name] for name in REACHED_BY[stage] if name in reached]
    return max(found, key=lambda line: line.at, default=None)


def _stage(stage: Stage, place: int, here: int, event: Line | None) -> dict[str, Any]:
    state = "done" if place < here else "now" if place == here else "ahead"
    return {
        "label": stage.label,
        "state": state,
        "at": event.at if event else None,
        "by": event.who if event else "",
    }


#: where a stage lies on the road
PLACE: dict[Stage, int] = {stage: place for place, stage in enumerate(ROAD)}

#: which steps discharge a duty, in the order of the road
DISCHARGE = {
    "collect": ("accept",), "handover": ("accept", "hand_over"), "contact": ("contact",), "plan": ("contact", "plan"),
    "callback": ("call_back",), "write_off": ("write_off",), "appointment": ("begin",),
}  # fmt: skip


def discharging(rule: str, ticket: Ticket) -> Step | None:
    """The step with which the holder of this clock goes on now, or None."""
    names = DISCHARGE.get(rule, ())
    return next((STEPS[name] for name in names if ticket.stage in STEPS[name].stages), None)
