"""A ticket with a paying customer, parts with prices, and a release on its way to finance."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts import middleware
from aftersales.limits import local_day
from catalogue.services import draft_prices, publish_prices
from parts.services import issuing, releases, returning
from repairs.models import Ticket
from repairs.services import quotations
from tests import build
from tests.pages.conftest import as_user

__all__ = ["as_user"]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Shop:
    """Drives the real services; `at` moves on by a minute with every act."""

    def __init__(self, company: Any, at: dt.datetime) -> None:
        self.who, self.at = company, at
        self.ticket = build.ticket(at_stage="contacted", at=at, company=company, vin=build.vehicle(at=at).vin)
        self.customer = self.ticket.customer

    def now(self) -> dt.datetime:
        self.at += MINUTE
        return self.at

    def part(self, price: str, good: int = 10, **facts: Any) -> Any:
        part = build.spare(good=good, by=self.who.wh, at=self.now(), **facts)
        rows = draft_prices(
            "价格表",
            local_day(self.at),
            prices=[(part, Decimal(price), None)],
            rates=[],
            by=self.who.fin,
            at=self.now(),
        )
        publish_prices(rows, by=self.who.fins, at=self.now())
        return part

    def quoted(self, *pairs: tuple[Any, int], about: Any = None) -> None:
        """The customer has accepted a quotation for these parts."""
        lines = [
            {"kind": "part", "part": part, "quantity": pieces, "discount": Decimal(0)}
            for part, pieces in pairs
        ]
        quote = quotations.draft(about or self.ticket, by=self.who.eng, at=self.now(), lines=lines)
        quote = quotations.send(quote, by=self.who.eng, at=self.now()) or quote
        quotations.accept(quote, by=self.who.cs, at=self.now(), how="电话", said_at=self.at)

    def release(
        self, basis: str, *pairs: tuple[Any, int], about: Any = None, submit: bool = True, **facts: Any
    ) -> Any:
        """Of a ticket that was reached: under warranty unless the damage is `human`."""
        damage = {"damage": "human" if basis != "warranty" else "not_human", "damage_evidence": "照片"}
        lines = [damage | {"part": part, "quantity": pieces} | facts for part, pieces in pairs]
        paper = releases.draft(about or self.ticket, by=self.who.eng, at=self.now(), basis=basis, lines=lines)
        if basis == "unpaid":
            paper = releases.consent(
                paper, by=self.who.eng, at=self.now(), agreed_day=(self.at + 10 * DAY).date(), reason="老客户"
            )
        return releases.submit(paper, by=self.who.eng, at=self.now()) if submit else paper

    def charged(self, basis: str, *pairs: tuple[Any, int]) -> Any:
        self.quoted(*pairs)
        return self.release(basis, *pairs)

    def receipt(self, amount: str, by: Any = None, **facts: Any) -> Any:
        from finance.services import receipts

        facts = {"ticket": self.ticket, "customer": self.customer, "method": "bank"} | facts
        return receipts.record(
            amount=Decimal(amount), arrived_at=self.at - MINUTE, by=by or self.who.fin, at=self.now(), **facts
        )

    def sign(self, release: Any, by: Any = None, **facts: Any) -> Any:
        from finance.services import signing

        return signing.sign(release, by=by or self.who.fins, at=self.now(), **facts)

    def issue(self, release: Any, pieces: dict[int, int] | int) -> Any:
        """Pieces by line position (or of the only line)."""
        wanted = pieces if isinstance(pieces, dict) else {1: pieces}
        ids = {line.position: line.pk for line in release.lines.all()}
        return issuing.issue(
            release, by=self.who.wh, at=self.now(), pieces={ids[n]: count for n, count in wanted.items()}
        )

    def bring_back(self, release: Any, kind: str, pieces: int, position: int = 1) -> Any:
        """Unused or old parts: declared, handed in by the engineer, confirmed by the warehouse."""
        line = release.lines.get(position=position)
        if kind == "unused":
            said = {
                "used": line.used - pieces if line.kind == "outbound" else line.used,
                "unused": line.unused + pieces,
            }
            returning.declare(release, by=self.who.eng, at=self.now(), said={line.pk: said})
        paper = returning.hand_in(
            release, by=self.who.eng, at=self.now(), kind=kind, pieces={line.pk: pieces}
        )
        return returning.confirm(paper, by=self.who.wh, at=self.now(), received={})


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def one_factor(monkeypatch: Any) -> None:
    """Pages are asked for what they show; the second factor has tests of its own."""
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)


@pytest.fixture
def deductions_have_pages(monkeypatch: Any) -> None:
    """Words about deductions lead to their page, which has tests of its own."""
    from django.urls import NoReverseMatch, reverse

    from finance.models import Deduction

    def address(paper: Any) -> str:
        try:
            return reverse("finance:deduction", args=[paper.number])
        except NoReverseMatch:
            return f"/finance/deductions/{paper.number}/"

    monkeypatch.setattr(Deduction, "get_absolute_url", address)


@pytest.fixture
def shop(people: Any, monday: dt.datetime) -> Shop:
    return Shop(people, monday)


def reloaded(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture(autouse=True)
def _sentences_in_english(english: None) -> None:
    """What the services refuse is compared in English here."""
