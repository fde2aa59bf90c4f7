"""What the customer hears of a final judgement (4.5a, 9.4): that the damage is at his charge, what for, where to object."""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from aftersales.money import fen_of, piece_amounts, yuan_of
from parts.models import ReleaseLine
from parts.rules import Charge
from repairs.flow import Stage
from repairs.models import Ticket
from repairs.models.sheets import DamageType
from repairs.services import message

from .. import selectors
from ..models import Report

TOLD = "judgement"


def tell_customer(report: Report, lines: list[ReleaseLine], *, by: Any, at: dt.datetime) -> None:
    """Once, where it charges parts (`lines`: those whose charge it changed) or contradicts what we answered him before."""
    ticket = report.ticket
    if report.ruling != DamageType.HUMAN or not _hears(ticket):
        return
    mine = [line for line in lines if line.charge == Charge.CHARGED and line.issued > line.returned]
    differs = selectors.is_freed(report)
    if mine or differs:
        message(ticket, at=at, by=by, text=_in_words(ticket, mine, differs), kind=TOLD, told=TOLD)


def _hears(ticket: Ticket) -> bool:
    """There is something to pay, and somebody who reads it."""
    return ticket.stage != Stage.CANCELLED and ticket.contact.erased_at is None


def _in_words(ticket: Ticket, lines: list[ReleaseLine], differs: bool) -> str:
    """What he reads among his messages, in the language in which he reported."""
    with translation.override(ticket.language):
        said = [gettext("The fault was judged: the damage is human, which the warranty does not cover.")]
        if differs:
            said.append(
                gettext("This differs from what we answered to your objection; the judgement counts.")
            )
        if lines:
            said.append(_charged(lines))
        said.append(gettext("If you do not agree, object on this page: we look at it anew."))
        return "\n".join(said)


def _charged(lines: list[ReleaseLine]) -> str:
    names = gettext(", ").join(f"{line.part.name} × {line.issued - line.returned}" for line in lines)
    amount = sum((_amount(line) for line in lines), yuan_of(0))
    return gettext("Charged to you: {parts}, {amount} yuan.").format(parts=names, amount=amount)


def _amount(line: ReleaseLine) -> Any:
    """Yuan for the pieces that are out."""
    return yuan_of(sum(piece_amounts(fen_of(line.amount), line.quantity)[line.returned : line.issued]))
