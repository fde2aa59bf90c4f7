"""One edits, one signs, one issues the same sheet at once: `python -m tests.fault.edit_race` on the environment's database.

Reads one JSON line ({"rounds": 40, "protected": true}), answers with one: how many rounds issued something, how many edits
met a signature, and how many issued lines say something else than what finance signed.
"""

import datetime as dt
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest import mock

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()

from django.db import IntegrityError, OperationalError  # after setup

from aftersales.pages.releases import DESK
from aftersales.problems import Refusal
from finance.shown import digest_of, lines_of
from parts.models import Release, ReleaseLine, SlipLine
from parts.services import issuing, releases
from parts.services.lines import line_digest
from tests import build
from tests.fault.sign_race import NOW, at_once, unprotected
from tests.finance.conftest import Shop

PER_TICKET, TRIES = 25, 6
Facts = tuple[int, str]


class Round:
    """One sheet and three people; `signed` holds what finance was shown when it signed, `edits` met a signature."""

    def __init__(self, shop: Shop, part: Any, seed: int) -> None:
        self.shop, self.seed = shop, seed
        self.pk = shop.release("warranty", (part, 2)).pk
        self.signed: set[Facts] = set()
        self.edits = 0
        self.is_signed = threading.Event()
        self.at = shop.at + build.HOUR

    def run(self) -> None:
        at_once(
            [
                lambda act=act, n=n: self.often(act, n)
                for n, act in enumerate((self.edit, self.sign, self.issue))
            ]
        )

    def often(self, act: Callable[[Release, random.Random], None], number: int) -> bool:
        """The same act again and again, at moments of its own; what is refused is simply not done."""
        dice = random.Random(self.seed * 10 + number)
        for _try in range(TRIES):
            time.sleep(dice.uniform(0, 0.02))
            try:
                act(Release.objects.select_related("ticket", "order").get(pk=self.pk), dice)
            except (Refusal, IntegrityError, OperationalError):
                continue
        return True

    def take(self, paper: Release, name: str, by: Any, **entries: Any) -> Any:
        return DESK.steps.take(paper, name, by=by, at=self.at, **entries)

    def edit(self, paper: Release, dice: random.Random) -> None:
        """Another quantity and other evidence; a sheet that still waits is taken back for it and submitted again. Every
        second round he is late: without that a slow machine would see few edits that meet a signature."""
        if self.seed % 2:
            self.is_signed.wait(5)
        eng, line = self.shop.who.eng, paper.lines.get()
        facts = {"line": line, "quantity": dice.randint(1, 4), "damage_evidence": f"{dice.random()}"}
        try:
            found = self.take(paper, "change_line", eng, **facts)
        except Refusal:
            self.take(paper, "take_back", eng)
            found = self.take(paper, "change_line", eng, **facts)
        self.edits += found.stage == "submitted"  # it was signed and has lost its signature
        if found.stage == "draft":
            self.take(found, "submit", eng)

    def sign(self, paper: Release, dice: random.Random) -> None:
        lines = lines_of(paper)
        shown = digest_of(paper, lines)
        self.take(paper, "sign", self.shop.who.fins, shown=shown)
        self.is_signed.set()
        self.signed |= {(line.quantity, line.damage_evidence) for line in lines}

    def issue(self, paper: Release, dice: random.Random) -> None:
        line = paper.lines.get()
        self.take(paper, "issue", self.shop.who.wh, pieces={line.pk: line.quantity}, codes={})

    def judged(self) -> Counter[str]:
        line = ReleaseLine.objects.get(release=self.pk)
        left = list(SlipLine.objects.filter(line=line).values_list("quantity", flat=True))
        as_signed = (line.quantity, line.damage_evidence) in self.signed and line.digest == line_digest(line)
        as_signed = as_signed and sum(left) == line.issued <= line.quantity
        return Counter(issued=bool(left), edits=self.edits, differ=bool(left) and not as_signed)


def race(rounds: int, losses: int = 0) -> dict[str, int]:
    """So many rounds, and on until the race was one, or until so many `losses` stand (at most five times as many rounds)."""
    found: Counter[str] = Counter(issued=0, edits=0, differ=0)

    def is_over(number: int) -> bool:
        return found["differ"] >= losses if losses else number >= rounds and is_race(found, rounds)

    for number in range(5 * rounds):
        if is_over(number):
            break
        if number % PER_TICKET == 0:
            shop = Shop(build.Company(), NOW + dt.timedelta(hours=number))
            part = shop.part("30.00", good=500)
        one = Round(shop, part, number)
        one.run()
        found.update(one.judged())
    return dict(found)


def is_race(found: Mapping[str, int], rounds: int) -> bool:
    """Much was issued, and many edits met a signature."""
    return min(found["issued"], found["edits"]) > rounds // 8


def careless() -> ExitStack:
    """Negative control: nobody waits for the sheet, a save overwrites what it finds, and who edits is slow after reading."""
    read, fill, slow = Release.objects.select_related("ticket", "order"), releases.fill, random.Random(1)

    def unlocked(release: Release) -> Release:
        return read.get(pk=release.pk)

    def slowly(line: ReleaseLine, **hand: Any) -> None:
        fill(line, **hand)
        time.sleep(slow.uniform(0, 0.1))

    stack = ExitStack()
    stack.enter_context(mock.patch.object(releases, "fill", slowly))
    for patch in unprotected():
        stack.enter_context(patch)
    for place, name in ((releases, "locked"), (issuing, "locked"), (DESK.steps, "lock")):
        stack.enter_context(mock.patch.object(place, name, unlocked))
    return stack


def measured(rounds: int, protected: bool) -> dict[str, int]:
    if protected:
        return race(rounds)
    with careless():
        return race(rounds, losses=2)


def main() -> None:
    sys.stdout.write(json.dumps(measured(**json.loads(sys.stdin.readline()))) + "\n")


if __name__ == "__main__":
    main()
