"""Builds what a test needs by driving the real services; nothing is ever created with `stage=…`."""

import datetime as dt
import functools
import itertools
from typing import Any

from django.contrib.auth.hashers import get_hasher, make_password

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
LONG_AGO = dt.date(2020, 1, 1)
FAR_AWAY = dt.date(2099, 12, 31)
PASSWORD = "correct-horse-9"
_count = itertools.count(1)


def person(*roles: str, head: bool = False, grants: tuple[str, ...] = (), **facts: Any) -> User:
    """Somebody posted to the departments of these roles; FINS also holds `finance_sign`."""
    n = next(_count)
    code = "-".join(roles).lower() or "nobody"
    name = facts.pop("name", f"{code.upper()} {n}")
    user = User.objects.create(
        username=f"{code}{n}", password=_hashed(get_hasher().algorithm), name=name, **facts
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


@functools.cache
def _hashed(algorithm: str) -> str:
    """Everybody's password, hashed once: hashing is slow on purpose, and most tests never sign in with it."""
    return make_password(PASSWORD, hasher=algorithm)


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


# --- hand-overs
def delivery(seller: User, at: dt.datetime, **entries: Any) -> Any:
    """A vehicle handed over with every point explained, to a new customer unless told otherwise."""
    from sales.briefing import CHECKLISTS
    from sales.delivering import deliver

    vin = entries.pop("vin", "") or vehicle(delivered_on=None, at=at, seller=seller).vin
    given: dict[str, Any] = {
        "name": "周建军", "phone": f"+861390000{next(_count):04d}", "delivered_on": at.date(), "signer": "周建军",
        "explained": list(CHECKLISTS[-1].points), "reading": 12, "consent": True,
    }  # fmt: skip
    return deliver(vin=vin, by=seller, at=at, **(given | entries))


# --- the store
def spare(
    code: str = "", *, good: int = 0, by: Any = None, at: dt.datetime | None = None, **facts: Any
) -> Any:
    """A part of the master, `good` pieces of it received into the store (with codes, when it is valuable)."""
    from catalogue.models import Part
    from parts.services import receive_goods

    code = code or f"P{next(_count):05d}"
    part = Part.objects.create(**({"code": code, "name": f"配件 {code}"} | facts))
    if good:
        codes = [f"{code}-{n}" for n in range(1, good + 1)] if part.valuable else []
        lines = [{"part": part, "quantity": good, "codes": codes}]
        receive_goods(
            supplier="泰州配件厂",
            batch="B1",
            lines=lines,
            by=by or person("WH"),
            at=at or dt.datetime.now(dt.UTC),
        )
    return part


# --- parts: their prices, and releases
def price(part: Any, yuan: str, *, at: dt.datetime, cost: str | None = None) -> Any:
    """A published price of one part, in force from that day."""
    from decimal import Decimal

    from aftersales.limits import local_day
    from catalogue import services as catalogue

    row = (part, Decimal(yuan), Decimal(cost) if cost else None)
    drawn = catalogue.draft_prices("价格表", local_day(at), prices=[row], rates=[], by=person("FIN"), at=at)
    catalogue.publish_prices(drawn, by=person("FINS"), at=at)
    return part


def stocked(yuan: str = "120.00", *, at: dt.datetime, good: int = 10, **facts: Any) -> Any:
    """A part that has a price and lies in the store."""
    return price(spare(good=good, at=at - HOUR, **facts), yuan, at=at - HOUR)


def under_warranty(
    at: dt.datetime, company: Company, *, plan: str = "c", stage: str = Stage.CONTACTED
) -> Ticket:
    """A ticket of a vehicle under warranty, its customer known, in the engineer's hands."""
    from repairs.models import Ticket as Tickets

    found = ticket(at_stage=Stage.REPORTED, at=at - 10 * HOUR, company=company, vin=vehicle(at=at).vin)
    steps = road(found, company, plan, needs_parts=True)
    reached = ROAD.index(Stage(stage))
    for number, step in enumerate(steps[:reached], 1):
        step(at - 10 * HOUR + MINUTE * number)
    return Tickets.objects.get(pk=found.pk)


def customer(at: dt.datetime) -> Any:
    """A customer with a name."""
    return sales.open_customer(sales.write_down(name="李四"), at=at)


def released(
    company: Company,
    at: dt.datetime,
    *,
    part: Any = None,
    basis: str = "warranty",
    to: str = "draft",
    **line: Any,
) -> Any:
    """A release of one line for a ticket under warranty, driven to `draft`, `submitted`, `signed` or `issued`."""
    from parts.services import issuing, releases

    about = line.pop("about", None) or under_warranty(at, company, plan=line.pop("plan", "c"))
    facts = {"part": part or stocked(at=at), "quantity": 1, "kind": "loan", "damage": "not_human"} | line
    found = releases.draft(about, by=company.eng, at=at, basis=basis, lines=[facts])
    if to in ("submitted", "signed", "issued"):
        found = releases.submit(found, by=company.eng, at=at + MINUTE)
    if to in ("signed", "issued"):
        found = releases.put_signature(found, by=company.fins, at=at + 2 * MINUTE)
    if to == "issued":
        row = found.lines.get()
        codes = (
            {row.pk: [f"{row.part.code}-{n}" for n in range(1, row.quantity + 1)]}
            if row.part.valuable
            else {}
        )
        issuing.issue(found, by=company.wh, at=at + 3 * MINUTE, pieces={row.pk: row.quantity}, codes=codes)
    return type(found).objects.get(pk=found.pk)


def part(code: str = "", price: str | None = "120.00", *, since: dt.date = LONG_AGO, **facts: Any) -> Any:
    """A part of the master and, unless `price` is None, its published price."""
    from catalogue.models import Part

    given = {"name": "刹车片", "unit": "件"} | facts
    row = Part(code=code or f"FY-{next(_count):04d}", **given)
    row.save()
    if price is not None:
        publish({row: price}, since=since)
    return row


def publish(
    prices: dict[Any, str], rates: tuple[dict[str, Any], ...] = (), *, since: dt.date = LONG_AGO
) -> Any:
    """A published list: part → price, and rates as dicts of kind, code, name, unit, price."""
    from decimal import Decimal

    from catalogue.models import PriceLine, PriceList, RateLine

    moment = dt.datetime.combine(since, dt.time(0), dt.UTC)
    by, second = _leaders()
    paper = PriceList.objects.create(
        title="价格表", effective_on=since, stage="published", drafted_by=by, drafted_at=moment, published_by=second,
        published_at=moment,
    )  # fmt: skip
    for row, price in prices.items():
        PriceLine.objects.create(list=paper, part=row, price=Decimal(price), since=since)
    for rate in rates:
        facts = {"unit": "小时"} | rate | {"price": Decimal(rate["price"])}
        RateLine.objects.create(list=paper, since=since, **facts)
    return paper


LABOUR = {"kind": "labour", "code": "GS-01", "name": "制动系统维修工时", "price": "80.00"}


def order(company: Any, at: dt.datetime, **facts: Any) -> Any:
    """A parts-only order of a new customer, opened by customer service, naming the company's engineer."""
    given = {
        "name": "刘海",
        "phone": "+8613911112222",
        "organisation": "兴化物流",
        "region": "江苏泰州",
    } | facts
    return services.open_order(
        by=company.cs, at=at, engineer=given.pop("engineer", None) or company.eng, **given
    )


def quotation(about: Any, at: dt.datetime, stage: str = "draft", lines: Any = None, **facts: Any) -> Any:
    """A quotation of a ticket or order driven to a stage, each step a minute after the one before."""
    from repairs.services import quotations

    by = about.engineer
    wanted = lines if lines is not None else [{"part": part(), "quantity": 2}]
    quote = quotations.draft(about, by=by, at=at, lines=wanted, **facts)
    if stage == "draft":
        return quote
    if stage == "approved":
        return quotations.approve(quote, by=head_of_engineers(), at=at + MINUTE)
    if stage == "superseded":
        return quotations.supersede(quote, by=by, at=at + MINUTE)
    quote = quotations.send(quote, by=by, at=at + MINUTE)
    if stage == "accepted":
        return quotations.accept(quote, at=at + 2 * MINUTE)
    return quotations.decline(quote, at=at + 2 * MINUTE) if stage == "declined" else quote


def head_of_engineers() -> User:
    found = User.objects.filter(postings__department=Department.ENGINEERS, postings__head=True).first()
    return found or person("ENG", head=True)


# --- catalogue
def master_part(
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
