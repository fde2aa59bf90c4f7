"""Two who pay one claim at the same moment (8.2): it is paid once. Without locks and keys the money leaves many times."""

import threading
from contextlib import ExitStack
from unittest import mock

import pytest

from aftersales.problems import Refusal
from finance.models import Account, Kind, Transfer, TravelCost
from finance.services import claims
from finance.services.claims import deciding
from tests import build
from tests.fault.debt_race import unprotected
from tests.fault.sign_race import at_once
from tests.finance.travelling import HOUR, meals, ride, road

__all__ = ["road"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("8.2")]
PAYERS = 4


def paid_at_once(road, protected):
    """(how many believe that they paid, what left the bank, what the trip cost its ticket)."""
    paper = road.checked(road.trip(), meals(), ride("40"))
    payers = [build.person("FIN") for _payer in range(PAYERS)]
    for kind, of in ((Kind.BANK, ""), (Kind.TRAVEL, paper.claimant.username)):
        Account.objects.of_kind(kind, of)

    def pay(who):
        try:
            claims.pay(paper, by=who, at=paper.made_at + 4 * HOUR)
        except Refusal:
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            together(stack)
        won = at_once([lambda who=who: pay(who) for who in payers])
    return (
        won,
        sum(row.amount for row in Transfer.objects.all()),
        sum(row.amount for row in TravelCost.objects.all()),
    )


def together(stack):
    """All have read the claim before the first one goes on."""
    met, hold = threading.Barrier(PAYERS), deciding.hold

    def read(paper):
        held = hold(paper)
        met.wait(20)
        return held

    stack.enter_context(mock.patch.object(deciding, "hold", read))


def test_of_many_who_pay_at_once_one_does(road):
    assert paid_at_once(road, protected=True) == (1, 160, 160)


def test_without_the_locks_the_money_leaves_many_times(road):
    """Negative control."""
    won, left, _cost = paid_at_once(road, protected=False)
    assert won > 1 and left > 160
