"""Claims on suppliers 索赔 SP (7.1): a supplier's share of a final judgement, by technical or purchasing, sent and settled."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.money import is_amount, is_sum
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn

from ..flow import ReportStage, SupplierClaimStage
from ..models import Party, Share, SupplierClaim
from ..rules import part_of
from . import core

SERIES, CLAUSE, WRITE = "SP", "7.1", "supplier_claim.write"
FINAL = (ReportStage.FINAL, ReportStage.ASSESSED)


def proposed(share: Share, loss: Decimal) -> Decimal:
    """What the share asks of the supplier: his percent of the loss, at most what its clause says; yuan. The suppliers of a case
    together are asked no more than their percents of it."""
    rows = [row for row in share.report.in_force if row.party == Party.SUPPLIER]
    asked = part_of(loss, share, rows)
    return asked if share.clause.cap is None else min(asked, share.clause.cap)


@transaction.atomic
def claim(
    share: Share, *, loss: Decimal, amount: Decimal, basis: str, by: Any, at: dt.datetime
) -> SupplierClaim:
    """A draft of so many yuan (J103); `loss` is what the case cost the company. One for each share, and again
    once it was dropped. Raises `BadEntry` at
    `share`, `loss`, `amount` or `basis`, `OutOfTurn` where the judgement is not final."""
    demand(by, WRITE)
    held = core.locked(share.report)
    if held.stage not in FINAL:
        raise OutOfTurn(_("A supplier is claimed from once the judgement is final (7.1)."), CLAUSE)
    if share.party != Party.SUPPLIER or share.replaced:
        raise BadEntry(_("Choose the share of a supplier."), CLAUSE, "share")
    there = SupplierClaim.objects.filter(share=share).exclude(stage=SupplierClaimStage.DROPPED).first()
    if there is not None:
        raise OutOfTurn(_("This share is claimed already: {number}."), CLAUSE, number=there.number)
    _fair(loss, amount, basis)
    _within(amount, proposed(share, loss))
    paper = SupplierClaim(share=share, supplier=share.supplier, loss=loss, amount=amount, basis=basis.strip())
    paper.number = next_number(SERIES, at)
    return keep(paper, "claim", by=by, at=at)


def _fair(loss: Decimal, amount: Decimal, basis: str) -> None:
    if not is_amount(amount):
        raise BadEntry(_("An amount in yuan, more than 0.00, with two decimals at most."), CLAUSE, "amount")
    if not is_sum(loss):
        raise BadEntry(_("An amount in yuan, 0.00 or more, with two decimals at most."), CLAUSE, "loss")
    if not 0 < len(basis.strip()) <= 300:
        raise BadEntry(_("Say how it was computed, in at most 300 characters."), CLAUSE, "basis")


def _within(amount: Decimal, most: Decimal) -> None:
    """The supplier bears his share of what it cost, never more than his clause says (7.1)."""
    if amount > most:
        raise BadEntry(_("By his share of this loss and his clause the supplier bears {most} yuan at most."), CLAUSE, "amount",
                       most=f"{most:.2f}")  # fmt: skip


@transaction.atomic
def send(paper: SupplierClaim, *, sent_on: dt.date, by: Any, at: dt.datetime) -> SupplierClaim:
    """It went to the supplier on that day. Raises `BadEntry` at `sent_on` for a day to come."""
    demand(by, WRITE, paper)
    _refuse_future(sent_on, at, "sent_on")
    held = locked(paper)
    final = held.share.report.final_at
    if final is not None and sent_on < local_day(final):
        raise BadEntry(_("The judgement became final later than this day."), CLAUSE, "sent_on")
    held.move("send", sent_on=sent_on, sent_by=by)
    return keep(held, "send", by=by, at=at)


@transaction.atomic
def settle(
    paper: SupplierClaim,
    *,
    settled_on: dt.date,
    settled_amount: Decimal,
    settled_how: str,
    by: Any,
    at: dt.datetime,
) -> SupplierClaim:
    """What the supplier bore in the end, and how: money, parts or a credit note. Raises `BadEntry` at its field."""
    demand(by, WRITE, paper)
    _refuse_future(settled_on, at, "settled_on")
    if not is_sum(settled_amount):
        raise BadEntry(
            _("An amount in yuan, 0.00 or more, with two decimals at most."), CLAUSE, "settled_amount"
        )
    held = locked(paper)
    if held.sent_on is not None and settled_on < held.sent_on:
        raise BadEntry(_("It was sent later than this day."), CLAUSE, "settled_on")
    if settled_amount > held.amount:
        raise BadEntry(
            _("{most} yuan were asked of him."), CLAUSE, "settled_amount", most=f"{held.amount:.2f}"
        )
    held.move("settle", settled_on=settled_on, settled_amount=settled_amount, settled_how=settled_how.strip())
    return keep(held, "settle", by=by, at=at)


@transaction.atomic
def drop(paper: SupplierClaim, *, dropped_why: str, by: Any, at: dt.datetime) -> SupplierClaim:
    """Nothing is asked of the supplier after all, with the reason."""
    demand(by, WRITE, paper)
    held = locked(paper)
    held.move("drop", dropped_why=dropped_why)
    return keep(held, "drop", by=by, at=at)


def _refuse_future(day: dt.date, at: dt.datetime, field: str) -> None:
    if day > local_day(at):
        raise BadEntry(_("This day has not come yet."), CLAUSE, field)


def locked(paper: SupplierClaim) -> SupplierClaim:
    """The claim as it stands now."""
    return SupplierClaim.objects.select_for_update(of=("self",)).get(pk=paper.pk)
