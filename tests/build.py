"""Builds what a test needs by driving the real services; nothing is ever created with `stage=…`."""

import datetime as dt
import itertools
from typing import Any

from accounts.models import Grant, Posting, User
from aftersales.charter import Department
from catalogue.models import VehicleModel, WarrantyTerm
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from sales import services as sales
from sales.models import Vehicle

DEPARTMENT = {
    "SALES": Department.SALES, "CS": Department.SERVICE, "ENG": Department.ENGINEERS, "FIN": Department.FINANCE,
    "FINS": Department.FINANCE, "WH": Department.WAREHOUSE, "GA": Department.ADMINISTRATION, "TECH": Department.TECHNICAL,
    "PUR": Department.PURCHASING, "MGR": Department.MANAGEMENT, "SYS": Department.IT, "AUD": Department.AUDIT,
}  # fmt: skip
LONG_AGO, FAR_AWAY = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
FAR_AWAY = dt.date(2099, 12, 31)
PASSWORD = "correct-horse-9"
_count = itertools.count(1)


def person(*roles: str, head: bool = False, grants: tuple[str, ...] = (), **facts: Any) -> User:
    """Somebody posted to the departments of these roles; FINS also holds `finance_sign`."""
    n = next(_count)
    code = "-".join(roles).lower() or "nobody"
    user = User.objects.create_user(
        f"{code}{n}", PASSWORD, name=facts.pop("name", f"{code.upper()} {n}"), **facts
    )
    for role in roles:
        Posting.objects.create(user=user, department=DEPARTMENT[role], head=head, since=LONG_AGO)
    kinds = {*grants, *(["finance_sign"] if "FINS" in roles else [])}
    for kind in kinds:
        first, second = _leaders()
        until = FAR_AWAY if kind == "finance_sign" else None  # time-boxed (SD15)
        Grant.objects.create(
            user=user,
            kind=kind,
            since=LONG_AGO,
            until=until,
            named_by=first,
            seconded_by=second,
            reason="test",
        )
    return user


def _leaders() -> list[User]:
    return [
        User.objects.get_or_create(username=name, defaults={"name": name, "is_active": False})[0]
        for name in ("namer", "seconder")
    ]


def vehicle(
    vin: str = "",
    *,
    model: str = "FY-6",
    delivered_on: dt.date | None = dt.date(2025, 12, 1),
    at: Any = None,
    **facts: Any,
) -> Vehicle:
    """A delivered vehicle of a model with a term of 12 months or 20,000 km."""
    kind, _new = VehicleModel.objects.get_or_create(code=model, defaults={"name": f"飞跃 {model}"})
    WarrantyTerm.objects.get_or_create(
        model=kind, part_group="whole", since=LONG_AGO, defaults={"months": 12, "km": 20_000}
    )
    return sales.register_vehicle(
        vin=vin or f"LFYTEST{next(_count):010d}",
        model=kind,
        by=None,
        at=at or dt.datetime.now(dt.UTC),
        delivered_on=delivered_on,
        **facts,
    )


def report(at: dt.datetime, **entries: Any) -> Ticket:
    """A report from the public site."""
    given = {"contact": "王小明", "phone": "+8613812345678", "symptom": "刹车异响"} | entries
    return services.report(at=at, **given)


class Company:
    """One person per role, made when first asked for."""

    def __init__(self) -> None:
        self._people: dict[str, User] = {}

    def __getattr__(self, role: str) -> User:
        if role.startswith("_"):
            raise AttributeError(role)
        if role not in self._people:
            self._people[role] = person(role.upper().split("_")[0], head=role.endswith("_head"))
        return self._people[role]


HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
ROAD = [
    Stage.REPORTED,
    Stage.RECORDED,
    Stage.ASSIGNED,
    Stage.CONTACTED,
    Stage.PLANNED,
    Stage.IN_SERVICE,
    Stage.COMPLETED,
    Stage.CLOSED,
]


def ticket(
    at_stage: str = Stage.REPORTED,
    *,
    plan: str = "b",
    at: dt.datetime,
    company: Company | None = None,
    needs_parts: bool = False,
    gap: dt.timedelta = MINUTE,
    **entries: Any,
) -> Ticket:
    """A ticket driven to a stage, each step `gap` after the one before, by one person per role."""
    who = company or Company()
    paper = report(at, **entries)
    steps = road(paper, who, plan, needs_parts)
    reached = 0 if at_stage == Stage.CANCELLED else ROAD.index(Stage(at_stage))
    for number, step in enumerate(steps[:reached], start=1):
        step(at + gap * number)
    if at_stage == Stage.CANCELLED:
        services.cancel(paper, by=who.cs, at=at + gap, reason="撤回")
    fresh = Ticket.objects.get(pk=paper.pk)
    assert fresh.stage == at_stage, (fresh.stage, at_stage)
    return fresh


def road(paper: Ticket, who: Any, plan: str, needs_parts: bool = False) -> list[Any]:
    """The seven steps from reported to closed, each a function of its moment."""
    return [
        lambda at: services.accept(paper, by=who.cs, at=at),
        lambda at: services.hand_over(paper, by=who.cs, at=at, engineer=who.eng),
        lambda at: services.contact(
            paper, by=who.eng, at=at, confirmed_symptom="后轮刹车片磨损", damage_type="not_human"
        ),
        lambda at: services.plan(paper, by=who.eng, at=at, **plan_entries(plan, at, needs_parts)),
        lambda at: services.begin(paper, by=who.eng, at=at),
        lambda at: services.complete(paper, by=who.eng, at=at, **completion(plan)),
        lambda at: services.call_back(paper, by=who.cs, at=at, resolved=True, overall="satisfied"),
    ]


def plan_entries(plan: str, at: dt.datetime, needs_parts: bool = False) -> dict[str, Any]:
    """What the form of plan a, b or c says."""
    entries: dict[str, Any] = {
        "plan_type": plan,
        "explanation": "调整刹车间隙",
        "told_how": "phone",
        "needs_parts": needs_parts,
    }
    if plan == "a":
        entries |= {
            "assembly_notes": "先断电",
            "risk_text": "装反会抱死",
            "self_install_ok": True,
            "consent_how": "phone",
        }
    if plan == "c":
        entries["appointment_at"] = at + 20 * HOUR
    return entries


def completion(plan: str) -> dict[str, Any]:
    """What the form of completion says: the customer's word, or his signature on site."""
    return {
        "work_done": "已调整",
        **({"signer": "王小明", "strokes": ""} if plan == "c" else {"customer_word": "电话确认已好"}),
    }


# --- catalogue
def part(
    code: str = "",
    *,
    at: dt.datetime | None = None,
    price: Any = None,
    on: dt.date | None = None,
    **facts: Any,
) -> Any:
    """A part of the master, proposed by finance and approved by the technical department; with `price` also priced."""
    from catalogue import services as catalogue
    from catalogue.models import Part

    at = at or dt.datetime.now(dt.UTC)
    row = {"code": code or f"BP-{next(_count):04d}", "name": "刹车片"} | facts
    batch = catalogue.propose_parts([row], reason="测试", by=person("FIN"), at=at)
    catalogue.approve_parts(batch, by=person("TECH"), at=at)
    found = Part.objects.get(code=row["code"])
    if price is not None:
        prices({found: price}, on=on, at=at)
    return found


def prices(given: dict[Any, Any], *, on: dt.date | None = None, at: dt.datetime, rates: Any = ()) -> Any:
    """A published price list: part → price, or (price, cost)."""
    from decimal import Decimal

    from aftersales.limits import local_day
    from catalogue import services as catalogue

    pairs = [(p, *(value if isinstance(value, tuple) else (value, None))) for p, value in given.items()]
    lines = [(p, Decimal(price), None if cost is None else Decimal(cost)) for p, price, cost in pairs]
    facts = {"prices": lines, "rates": list(rates), "by": person("FIN"), "at": at}
    paper = catalogue.draft_prices("价格表", on or local_day(at), **facts)
    return catalogue.publish_prices(paper, by=person("FINS"), at=at)
