"""The rows of sheet 9.3: one for each completed round of a ticket, computed from what the departments wrote (4.9)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from aftersales.charter import RULES, Department
from aftersales.limits import local_day
from deadlines.models import Deadline
from parts.models import ReleaseLine, Shipment
from repairs.models import CallbackSurvey, Plan, RepairSheet, Ticket
from sales.models import Customer
from technical.models import Report

from .ledger import Money
from .logbook import Done, Round, Timeline
from .models import Column, TravelCost
from .pricing import Costed, costed
from .rules import PROFIT, ZERO

#: the clocks of a ticket that are the engineer's
CLOCKS = [
    r.name for r in RULES.values() if r.department == Department.ENGINEERS and r.name in ("contact", "plan")
]


@dataclass
class Row:
    """One row of 9.3. Amounts are yuan by column; `customer` is a number, whose words are put in when it is shown."""

    ticket: str
    pk: int
    round: int
    customer: str
    region: str
    model: str
    vin: str
    reported: dt.date
    completed: dt.date
    plan: str
    fault: str  # how it failed, by the quality report; before there is one, whether the damage is human
    charge: str
    amounts: dict[str, Decimal]
    due: Decimal = ZERO
    received: Decimal = ZERO
    open: Decimal = ZERO
    over: Decimal = ZERO
    over_by: str = ""
    old_due: int = 0
    old_in: int = 0
    old_open: int = 0
    pending: bool = False
    on_time: dict[str, bool] = field(default_factory=dict)
    late_from: str = ""
    moved: str = ""

    @property
    def key(self) -> Round:
        return self.pk, self.round

    @property
    def waits(self) -> bool:
        """待报告, and no later sheet counts it."""
        return self.pending and not self.moved

    def frozen(self) -> dict[str, Any]:
        """As it is kept: days as ISO, amounts as text."""
        facts = asdict(self)
        facts["amounts"] = {name: str(amount) for name, amount in self.amounts.items() if amount}
        return facts | {name: str(facts[name]) for name in (*DAYS, *MONEY)}


DAYS, MONEY = ("reported", "completed"), ("due", "received", "open", "over")


def thawed(facts: Mapping[str, Any]) -> Row:
    """A kept row."""
    days = {name: dt.date.fromisoformat(facts[name]) for name in DAYS}
    money = {name: Decimal(facts[name]) for name in MONEY}
    amounts = dict.fromkeys(Column.values, ZERO) | {n: Decimal(text) for n, text in facts["amounts"].items()}
    return Row(**{**facts, **days, **money, "amounts": amounts})


# --- what the next departments say more about
def has_report(ticket: Ticket, turn: int) -> bool:
    """Whether the quality report of this round has come (4.10): a row without it is shown 待报告 and does not count."""
    return ticket.report_round >= turn


def costs_of(rounds: Timeline) -> dict[Round, dict[str, Decimal]]:
    """What else the tickets cost, by round and column: the freight of their parcels (6.3), and their share of the trips that
    served them (8.2–8.5)."""
    mine = Q(ticket__in=rounds.tickets) | Q(release__ticket__in=rounds.tickets)
    rows = Shipment.objects.filter(mine, sent_at__isnull=False, cost__isnull=False).order_by("pk")
    found: dict[Round, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    names = ("ticket_id", "release__ticket_id", "release__round", "sent_at", "cost")
    for own, by_release, turn, sent_at, cost in rows.values_list(*names):
        ticket = by_release or own
        found[ticket, turn or rounds.at(ticket, sent_at)][Column.FREIGHT] += cost
    _travelled(rounds, found)
    return found


def _travelled(rounds: Timeline, found: dict[Round, dict[str, Decimal]]) -> None:
    """A trip's share waits with the round that it served."""
    rows = TravelCost.objects.filter(ticket__in=rounds.tickets).order_by("pk")
    for ticket, turn, column, amount in rows.values_list("ticket_id", "round", "column", "amount"):
        if ticket is not None and turn is not None:
            found[ticket, turn][column] += amount


# --- what they say
def rows_for(done: list[Done], at: dt.datetime) -> list[Row]:
    """The rows of these rounds as they stand at that moment, in a number of statements that does not grow with them."""
    if not done:
        return []
    facts = Facts(done, at)
    return [facts.row(each) for each in done]


class Facts:
    """Everything that the rows of some rounds are made of, read once."""

    def __init__(self, done: list[Done], at: dt.datetime) -> None:
        self.at, self.rounds = at, Timeline(done)
        ids = self.rounds.tickets
        fields = (
            "number",
            "customer__number",
            "region",
            "model",
            "vin",
            "reported_at",
            "stage",
            "round",
            "report_round",
        )
        self.tickets = Ticket.objects.select_related("customer").only(*fields).in_bulk(ids)
        plans = (
            Plan.objects.filter(ticket__in=ids).order_by("pk").values_list("ticket_id", "round", "plan_type")
        )
        self.plans = {(ticket, turn): plan for ticket, turn, plan in plans}
        sheets = (
            RepairSheet.objects.filter(ticket__in=ids)
            .order_by("pk")
            .values_list("ticket_id", "round", "damage_type")
        )
        self.damage = {(ticket, turn): damage for ticket, turn, damage in sheets}
        reports = Report.objects.filter(ticket__in=ids).exclude(failure_mode="").order_by()
        self.modes = {
            (t, turn): mode for t, turn, mode in reports.values_list("ticket_id", "round", "failure_mode")
        }
        self.lines = self._lines(ids)
        self.money = Money(self.rounds)
        self.costs = costs_of(self.rounds)
        self.clocks = self._clocks(ids)

    def _lines(self, ids: list[int]) -> dict[Round, list[Costed]]:
        found: dict[Round, list[Costed]] = defaultdict(list)
        for line in costed(ReleaseLine.objects.filter(release__ticket__in=ids, issued__gt=0)):
            if line.ticket is not None:
                found[line.ticket, line.round].append(line)
        return found

    def _clocks(self, ids: list[int]) -> dict[Round, list[Deadline]]:
        kind = ContentType.objects.get_for_model(Ticket)
        found: dict[Round, list[Deadline]] = defaultdict(list)
        for clock in Deadline.objects.filter(subject_type=kind, subject_id__in=ids, rule__in=CLOCKS).order_by(
            "opened_at"
        ):
            turn = self.rounds.into(clock.subject_id, clock.opened_at)
            if turn is not None:
                found[clock.subject_id, turn].append(clock)
        return found

    def row(self, done: Done) -> Row:
        ticket, key = self.tickets[done.ticket], done.key
        lines, money = self.lines[key], self.money.of[key]
        amounts = dict.fromkeys(Column.values, ZERO) | money.income | dict(self.costs.get(key, {}))
        amounts[Column.PARTS_COST] += sum((x.unit * x.paid for x in lines), ZERO)
        amounts[Column.WARRANTY_COST] += sum((x.unit * x.free for x in lines), ZERO)
        return Row(
            ticket=ticket.number, pk=ticket.pk, round=done.round, region=ticket.region, model=ticket.model, vin=ticket.vin,
            customer=ticket.customer.number if ticket.customer else "", reported=local_day(ticket.reported_at),
            completed=local_day(done.at), plan=self.plans.get(key, ""), fault=self.modes.get(key) or self.damage.get(key, ""),
            charge=charge_of(lines, money.due), amounts=amounts, due=money.due, received=money.received, open=money.open,
            old_due=sum(x.old_in + x.old_due for x in lines), old_in=sum(x.old_in for x in lines),
            old_open=sum(x.old_due for x in lines), pending=not has_report(ticket, done.round), on_time=self._on_time(done),
        )  # fmt: skip

    def _on_time(self, done: Done) -> dict[str, bool]:
        """Clock → whether every one of his clocks of that rule was met in time."""
        found: dict[str, bool] = {}
        for clock in self.clocks[done.key]:
            if clock.assignee_id == done.engineer:
                found[clock.rule] = found.get(clock.rule, True) and not clock.is_missed(self.at)
        return found


def charge_of(lines: list[Costed], due: Decimal) -> str:
    """三包 / 收费: "warranty", "charged", "both", or "" where neither parts nor work were charged or given."""
    free, paid = any(x.free for x in lines), bool(due) or any(x.paid for x in lines)
    return {(True, True): "both", (True, False): "warranty", (False, True): "charged"}.get((free, paid), "")


# --- totals
def counted(rows: Iterable[Row]) -> list[Row]:
    """The rows that enter the totals."""
    return [row for row in rows if not row.pending]


def totals(rows: Iterable[Row], adjustments: Iterable[Any] = ()) -> dict[str, Decimal]:
    """Column → yuan over the counted rows and finance's own lines."""
    found = dict.fromkeys(PROFIT, ZERO)
    for row in counted(rows):
        for column, amount in row.amounts.items():
            found[column] += amount
    for line in adjustments:
        found[line.column] += line.amount
    return found


def on_time(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Clock → (met in time, of how many)."""
    found: dict[str, tuple[int, int]] = {}
    for row in counted(rows):
        for rule, met in row.on_time.items():
            good, all_ = found.get(rule, (0, 0))
            found[rule] = good + met, all_ + 1
    return found


def answers(rows: Iterable[Row]) -> dict[Round, str]:
    """The overall answer to the survey of each of these rounds: the customer's own before the one over the phone."""
    keys = {row.key for row in counted(rows)}
    surveys = CallbackSurvey.objects.filter(ticket__in={pk for pk, _round in keys}, reached=True).exclude(
        overall=""
    )
    found = surveys.order_by("by_customer", "pk").values_list("ticket_id", "round", "overall")
    return {(ticket, turn): overall for ticket, turn, overall in found if (ticket, turn) in keys}


def customers(rows: Iterable[Row]) -> dict[str, str]:
    """Customer's number → number and company, as they are known today."""
    numbers = {row.customer for row in rows if row.customer}
    found = Customer.objects.filter(number__in=numbers).values_list("number", "person__organisation")
    return {number: f"{number} {organisation}".strip() for number, organisation in found}
