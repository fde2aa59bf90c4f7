"""Vehicles handed over with a briefing (2.1), repairs from before the portal, a customer who was entered twice."""

import datetime as dt
import json
import math
import random
from collections.abc import Sequence
from typing import Any

from aftersales.limits import local_day, moment_of
from repairs import paper_tickets
from sales import services as sales
from sales.briefing import CHECKLISTS
from sales.delivering import deliver
from sales.imports.rows import Found
from sales.models import Customer, Vehicle

from . import words

LATEST = 3  # of the vehicles sold last nobody has written the hand-over down yet
ACCESSORIES = ("随车工具一套、充电器、备用钥匙", "充电器、说明书、灭火器", "随车工具一套、三角警示牌")
WORK = (
    ("刹车异响，制动距离变长", "更换前后刹车片，调整间隙", "BP-0001 × 2", "c"),
    ("充不进电", "更换充电器保险，电话指导复位", "", "b"),
    ("仪表不亮", "更换仪表线束插头", "线束插头 × 1", "c"), ("转向跑偏", "四轮定位，更换左拉杆球头", "球头 × 1", "c"),
    ("后视镜破损", "寄送后视镜，客户自行更换", "后视镜 × 1", "a"),
)  # fmt: skip


def record(
    staff: dict[str, Any],
    owners: Sequence[Customer],
    vehicles: Sequence[Vehicle],
    begin: dt.datetime,
    now: dt.datetime,
) -> None:
    """Dice of its own, so that the other stories stay as they are."""
    rng = random.Random(21)  # a story, not a secret
    sold = sorted((v for v in vehicles if v.delivered_on), key=lambda v: v.delivered_on or local_day(now))
    for number, vehicle in enumerate(sold[:-LATEST]):
        _handed_over(rng, vehicle, number, now)
    for vehicle in sold[-LATEST:]:
        sales.change_vehicle(vehicle, by=vehicle.seller, at=now - dt.timedelta(days=1), delivered_on=None)
    _on_paper(
        rng, [v for v in sold if moment_of(v.delivered_on or local_day(now)) < begin], staff["service"], begin
    )
    twin = owners[7]
    person = sales.write_down(name=f"{twin.person.name[:1]}师傅", phone=twin.person.phone)
    sales.open_customer(person, region=twin.region, at=now - dt.timedelta(days=5))


def _handed_over(rng: random.Random, vehicle: Vehicle, number: int, now: dt.datetime) -> None:
    day, owner = vehicle.delivered_on, vehicle.customer
    assert day is not None and owner is not None
    points, skipped = list(CHECKLISTS[-1].points), number % 9 == 4
    deliver(
        vin=vehicle.vin, customer=owner, by=vehicle.seller, at=min(moment_of(day, dt.time(10 + number % 7, 20)), now),
        delivered_on=day, reading=rng.randint(3, 60), accessories=rng.choice(ACCESSORIES),
        explained=points[:-1] if skipped else points, reason="资料随后快递" if skipped else "", consent=number % 6 != 5,
        signer=owner.person.name, strokes=scribble(rng),
    )  # fmt: skip


def scribble(rng: random.Random) -> str:
    """Three strokes that look like a hand."""
    strokes = []
    for place in range(3):
        left, high = 120 + 260 * place, rng.randint(250, 420)
        strokes.append([
            [left + 22 * n, round(high + 160 * math.sin(n * rng.uniform(0.5, 0.8)) + 8 * n)] for n in range(10)
        ])  # fmt: skip
    return json.dumps(strokes)


def _on_paper(rng: random.Random, vehicles: Sequence[Vehicle], by: Any, begin: dt.datetime) -> None:
    """Nine repair orders from the years before, as customer service copied them from the folder."""
    rows: list[dict[str, Any]] = []
    for number, vehicle in enumerate([*vehicles[:6], *vehicles[:6]], 1):
        symptom, work, parts, plan = rng.choice(WORK)
        first = (vehicle.delivered_on or local_day(begin)) + dt.timedelta(
            days=rng.randint(20, 70) * (1 + number // 7)
        )
        last = first + dt.timedelta(days=rng.randint(0, 4))
        if last >= local_day(begin) or len(rows) == 9:
            continue
        rows.append({
            "number": f"{first.year}-售后-{number:03d}", "vin": vehicle.vin, "reported_on": first, "closed_on": last,
            "symptom": symptom, "work_done": work, "parts": parts, "engineer": rng.choice(words.SURNAMES) + "师傅",
            "plan_type": plan, "charge": rng.choice(["warranty", "charged"]),
        })  # fmt: skip
    paper_tickets.save(Found(rows), source="历史报修单.xlsx", by=by, at=begin)
