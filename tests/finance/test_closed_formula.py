"""For any order of issue, return, settlement, conversion and new judgement the books equal a count of the pieces."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.models import next_number
from aftersales.money import yuan_of
from finance.models import Account, Kind, Transfer
from finance.services import charges
from finance.services.charges import Books
from parts.models import ReleaseLine, Slip, SlipLine

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
KINDS = ("free", "charged", "awaiting")
ACTS = st.one_of(
    st.tuples(st.just("issue"), st.integers(1, 4)), st.tuples(st.just("back"), st.integers(1, 3)),
    st.tuples(st.just("old"), st.integers(1, 3)), st.tuples(st.just("never"), st.integers(1, 2)),
    st.tuples(st.just("rerate"), st.sampled_from(KINDS)),
)  # fmt: skip


class ByHand:
    """Where each piece stands, kept one by one; an odd fen lies with the first pieces."""

    def __init__(self, fen: int, quantity: int, charge: str) -> None:
        share, odd = divmod(fen, quantity)
        self.worth = [share + (n < odd) for n in range(quantity)]
        self.place: list[str | None] = [None] * quantity
        self.slip: list[str] = []
        self.charge = charge
        self.returned = self.settled = self.converted = 0

    @property
    def gone(self) -> int:
        return self.returned + self.settled + self.converted

    def issue(self, count: int, slip: str) -> None:
        for n in range(len(self.slip), len(self.slip) + count):
            self.slip.append(slip)
            self.place[n] = {"free": None, "charged": f"slip:{slip}", "awaiting": "awaited"}[self.charge]

    def leave(self, count: int, first: int, place: str | None = None) -> None:
        if self.charge != "free":
            self.place[first : first + count] = [place] * count

    def rerate(self, charge: str, old: str, again: str) -> None:
        self.charge = charge
        for n in range(len(self.slip)):
            waits = "awaited" if n >= self.gone else old if n >= self.gone - self.converted else None
            owed = f"slip:{self.slip[n]}{again}" if n >= self.returned else None
            self.place[n] = {"free": None, "charged": owed, "awaiting": waits}[charge]

    def sums(self) -> dict[str, Decimal]:
        found: dict[str, int] = {}
        for worth, place in zip(self.worth, self.place, strict=True):
            if place and worth:
                found[place] = found.get(place, 0) + worth
        return {place: yuan_of(fen) for place, fen in found.items()}


class Line:
    """One part line of its own, driven as the warehouse drives it: the counts move, then finance hears of it (twice)."""

    def __init__(
        self, release: Any, part: Any, fen: int, quantity: int, charge: str, by: Any, at: dt.datetime
    ) -> None:
        self.row = ReleaseLine.objects.create(
            release=release, position=release.lines.count() + 1, part=part, quantity=quantity, unit_price=yuan_of(fen), amount=yuan_of(fen),
            charge=charge, old_part="must",
        )  # fmt: skip
        self.hand, self.by, self.at = ByHand(fen, quantity, charge), by, at

    def books(self) -> Books:
        self.row.save()
        return Books(self.row, by=self.by, at=self.at, paper="X")

    def twice(self, name: str, *args: Any) -> None:
        for _time in range(2):
            getattr(self.books(), name)(*args)

    def act(self, name: str, what: Any) -> None:
        self.at += MINUTE
        getattr(self, name)(what)

    def issue(self, count: int) -> None:
        count = min(count, self.row.quantity - self.row.issued)
        if count > 0:
            slip = Slip(number=next_number("CK", self.at), kind="outbound", release=self.row.release)
            slip.sign(by=self.by, at=self.at)
            slip.save()
            SlipLine.objects.create(slip=slip, line=self.row, quantity=count)
            self.row.issued += count
            self.hand.issue(count, slip.number)
            self.twice("issued", count, slip)

    def out(self, count: int) -> int:
        return max(min(count, self.row.issued - self.hand.gone), 0)

    def back(self, count: int) -> None:
        count = self.out(count)
        if count:
            self.hand.leave(count, self.hand.gone if self.hand.charge == "awaiting" else self.hand.returned)
            self.row.returned, self.row.unused = self.row.returned + count, self.row.unused + count
            self.hand.returned += count
            self.twice("returned", count)

    def old(self, count: int) -> None:
        count = self.out(count) if self.hand.charge == "awaiting" else 0
        if count:
            self.hand.leave(count, self.hand.gone)
            self.row.old_in += count
            self.hand.settled += count
            self.twice("settled", count)

    def never(self, count: int) -> None:
        count = self.out(count) if self.hand.charge == "awaiting" else 0
        if count:
            end = self.hand.gone + count
            self.hand.leave(count, self.hand.gone, f"old:{self.row.release.number}/{self.row.position}:{end}")
            self.row.converted += count
            self.hand.converted += count
            self.twice("converted", count)

    def rerate(self, charge: str) -> None:
        if charge != self.row.charge:
            self.row.charge = charge
            again = f"/{self.row.position}:r{self.at.timestamp():.0f}"
            self.hand.rerate(charge, f"old:{self.row.release.number}{again}", again)
            self.twice("rerated")

    def posted(self) -> dict[str, Decimal]:
        """What this line's own rows leave on each account of a debtor."""
        sums: dict[str, Decimal] = {}
        for row in Transfer.objects.filter(key__startswith=f"line:{self.row.pk}:").select_related(
            "source", "target"
        ):
            for account, sign in ((row.source, -1), (row.target, 1)):
                name = (
                    "awaited"
                    if account.kind == Kind.AWAITED
                    else account.of
                    if account.kind == Kind.RECEIVABLE
                    else ""
                )
                sums[name] = sums.get(name, Decimal(0)) + sign * row.amount
        return {name: amount for name, amount in sums.items() if name and amount}


@pytest.mark.clause("4.5a")
@pytest.mark.clause("4.5c")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    fen=st.integers(1, 1000),
    quantity=st.integers(1, 7),
    charge=st.sampled_from(KINDS),
    acts=st.lists(ACTS, max_size=14),
)
def test_the_books_equal_a_count_of_the_pieces(unpaid, fen, quantity, charge, acts):
    release, part, shop = unpaid
    line = Line(release, part, fen, quantity, charge, shop.who.wh, shop.now())
    for name, what in acts:
        line.act(name, what)
        assert line.posted() == line.hand.sums(), (name, what)
    assert sum((a.balance() for a in Account.objects.all()), Decimal(0)) == 0


@pytest.fixture
def unpaid(shop):
    part = shop.part("60.00")
    return shop.sign(shop.charged("unpaid", (part, 1)), opinion="未付款"), part, shop


def test_the_control_without_keys_of_its_own_a_second_hearing_charges_twice(unpaid, monkeypatch):
    """Negative control: were the keys not made of the counts, the repeated event would be posted again."""
    release, part, shop = unpaid
    real, count = charges.ledger.post, iter(range(100))
    monkeypatch.setattr(charges.ledger, "post", lambda key, **facts: real(f"{key}:{next(count)}", **facts))
    line = Line(release, part, 100, 2, "charged", shop.who.wh, shop.now())
    line.act("issue", 2)
    assert line.posted() != line.hand.sums()
