"""Fourteen months of the demonstration company, played in the order of their moments."""

import datetime as dt
import gc
import heapq
import itertools
import logging
import math
import random
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Absence, DutyShift, User
from aftersales.problems import Refusal
from deadlines import services as deadlines
from deadlines.models import CollectionRound
from deadlines.services import sweep
from notices.doorbell import circuit
from notices.models import Notification
from notices.services import deliver, mark_all_read

from . import fleet, handing_over, helping, money, people, quality, selling, spares, supply, travel
from .story import Cast, Story, handed_over, whole

log = logging.getLogger(__name__)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS, TICKETS, LATELY = 14, 240, 72
STEPS_A_TRANSACTION = 250
NOISE = dt.timedelta(hours=48)  # a sweep writes every stage with its true time, however late it comes
ROUNDS_KEPT = dt.timedelta(days=92)
NUMBERS = itertools.count(1_000_000)  # of stories that begin later


def found(
    now: dt.datetime, *, seed: int = 2015, tickets: int = TICKETS, refused: list[str] | None = None
) -> int:
    """Make the company as it stands at `now`; answers how many acts were played.

    A story whose act a rule refuses ends there and is written into `refused`: the company still opens (a test wants none).
    """
    rng = random.Random(seed)  # a story, not a secret
    begin = now - dt.timedelta(days=MONTHS * 30.4)
    with transaction.atomic():
        deadlines.adopt_official_years(begin)
        deadlines.adopt_official_years(now)
        cast = _cast(rng, begin, now)
        _roster(cast, now)
        quality.standard(cast, begin)
        cast.help = helping.write(cast.people, begin, now)
    stories: list[Story] = [whole(cast, start) for start in _starts(rng, begin, now, tickets)]
    stories += [_rounds(cast, now - ROUNDS_KEPT, now), supply.months(cast, begin)]
    stories += money.stories(cast, begin, seed)
    stories += travel.stories(cast, begin)
    stories += selling.stories(cast)
    stories.append(handed_over(cast))
    stories += [quality.finals(cast, begin), quality.called_in(cast)]
    circuit.open_until = math.inf  # nobody is at the door while the past is played
    usual = gc.get_threshold()
    gc.set_threshold(50_000)  # many short-lived objects: looking for cycles among them is a tenth of the time
    try:
        return play(stories, now, cast.after, refused)
    finally:
        gc.set_threshold(*usual)
        circuit.close()


def _cast(rng: random.Random, begin: dt.datetime, now: dt.datetime) -> Cast:
    staff = people.hire(now.astimezone(SHANGHAI).date())
    owners = fleet.customers(rng, [staff["sales"], staff["sales2"]], begin)
    first = now - dt.timedelta(days=3 * 365)
    vehicles = fleet.vehicles(rng, fleet.models(), owners, first, now)
    handing_over.record(staff, owners, vehicles, begin, now)
    parts = spares.stock_up(staff, begin - dt.timedelta(days=2), rng)
    return Cast(
        staff, owners, vehicles, rng, now, parts, case=quality.case, held=itertools.cycle(quality.TURNS)
    )


def _starts(rng: random.Random, begin: dt.datetime, now: dt.datetime, count: int) -> Iterator[dt.datetime]:
    """When the reports come: evenly over the months, and more of them in the last days, so that every desk is busy."""
    for number in range(count):
        if number < count - LATELY:
            yield begin + (now - begin) * rng.random()
        else:
            yield now - dt.timedelta(hours=80 * rng.random() ** 2.4)


def _roster(cast: Cast, now: dt.datetime) -> None:
    """Who answers the hotline and who signs for finance, four weeks back and ahead; one engineer on leave."""
    local = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = local - dt.timedelta(days=local.weekday())
    turns = itertools.cycle(["service", "service2", "service3"])
    signers = itertools.cycle(["finance", "finance2"])
    for day in range(-28, 28):
        start = monday + dt.timedelta(days=day)
        for hour in (8, 20):
            _shift(cast, "hotline", next(turns), start + dt.timedelta(hours=hour), 12)
        if start.weekday() >= 5:
            _shift(cast, "finance_sign", next(signers), start, 24)
    Absence.objects.create(
        user=cast.people["engineer5"],
        kind="leave",
        deputy=cast.people["engineer2"],
        begins_at=now - dt.timedelta(days=1),
        ends_at=now + dt.timedelta(days=4),
        note="年休假",
    )


def _shift(cast: Cast, kind: str, username: str, begins_at: dt.datetime, hours: int) -> None:
    mobile = "13800009898" if kind == "hotline" else ""
    ends_at = begins_at + dt.timedelta(hours=hours)
    DutyShift.objects.create(
        kind=kind, user=cast.people[username], mobile=mobile, begins_at=begins_at, ends_at=ends_at
    )


def _rounds(cast: Cast, begin: dt.datetime, now: dt.datetime) -> Story:
    """Customer service ticks its collection rounds, one in thirty too late."""
    day = begin.astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
    while True:
        for hour in (9, 14):
            late = 70 if cast.rng.random() < 0.03 else cast.rng.randint(20, 55)
            at = yield day.replace(hour=hour) + dt.timedelta(minutes=late)
            deadlines.open_rounds(at)
            for row in CollectionRound.objects.filter(ticked_at=None, begins_at__lte=at):
                deadlines.tick_round(row, found=cast.rng.choice([0, 0, 1, 1, 2]), by=cast.agent(), at=at)
        day += dt.timedelta(days=1)


def play(
    stories: list[Story], now: dt.datetime, beside: list[Story], refused: list[str] | None = None
) -> int:
    """Run every story act by act in the order of time, with the sweep in between, until `now`; `beside` fills with new ones."""
    queue = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(queue)
    acts = 0
    while queue and queue[0][0] <= now:
        with transaction.atomic():
            acts += _some(queue, now, beside, refused if refused is not None else [])
    sweep(now + dt.timedelta(seconds=60))
    deliver(now)
    _read_inboxes(now)
    return acts


def _read_inboxes(now: dt.datetime) -> None:
    """Everybody has read what is older than a day."""
    before = now - dt.timedelta(hours=20)
    newest = (
        Notification.objects.filter(created_at__lt=before)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    for user in User.objects.all():
        mark_all_read(user, until=newest or 0, at=before)


def _next(story: Story, at: dt.datetime, refused: list[str]) -> dt.datetime | None:
    """When it wants to act next; None once it has ended (its last act counts: an end is no reason to roll back)."""
    try:
        with transaction.atomic():
            return _act(story, at)
    except Refusal as refusal:
        log.warning("demonstration: a story ends at %s, because: %s", at, refusal)
        refused.append(f"{at} {refusal}")
        return None


def _act(story: Story, at: dt.datetime) -> dt.datetime | None:
    try:
        return story.send(at)
    except StopIteration:
        return None


def _some(queue: list[Any], now: dt.datetime, beside: list[Story], refused: list[str]) -> int:
    done = 0
    swept = None
    while queue and queue[0][0] <= now and done < STEPS_A_TRANSACTION:
        at, number, story = heapq.heappop(queue)
        if swept is None or at - swept > NOISE:
            sweep(at)
            deliver(at)
            swept = at
        wanted = _next(story, at, refused)
        if wanted is not None:
            heapq.heappush(queue, (max(wanted, at + dt.timedelta(seconds=1)), number, story))
        while beside:
            new = beside.pop()
            heapq.heappush(queue, (next(new), next(NUMBERS), new))
        done += 1
    return done
