"""Many do the same to one debt or receipt at once: `python -m tests.fault.debt_race` on the database of the environment.

Reads one JSON line ({"what": "allocate", "clients": 8, "rounds": 3, "protected": true}), answers with what came of it.
"""

import datetime as dt
import json
import os
import sys
from contextlib import ExitStack
from decimal import Decimal
from typing import Any
from unittest import mock

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()

from django.db.models import Model, QuerySet, Sum  # after setup
from django_fsm import ConcurrentTransitionMixin

from aftersales.money import split, yuan_of
from aftersales.problems import Refusal
from finance.models import Account, Kind, ReceiptUse, WriteOff
from finance.services import deducting, giving_up, ledger, owing, paying, payroll
from tests import build
from tests.fault.sign_race import at_once
from tests.finance.conftest import Shop
from tests.finance.debts import old_debt

NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)


def allocate(shop: Shop, clients: int) -> dict[str, Any]:
    """One receipt of 100, debts of 100 for each client: all pay at once, the receipt holds once."""
    receipt = shop.receipt("100.00")
    debts = [old_debt(shop, "100.00") for _client in range(clients)]

    def pay(debt: Any) -> bool:
        return tried(
            lambda: paying.allocate(receipt, receivable=debt, amount=Decimal(100), by=shop.who.fin, at=NOW)
        )

    won = at_once([lambda debt=debt: pay(debt) for debt in debts])
    used = ReceiptUse.objects.filter(receipt=receipt).aggregate(total=Sum("amount"))["total"]
    return {"won": won, "too_much": str(max(used - 100, Decimal(0)))}


def write_off(shop: Shop, clients: int) -> dict[str, Any]:
    """One proposal, everybody is its second person at once: it is carried out once."""
    debt = old_debt(shop, "100.00")
    people = [build.person("FINS") for _client in range(clients)]
    proposal = giving_up.propose(debt, amount=Decimal(60), reason="破产", by=build.person("FINS"), at=NOW)
    won = at_once(
        [lambda who=who: tried(lambda: giving_up.second(proposal, by=who, at=NOW)) for who in people]
    )
    return {"won": won, "too_much": str(max(Decimal(40) - owing.left(debt), Decimal(0)))}


def propose(shop: Shop, clients: int) -> dict[str, Any]:
    """Everybody proposes at once: one proposal waits."""
    debt = old_debt(shop, "100.00")
    people = [build.person("FINS") for _client in range(clients)]

    def one(who: Any) -> bool:
        return tried(lambda: giving_up.propose(debt, amount=Decimal(100), reason="破产", by=who, at=NOW))

    won = at_once([lambda who=who: one(who) for who in people])
    return {"won": won, "too_much": str(Decimal(WriteOff.objects.filter(receivable=debt).count() - 1))}


def confirm(shop: Shop, clients: int) -> dict[str, Any]:
    """A debt of 100 over its 40th day: finance confirms its deduction while the customer's payments of 100 come in. What
    the engineer bears and what is paid are never more than the debt."""
    engineer, payers, month = build.person("ENG"), max(clients - 1, 2), NOW.date().replace(day=1)
    parts = [yuan_of(fen) for fen in split(10_000, [1] * payers)]
    money = [shop.receipt(str(part)) for part in parts]
    debt = old_debt(shop, "100.00", due=60, engineer=engineer)
    payroll.enter_wage(engineer, month=month, amount=Decimal(6000), by=shop.who.fin, at=NOW)
    if payroll.minimum_of(month) is None:
        payroll.enter_minimum(since=month, amount=Decimal(2490), by=shop.who.fin, at=NOW)
    deducting.draft_due(NOW)

    def pay(receipt: Any, part: Decimal) -> int:
        tried(lambda: paying.allocate(receipt, receivable=debt, amount=part, by=shop.who.fin, at=NOW))
        return 0

    acts: list[Any] = [
        lambda r=receipt, p=part: pay(r, p) for receipt, part in zip(money, parts, strict=True)
    ]
    won = at_once(
        [*acts, lambda: tried(lambda: payroll.confirm(engineer, month=month, by=shop.who.fins, at=NOW))]
    )
    uses = ReceiptUse.objects.filter(receivable=debt).aggregate(total=Sum("amount"))["total"] or 0
    return {"won": won, "too_much": str(max(uses + owing.borne(debt) - 100, -owing.left(debt), Decimal(0)))}


def tried(act: Any) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True


RACES = {"allocate": allocate, "write_off": write_off, "propose": propose, "confirm": confirm}


def unprotected(stack: ExitStack) -> None:
    """Negative control: nobody waits for a row or sees that it has moved, and the ledger's key is everybody's own."""
    post, plain = ledger.post, Model._do_update
    stack.enter_context(mock.patch.object(ConcurrentTransitionMixin, "_do_update", plain))
    stack.enter_context(mock.patch.object(QuerySet, "select_for_update", lambda rows, **_kwargs: rows.all()))
    count = iter(range(10**6))
    stack.enter_context(
        mock.patch.object(ledger, "post", lambda key, **facts: post(f"{key}:{next(count)}", **facts))
    )


def measured(what: str, clients: int, rounds: int, protected: bool) -> list[dict[str, Any]]:
    shop = Shop(build.Company(), NOW - dt.timedelta(hours=8))
    for kind in Kind.values:
        Account.objects.of_kind(kind)
    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
        return [RACES[what](shop, clients) for _round in range(rounds)]


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps(measured(**asked)) + "\n")


if __name__ == "__main__":
    main()
