"""One ticket's story: a generator that says when it wants to act next, and acts when that moment has come."""

import datetime as dt
import random
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import User
from aftersales.limits import local_day
from aftersales.problems import Refusal
from catalogue.models import Part
from parts.models import Release
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.told.by_hand import told_by_hand, untold
from sales.models import Customer, Vehicle

from . import helping, spares, supply, words
from .moments import by_day, collection, hours
from .pictures import nameplate, picture

Story = Generator[dt.datetime, dt.datetime, None]


@dataclass
class Cast:
    """Who plays: people by username, customers, vehicles, and the dice."""

    people: dict[str, User]
    customers: list[Customer]
    vehicles: list[Vehicle]
    rng: random.Random
    now: dt.datetime
    parts: dict[str, Part]
    last: Ticket | None = None
    after: list[Any] = field(default_factory=list)  # stories that begin beside the one that is being told
    case: Any = None  # what comes after a completion: `quality.case`
    held: Any = None  # who answers for one report after the other: `quality.TURNS`
    contested: bool = False  # a case of the last days waits for its panel: `quality.LATELY`
    help: dict[str, Any] = field(default_factory=dict)  # a word of a fault → the article about it

    def agent(self) -> User:
        return self.people[self.rng.choice(["service", "service2", "service3"])]

    def engineer(self) -> User:
        return self.people[self.rng.choice(["engineer", "engineer2", "engineer3", "engineer4", "engineer5"])]


def dice_of(ticket: Ticket, what: str) -> random.Random:
    """Dice of one ticket's own: the rest goes on as it would without them, whatever key its row has."""
    return random.Random(f"{what} {ticket.number}")  # a story, not a secret


def whole(cast: Cast, start: dt.datetime) -> Story:
    """From the report to the callback, with what goes wrong on the way."""
    rng, fault = cast.rng, cast.rng.choice(words.FAULTS)
    ticket, at = yield from reported(cast, start, fault)
    if rng.random() < 0.05:
        yield from cancelled(cast, ticket, at)
        return
    agent = cast.agent()
    if ticket.stage == Stage.REPORTED:
        at = yield (collection(at) if rng.random() < 0.93 else by_day(at + hours(rng.uniform(20, 40))))
        services.accept(ticket, by=agent, at=at, remark=rng.choice(["", "", "客户着急用车"]))
    if cast.last is not None and rng.random() < 0.02 and cast.last.is_open:
        at = yield at + hours(0.5)
        if _try(services.merge, ticket, by=agent, at=at, into=cast.last, reason="同一故障重复报修"):
            return
    cast.last = ticket
    if rng.random() < 0.15:
        at = yield at + hours(0.2)
        services.note(ticket, by=agent, at=at, text=rng.choice(words.NOTES))
    engineer = cast.engineer()
    at = yield at + hours(rng.choices([rng.uniform(0.2, 8), rng.uniform(12.5, 20)], [94, 6])[0])
    services.hand_over(ticket, by=agent, at=at, engineer=engineer)
    yield from a_round(cast, ticket, engineer, fault, at)


def handed_over(cast: Cast) -> Story:
    """Whatever the hour, somebody was given a ticket about which he has not called yet."""
    ours = replace(cast, rng=random.Random(43))  # a story, not a secret
    agent, fault = ours.agent(), ours.rng.choice(words.FAULTS)
    at = yield cast.now - hours(3)
    ticket = services.phone_in(by=agent, at=at, **entries_for(ours, fault, at))
    at = yield at + hours(1)
    services.hand_over(ticket, by=agent, at=at, engineer=ours.engineer())


def reported(
    cast: Cast, start: dt.datetime, fault: words.Fault
) -> Generator[dt.datetime, dt.datetime, tuple[Ticket, dt.datetime]]:
    rng = cast.rng
    entries = entries_for(cast, fault, start)
    channel = rng.choices(["web", "phone", "sales"], [55, 33, 12])[0]
    at = yield start
    if channel == "phone":
        return services.phone_in(by=cast.agent(), at=at, **entries), at
    if channel == "sales":
        seller = cast.people[rng.choice(["sales", "sales2"])]
        told = at - hours(rng.choices([rng.uniform(0.3, 9), rng.uniform(13, 20)], [92, 8])[0])
        return services.relay(by=seller, at=at, reported_at=told, **entries), at
    read = helping.tried(cast.help, fault.symptom, start)
    ticket = services.report(at=at, privacy_version="2026-01", tried=read, **entries)
    if rng.random() < 0.06:
        plates = [nameplate(ticket.vin)] if at.day % 3 == 0 else []
        services.attach(ticket, [picture(rng), *plates], at=at)
    return ticket, at


def entries_for(cast: Cast, fault: words.Fault, start: dt.datetime) -> dict[str, Any]:
    rng = cast.rng
    driven = [v for v in cast.vehicles if v.delivered_on and v.delivered_on < local_day(start)]
    vehicle = rng.choice(driven) if driven and rng.random() < 0.75 else None
    owner = vehicle.customer if vehicle and vehicle.customer else rng.choice(cast.customers)
    typed = vehicle.vin if vehicle else rng.choice(["", "", "LFY旧车没有铭牌", "看不清"])
    person = owner.person
    return {
        "contact": person.name, "phone": person.phone, "organisation": person.organisation, "street": person.street,
        "region": owner.region, "vin": typed, "model": vehicle.model.name if vehicle else rng.choice(words.MODELS)[1],
        "odometer": rng.randint(300, 26_000), "symptom": fault.symptom,
        "occurred": rng.choice(["", "今天早上", "昨天下雨后", "爬坡时"]),
        "drivable": rng.choice(["yes", "limited", "no"]), "self_checked": rng.choice(["", "重启过两次", "检查过保险丝"]),
        "urgency": rng.choices(["normal", "urgent", "stopped"], [75, 18, 7])[0],
        "position": "32.48601,119.90442,14" if start.day % 6 == 0 else "",
    }  # fmt: skip


def cancelled(cast: Cast, ticket: Ticket, at: dt.datetime) -> Story:
    at = yield by_day(at + hours(3))
    services.cancel(ticket, by=cast.agent(), at=at, reason="客户来电称已自行解决", reason_kind="withdrawn")


def tell(cast: Cast, ticket: Ticket, at: dt.datetime) -> None:
    """Customer service copies into WeChat what the customer is to hear, most of the time."""
    if dice_of(ticket, "told").random() < 0.75:
        for row in untold(at).filter(ticket=ticket):
            told_by_hand(row, by=cast.people["service"], at=at)


def a_round(cast: Cast, ticket: Ticket, engineer: User, fault: words.Fault, at: dt.datetime) -> Story:
    """One round: contact, plan, service, completion, callback; unsolved ones go on."""
    rng = cast.rng
    if rng.random() < 0.18:
        at = yield by_day(at + hours(rng.uniform(0.5, 3)))
        services.attempt(ticket, by=engineer, at=at, result=rng.choice(["no_answer", "busy", "off"]))
    if rng.random() < 0.05:
        at = yield at + hours(2)
        engineer = next(e for e in iter(cast.engineer, None) if e != engineer)
        services.reassign(
            ticket, by=cast.people["service"], at=at, engineer=engineer, reason="原工程师出差未归"
        )
    at = yield at + hours(rng.choices([rng.uniform(0.3, 10), rng.uniform(12.5, 26)], [92, 8])[0])
    services.contact(
        ticket,
        by=engineer,
        at=at,
        confirmed_symptom=fault.confirmed,
        cause_guess=fault.cause,
        damage_type=rng.choices(["not_human", "pending", "human"], [80, 12, 8])[0],
        damage_evidence="",
    )
    if rng.random() < 0.12:
        at = yield at + hours(0.6)
        services.message(ticket, at=at, text=rng.choice(words.QUESTIONS))
        at = yield at + hours(0.4)
        services.message(ticket, at=at, text=rng.choice(words.ANSWERS), by=engineer)
        tell(cast, ticket, at)
    if rng.random() < 0.04:
        services.pause_plan(
            ticket,
            by=engineer,
            at=at,
            begins_at=at,
            ends_at=at + hours(12),
            reason="等客户提供控制器编号",
            evidence="电话记录",
        )
    at = yield at + hours(rng.choices([rng.uniform(0.2, 6), rng.uniform(14, 30)], [92, 8])[0])
    kind = "c" if fault.visits else "b"
    part = spares.wanted(fault.confirmed + fault.work, cast.parts)
    kind = "a" if part is not None and not part.bulky and rng.random() < 0.15 else kind
    needs = kind == "a" or (kind == "c" and part is not None and rng.random() < 0.6)
    appointment = by_day(at + hours(rng.uniform(30, 70) if needs else rng.uniform(8, 60)))
    services.plan(ticket, by=engineer, at=at, **plan_entries(kind, fault, appointment, needs))
    tell(cast, ticket, at)
    sheet: Release | None = None
    if needs and part is not None:
        sheet, at = yield from supply.asked(cast, ticket, engineer, part, kind, at)
        at = yield from supply.issued(cast, sheet, at)
        if kind == "a":
            at = yield from supply.shipped(cast, sheet, at)
    if kind != "a":
        at = yield (
            max(appointment + hours(rng.uniform(-0.2, 1.5)), at + hours(1))
            if kind == "c"
            else by_day(at + hours(rng.uniform(0.1, 3)))
        )
        services.begin(_fresh(ticket), by=engineer, at=at)
    if kind == "b" and rng.random() < 0.08:
        at = yield at + hours(1)
        services.replan(ticket, by=engineer, at=at, reason="电话指导未能解决，需上门")
        appointment = by_day(at + hours(20))
        at = yield at + hours(2)
        services.plan(ticket, by=engineer, at=at, **plan_entries("c", fault, appointment))
        kind = "c"
        at = yield appointment
        services.begin(ticket, by=engineer, at=at)
    at = yield at + hours(rng.uniform(0.4, 5))
    finish: dict[str, Any] = (
        {"signer": ticket.contact.name, "strokes": ""}
        if kind == "c"
        else {"customer_word": "电话确认已恢复正常"}
    )
    if sheet is not None:
        supply.declared(sheet, engineer, at, rng)
    services.complete(_fresh(ticket), by=engineer, at=at, work_done=fault.work, result="试车正常", **finish)
    cast.after.append(cast.case(cast, ticket, fault, at))
    if sheet is not None:
        cast.after += [supply.brought_back(cast, sheet, engineer, at), supply.checked(cast, ticket, at)]
    yield from called_back(cast, ticket, engineer, fault, at)


def _fresh(ticket: Ticket) -> Ticket:
    """As the parts have left it."""
    ticket.refresh_from_db()
    return ticket


def plan_entries(
    kind: str, fault: words.Fault, appointment: dt.datetime, needs_parts: bool = False
) -> dict[str, Any]:
    entries: dict[str, Any] = {
        "plan_type": kind,
        "explanation": fault.work,
        "told_how": "phone",
        "needs_parts": needs_parts,
    }
    if kind == "a":
        entries |= {
            "assembly_notes": "断电后操作，按图示安装，螺丝拧紧到位",
            "risk_text": "装配不当造成的损失由客户自行承担",
            "self_install_ok": True,
            "consent_how": "phone",
        }
    return entries | ({"appointment_at": appointment} if kind == "c" else {})


def called_back(cast: Cast, ticket: Ticket, engineer: User, fault: words.Fault, at: dt.datetime) -> Story:
    rng, agent, done = cast.rng, cast.agent(), at
    if rng.random() < 0.05:
        for gap in (3, 18, 27):
            at = yield by_day(done + hours(gap))
            services.attempt(ticket, by=agent, at=at, result="no_answer", purpose="callback")
        at = yield at + hours(0.2)
        if not _try(services.close_unreached, ticket, by=agent, at=at, reason="多次拨打未接通"):
            return
    else:
        at = yield by_day(at + hours(rng.choices([rng.uniform(1, 14), rng.uniform(26, 40)], [92, 8])[0]))
        solved = ticket.round > 1 or rng.random() > 0.07
        services.call_back(ticket, by=agent, at=at, **answers(rng, solved))
    at = yield at + hours(rng.uniform(0.1, 4))
    services.write_off(ticket, by=agent, at=at)
    ticket.refresh_from_db()
    if ticket.stage == Stage.ASSIGNED:
        yield from a_round(cast, ticket, engineer, fault, at)
    elif rng.random() < 0.02:
        at = yield at + dt.timedelta(days=rng.randint(2, 20))
        services.reopen(ticket, by=cast.people["service"], at=at, reason="客户来电，同样的故障又出现")
        yield from a_round(cast, ticket, engineer, fault, at)


def answers(rng: random.Random, solved: bool) -> dict[str, Any]:
    good = solved and rng.random() < 0.9
    grade = (lambda: rng.choice([4, 5, 5])) if good else (lambda: rng.choice([1, 2, 3, 3]))
    entries = {
        "way": "phone", "resolved": solved, "on_time": good or rng.random() < 0.5, "attitude": grade(), "quality": grade(),
        "speed": grade(), "explained": True, "overall": rng.choice(["very_satisfied", "satisfied"]) if good else "dissatisfied",
        "reasons": [] if good else [rng.choice(["time", "quality"])], "intent": rng.random() < 0.06,
        "suggestion": rng.choice(words.PRAISE if good else words.BLAME),
    }  # fmt: skip
    return entries if solved else entries | {"reason": "故障没有彻底解决，行驶后又出现"}


def _try(act: Any, *args: Any, **entries: Any) -> bool:
    """An act that the rules may refuse in this story; the story then goes on without it."""
    try:
        act(*args, **entries)
    except Refusal:
        return False
    return True
