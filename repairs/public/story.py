"""A report in the customer's words: where it stands, what comes next and by when, who looks after it."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.money import in_words
from aftersales.paper import heads
from deadlines.selectors import clocks

from ..flow import ROAD, WITH_ENGINEER, PlanType, Stage
from ..models import Channel, PaymentTerms, Plan, Quotation, Ticket
from ..quote_flow import QuoteStage

Text = str | Promise

STATIONS: dict[str, Text] = {
    Stage.REPORTED: _("We have received your report"),
    Stage.RECORDED: _("Customer service has taken it up"),
    Stage.ASSIGNED: _("An engineer looks after it"),
    Stage.CONTACTED: _("The engineer has spoken with you"),
    Stage.PLANNED: _("The solution is agreed"),
    Stage.IN_SERVICE: _("The repair is under way"),
    Stage.COMPLETED: _("The repair is done"),
    Stage.CLOSED: _("Everything works"),
}

HEADLINES: dict[str, Text] = {
    **STATIONS,
    Stage.CLOSED: _("This report is finished"),
    Stage.CANCELLED: _("This report was ended"),
}

PROMISES: dict[str, Text] = {
    "relay": _("The salesperson passes your report on to customer service"),
    "collect": _("Customer service reads your report and takes it up"),
    "handover": _("We name the engineer who looks after you"),
    "contact": _("{engineer} calls you"),
    "plan": _("You hear how the fault will be solved"),
    "appointment": _("{engineer} comes to you, as agreed"),
    "callback": _("We call and ask whether everything works"),
}

SOLUTIONS: dict[str, Text] = {
    PlanType.SELF_INSTALL: _("We send you the part, and you fit it yourself"),
    PlanType.GUIDANCE: _("We guide you by phone, step by step"),
    PlanType.VISIT: _("Our engineer comes to you"),
}


class Step(NamedTuple):
    """What comes next and by when; `late` when we have not kept it, `agreed` when it is a moment and no limit."""

    text: str
    due_at: dt.datetime
    late: bool
    provisional: bool
    agreed: bool = False


def stations(ticket: Ticket) -> list[dict[str, Any]]:
    """The line of stages, each done, now, ahead, or left out (components/_stages.html)."""
    reached = dict(ticket.events.exclude(to_stage="").order_by("at", "pk").values_list("to_stage", "at"))
    reached[Stage.REPORTED] = ticket.received_at
    here = (
        ticket.road_index if ticket.stage in ROAD else max(ROAD.index(Stage(s)) for s in reached if s in ROAD)
    )
    return [_station(ticket, index, stage, here, reached) for index, stage in enumerate(ROAD)]


def _station(ticket: Ticket, index: int, stage: Stage, here: int, reached: dict[str, Any]) -> dict[str, Any]:
    state = (
        "done"
        if index < here or stage == Stage.CLOSED == ticket.stage
        else "now"
        if index == here
        else "ahead"
    )
    if ticket.stage == Stage.CANCELLED:
        state = "done" if index <= here else "left"
    by = (
        ticket.engineer.get_full_name()
        if stage == Stage.ASSIGNED and ticket.engineer and state != "ahead"
        else ""
    )
    return {
        "label": STATIONS[stage],
        "state": state,
        "at": reached.get(stage) if index <= here else None,
        "by": by,
    }


def next_steps(ticket: Ticket, at: dt.datetime, engineer: str = "") -> list[Step]:
    """The running clocks that concern the customer, the earliest first; `engineer` stands for his name."""
    name = engineer or (ticket.engineer.get_full_name() if ticket.engineer else "")
    running = [c for c in clocks(ticket, at) if c.rule in PROMISES and c.met_at is None and not c.ended_as]
    found = [
        Step(
            str(PROMISES[c.rule]).format(engineer=name),
            c.due_at,
            c.due_at < at and c.rule != "appointment",
            c.provisional,
            agreed=c.rule == "appointment",
        )
        for c in running
    ]
    return sorted(found, key=lambda step: step.due_at)


def first_of_all(ticket: Ticket, offers: "list[Offered]", *, withdraws: bool, told: bool) -> list[Text]:
    """What he reads before the clocks: that his wish to withdraw is with us, what he is to pay, what is under way; `told`: the
    page says what comes next by other means."""
    if withdraws:
        return [WITHDRAWING]
    words: list[Text] = [PAY_FIRST] if any(offer.to_pay and offer.pays_first for offer in offers) else []
    if ticket.stage == Stage.IN_SERVICE:
        words += [UNDER_WAY[ticket.plan_type]]
    if ticket.stage == Stage.PLANNED and not words and not told:
        words = [ANSWER] if offers and offers[0].open else [PREPARING]
    return words


WITHDRAWING = _(
    "Your wish to withdraw the report is with customer service; a colleague answers you. Until then you need do nothing here."
)
PAY_FIRST = _("We wait for your payment; how to pay stands above. As soon as it has arrived, we begin.")
ANSWER = _("We wait for your answer to the quotation above. As soon as you accept it, we begin.")
PREPARING = _("We are preparing it. As soon as it begins, this page says so.")
UNDER_WAY: dict[str, Text] = {
    PlanType.SELF_INSTALL: _(
        "Fit the part as it was explained to you, once you have it. If anything is unclear, call your engineer first."
    ),
    PlanType.GUIDANCE: _("Your engineer guides you by phone, step by step."),
    PlanType.VISIT: _("Your engineer is with you. When he has finished, you sign for the work."),
}


def withdrawing(ticket: Ticket, talk: list[Any]) -> bool:
    """He wishes to withdraw (A21), and nobody of ours has written to him since; `talk` is in the order of time."""
    wishes = [place for place, row in enumerate(talk) if row.kind == "withdraw"]
    return ticket.is_open and bool(wishes) and all(row.from_customer for row in talk[wishes[-1] :])


def engineer_of(ticket: Ticket) -> Any:
    """Who looks after the report, while he does: his name, and his mobile for the call (4.1)."""
    return ticket.engineer if ticket.stage in WITH_ENGINEER else None


class Typed(NamedTuple):
    """The vehicle as its reporter may see it."""

    vin: str
    model: str
    plate: str
    delivered_on: str


def is_known(ticket: Ticket) -> bool:
    """Whether people of ours have spoken with him or taken his report up; a phone number typed on the website proves nobody."""
    return ticket.accepted_at is not None or ticket.channel != Channel.WEB


def typed(ticket: Ticket) -> Typed:
    """Until customer service has taken a report of the website up, only what was typed: with the VIN that he read somewhere
    nobody learns whether it is known, its plate or its day (A02)."""
    if is_known(ticket) or ticket.vehicle_id is None:
        return Typed(ticket.vin, ticket.model, ticket.plate, str(ticket.delivered_on or ""))
    told = ticket.events.filter(name="report").values_list("data", flat=True).first() or {}
    return Typed(ticket.vin, *(told.get("typed", {}).get(name, "") for name in Typed._fields[1:]))


def told_plan(ticket: Ticket) -> Plan | None:
    """The plan that was told, once it is saved and while it counts."""
    if ticket.stage not in (Stage.PLANNED, Stage.IN_SERVICE, Stage.COMPLETED, Stage.CLOSED):
        return None
    return ticket.plans.filter(turn=ticket.turn).last()


def appointment(ticket: Ticket) -> dt.datetime | None:
    """The agreed visit, until it is over (4.4c)."""
    return ticket.appointment_at if ticket.stage in (Stage.PLANNED, Stage.IN_SERVICE) else None


def consent_wanted(ticket: Ticket, plan: Plan | None) -> bool:
    """Plan a waits for the customer's word (4.4a)."""
    if plan is None or ticket.stage != Stage.PLANNED:
        return False
    return plan.plan_type == PlanType.SELF_INSTALL and not plan.self_install_ok


class Over(NamedTuple):
    """Why nothing goes on here, and the way that does."""

    text: Text
    again: bool = False


#: whose the other one is nobody has proven: never its link, nor its number, for with the phone that opens it too (A02)
JOINED = _(
    "We joined this report with another one about the same vehicle; it goes on there. Follow it with the number that it was"
    " given, or call us."
)


def over(ticket: Ticket) -> Over | None:
    """What a finished, ended or joined report says, so that nobody stands before a wall."""
    if ticket.merged_into is not None:
        return Over(JOINED)
    if ticket.stage == Stage.CANCELLED:
        ended = ticket.events.filter(name="cancel").last()
        return Over(ENDED.get(str(ended.data.get("kind", "")) if ended else "", ENDED[""]), again=True)
    if ticket.stage == Stage.CLOSED:
        return Over(_("Is the fault back? Write to us below or call; we take the report up again."))
    return None


ENDED: dict[str, Text] = {
    "duplicate": _("It had been reported already; we work on the other report."),
    "withdrawn": _("It was withdrawn, as you wished. If the fault comes back, report it again."),
    "foreign": _("This is no vehicle or fault of ours. If we are mistaken, write to us below or call."),
    "": _("It was ended by customer service. If the fault is still there, write to us below or call."),
}


def erasing(ticket: Any) -> bool:
    """The wish to be erased of this customer is under way (`links.opened`), and this page may say so: who reports with
    somebody's phone does not read here what its owner has asked for."""
    if not ticket.erasure_asked:
        return False
    return is_known(ticket) or ticket.messages.filter(kind="rights").exists()


class Offered(NamedTuple):
    """A quotation as the customer sees it: `open` waits for his word, `expired` came too late for it."""

    quote: Quotation
    words: str
    open: bool
    expired: bool
    to_pay: bool = False  # accepted, something costs, and nothing was paid or sent yet
    account: str = ""

    @property
    def pays_first(self) -> bool:
        return bool(self.quote.terms == PaymentTerms.PAY_FIRST)


def offered(ticket: Ticket, at: dt.datetime, *, withdraws: bool = False) -> list[Offered]:
    """The quotations that were sent and still count, the newest first (9.4); drafts and replaced ones are not his. Who wishes
    to withdraw is not asked to pay."""
    rows = ticket.quotations.filter(stage__in=SHOWN).order_by("-version").prefetch_related("lines")
    newest = [row for place, row in enumerate(rows) if place == 0 or row.stage != QuoteStage.DECLINED]
    offers = [_offered(row, ticket, local_day(at)) for row in newest]
    return [offer._replace(to_pay=offer.to_pay and not withdraws) for offer in offers]


SHOWN = (QuoteStage.SENT, QuoteStage.ACCEPTED, QuoteStage.DECLINED)


def _offered(quote: Quotation, ticket: Ticket, day: dt.date) -> Offered:
    expired = quote.is_expired(day)
    is_open = quote.stage == QuoteStage.SENT and not expired
    return Offered(quote, in_words(quote.total), is_open, expired, _to_pay(quote, ticket), heads.account())


def _to_pay(quote: Quotation, ticket: Ticket) -> bool:
    """He has accepted and is to pay: before the parts go, or by the agreed day (8.7, 4.5c)."""
    owes = quote.stage == QuoteStage.ACCEPTED and quote.total > 0 and ticket.is_open
    return owes and (quote.terms == PaymentTerms.SEND_FIRST or not ticket.issued_or_paid)


def pays_before(offers: list[Offered]) -> bool:
    """Nothing goes out before he has paid: what he has accepted, or what he is asked to accept (8.7)."""
    return any(o.pays_first and o.quote.total > 0 and (o.open or o.to_pay) for o in offers)


def survey_open(ticket: Ticket) -> bool:
    """The work is completed and the customer has not yet answered (G06)."""
    if ticket.stage != Stage.COMPLETED:
        return False
    return not ticket.surveys.filter(round=ticket.round, by_customer=True).exists()


def withdrawable(ticket: Ticket) -> bool:
    """A wish to withdraw makes sense while nothing is under way and none was uttered."""
    if ticket.stage not in (Stage.REPORTED, Stage.RECORDED, Stage.ASSIGNED, Stage.CONTACTED, Stage.PLANNED):
        return False
    return not ticket.messages.filter(kind="withdraw").exists()
