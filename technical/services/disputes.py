"""A customer disputes “human damage” or a charge (4.5a, F11); technical answers, not an engineer of the ticket (SD08)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import members
from aftersales.charter import Department, Fact
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from parts.services.rerating import rerate
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.models.sheets import DamageType
from repairs.services import message
from repairs.services.core import act, hands
from repairs.services.core import locked as locked_ticket
from repairs.told.writing import overtake

from .. import selectors
from ..models import Dispute
from . import telling

CLAUSE, RAISE, ANSWER = "4.5a", "quality.customer_dispute", "dispute.answer"


@transaction.atomic
def raise_(ticket: Ticket, *, kind: str, words: str, at: dt.datetime, by: Any = None) -> Dispute:
    """The customer himself (`by` None) or customer service for him; one open dispute a ticket. Technical, the engineer and
    customer service are told. Raises `BadEntry` at `kind` or `words`, `OutOfTurn` while another is open."""
    held = locked_ticket(ticket)
    if by is not None:
        demand(by, RAISE)
    _judged(held, kind, words)
    dispute = Dispute.objects.create(ticket=held, kind=kind, words=words.strip(), at=at, by=by)
    act(held, "dispute_raised", by=by, at=at, clause=CLAUSE)
    deadlines.record(Fact.DISPUTE_RAISED, dispute, at=at, by=by)
    title = _("The customer of ticket {number} disputes a decision: technical answers (4.5a).")
    people = {person.pk for place in TOLD for person in members(place, at)} | _engineers(held, at)
    _tell(dispute, "raised", title, people - {getattr(by, "pk", None)}, at=at)
    return dispute


#: who hears of it, beside the engineer
TOLD = (Department.TECHNICAL, Department.SERVICE)


def _judged(ticket: Ticket, kind: str, words: str) -> None:
    if kind not in Dispute.Kind.values:
        raise BadEntry(_("Say what the dispute is about."), CLAUSE, "kind")
    if not words.strip():
        raise BadEntry(_("Say in your own words what is wrong."), CLAUSE, "words")
    if ticket.stage == Stage.CANCELLED:
        raise OutOfTurn(_("This report was ended; nothing is charged for it."), CLAUSE)
    if Dispute.objects.filter(ticket=ticket, answered_at=None).exists():
        raise OutOfTurn(_("There is an open dispute already; technical answers it."), CLAUSE)


def _engineers(ticket: Ticket, at: dt.datetime) -> set[int]:
    return {person.pk for person in hands(ticket, at) if person is not None}


def _tell(dispute: Dispute, name: str, title: Any, people: Any, *, at: dt.datetime) -> None:
    tell(
        sorted(people), at=at, event_key=f"dispute:{dispute.pk}:{name}", kind="quality", title=title,
        params={"number": dispute.ticket.number}, url=dispute.get_absolute_url(),
    )  # fmt: skip


def apart(dispute: Dispute, by: Any) -> None:
    """SD08: an engineer of the ticket, of today or earlier, does not answer."""
    if by.pk in selectors.engineers_of(dispute.ticket):
        raise Denied(
            _("Whoever is or was an engineer of the ticket does not answer the dispute (SD08)."), "7.1"
        )


@transaction.atomic
def answer(dispute: Dispute, *, outcome: str, answer: str, by: Any, at: dt.datetime) -> Dispute:
    """Technical's word (J106): where damage is disputed and the customer is right, the charge follows piece by piece (4.5a); a
    charge that is wrong goes to finance. The customer reads it on his page. Raises `BadEntry` at `outcome` or `answer`."""
    locked_ticket(dispute.ticket)
    held = Dispute.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=dispute.pk)
    demand(by, ANSWER, held)
    apart(held, by)
    _answerable(held, outcome, answer)
    held.outcome, held.answer, held.answered_at, held.answered_by = outcome, answer.strip(), at, by
    held.save()
    deadlines.record(Fact.DISPUTE_ANSWERED, held, at=at, by=by)
    if held.outcome == Dispute.Outcome.UPHELD and held.kind == Dispute.Kind.DAMAGE:
        _not_human(held, by, at)
    act(held.ticket, "dispute_answered", by=by, at=at, clause=CLAUSE)
    message(held.ticket, at=at, by=by, text=_in_words(held), told="dispute")
    _tell_answer(held, at)
    return held


#: what technical may answer; void is what becomes of a dispute whose report ended
ANSWERS = (Dispute.Outcome.UPHELD, Dispute.Outcome.REJECTED)


def _answerable(dispute: Dispute, outcome: str, answer: str) -> None:
    if dispute.answered_at is not None:
        raise OutOfTurn(_("This dispute is answered already."), CLAUSE)
    if outcome not in ANSWERS:
        raise BadEntry(_("Say whether the customer is right."), CLAUSE, "outcome")
    if not answer.strip():
        raise BadEntry(_("Say why; the customer reads it."), CLAUSE, "answer")


def _not_human(dispute: Dispute, by: Any, at: dt.datetime) -> None:
    overtake(dispute.ticket, [telling.TOLD], by="dispute")
    for line in list(selectors.human_lines(dispute.ticket)):
        rerate(line, damage=DamageType.NOT_HUMAN, by=by, at=at, why=gettext("Dispute of the customer"))


def _in_words(dispute: Dispute) -> str:
    """What the customer reads among his messages, in the language in which he reported."""
    with translation.override(dispute.ticket.language):
        said = gettext("Our answer to your objection: {outcome}.").format(
            outcome=dispute.get_outcome_display()
        )
    return f"{said}\n{dispute.answer}"


def _tell_answer(dispute: Dispute, at: dt.datetime) -> None:
    """Customer service and the engineer; finance where a charge is to be put right."""
    places = [
        Department.SERVICE,
        *([Department.FINANCE] if dispute.outcome == Dispute.Outcome.UPHELD else []),
    ]
    people = {person.pk for place in places for person in members(place, at)}
    title = _("The dispute on ticket {number} is answered (4.5a).")
    _tell(dispute, "answered", title, people | _engineers(dispute.ticket, at), at=at)


def follow(ticket: Ticket) -> None:
    """The survivor of a merge takes the open dispute along, if it is of the same customer and none is open there: the words are
    for nobody else's page."""
    survivor = ticket.merged_into
    if survivor is None or survivor.customer_id != ticket.customer_id:
        return
    if not Dispute.objects.filter(ticket=survivor, answered_at=None).exists():
        Dispute.objects.filter(ticket=ticket, answered_at=None).update(ticket=survivor)


def lapse(ticket: Ticket, *, by: Any, at: dt.datetime) -> None:
    """The report was ended, so nothing is charged: nobody waits for an answer any more."""
    for dispute in Dispute.objects.filter(ticket=ticket, answered_at=None):
        dispute.outcome, dispute.answered_at, dispute.answered_by = Dispute.Outcome.VOID, at, by
        dispute.save()
        deadlines.record(Fact.DISPUTE_ANSWERED, dispute, at=at, by=by)


def forget(tickets: list[int], *, at: dt.datetime) -> None:
    """What the customers said on these tickets goes with their personal data, and with it what was answered to them (PIPL 47);
    that they disputed, and what became of it, stays."""
    Dispute.objects.filter(ticket__in=tickets).update(words="", answer="", erased_at=at)
