"""The help of the demonstration company (2.2): articles by two people, read in their season, some reports that followed."""

import datetime as dt
import random
from typing import Any

from aftersales.limits import first_of, following, local_day
from catalogue.models import VehicleModel
from repairs.models import HelpCount, HelpMiss, HelpVersion
from repairs.services import articles, illustrating

from .advice import LEARNT, MISSES, PIECES, WAITING, WHY_WITHDRAWN, WITHDRAWN, Piece
from .drawings import drawn
from .moments import by_day, hours

WINTER = (11, 12, 1, 2, 3)
FOLLOWED = 0.3  # of the web reports whose fault an article is about: it had been read and did not help


def write(staff: dict[str, Any], begin: dt.datetime, now: dt.datetime) -> dict[str, HelpVersion]:
    """All articles, published in the first days; a word of the faults that one is about → the article."""
    found = {}
    for number, piece in enumerate(PIECES):
        at = by_day(begin + hours(20 + 5 * number))
        found[piece.said] = _published(staff, piece, at)
    gone = _published(staff, WITHDRAWN, by_day(begin + hours(70)))
    articles.withdraw(gone, why=WHY_WITHDRAWN, by=staff["service"], at=by_day(begin + hours(900)))
    _draft(staff["technical2"], WAITING, by_day(now - hours(22)))
    _renewed(found["刹车"], staff["technical"], by_day(now - hours(40)))
    _count([*zip(PIECES, found.values(), strict=True), (WITHDRAWN, gone)], begin, now)
    _missed(now)
    return found


def _renewed(row: HelpVersion, writer: Any, at: dt.datetime) -> None:
    """Technical learnt something since: a new version waits for its publisher."""
    draft = articles.renew(row, by=writer, at=at)
    names = ("title", "symptom", "group", "keywords", "stop")
    facts: dict[str, Any] = {name: getattr(draft, name) for name in names}
    steps = [*draft.steps, {"text": LEARNT, "picture": "", "caption": ""}]
    articles.edit(draft, **facts, steps=steps, fits=draft.fits.all(), by=writer, at=at + hours(1))


def _published(staff: dict[str, Any], piece: Piece, at: dt.datetime) -> HelpVersion:
    writer, publisher = ("technical", "service") if piece.drawn else ("service2", "technical")
    return articles.publish(_draft(staff[writer], piece, at), by=staff[publisher], at=at + hours(3))


def _draft(writer: Any, piece: Piece, at: dt.datetime) -> HelpVersion:
    names = ("title", "symptom", "group", "keywords", "stop")
    facts: dict[str, Any] = {name: getattr(piece, name) for name in names}
    fits = VehicleModel.objects.filter(code__in=piece.fits)
    steps = [{"text": text, "picture": "", "caption": ""} for text in piece.steps]
    row = articles.begin(**facts, steps=steps, fits=fits, by=writer, at=at)
    if not piece.drawn:
        return row
    for place, (name, caption) in piece.drawn.items():
        shown = illustrating.show(row.article, drawn(name), by=writer, at=at)
        steps[place] |= {"picture": shown.key, "caption": caption}
    return articles.edit(row, **facts, steps=steps, fits=fits, by=writer, at=at + hours(1))


def _count(read: list[tuple[Piece, HelpVersion]], begin: dt.datetime, now: dt.datetime) -> None:
    """Month by month, as the service counts; thousands of single readers would only take time."""
    rng, month, last = (
        random.Random(2022),
        first_of(local_day(begin)),
        first_of(local_day(now)),
    )  # a story, not a secret
    rows = []
    while month <= last:
        share = local_day(now).day / 31 if month == last else 1.0
        rows += [_month(rng, piece, row, month, share) for piece, row in read if _is_read(row, month)]
        month = following(month)
    HelpCount.objects.bulk_create(rows)


def _is_read(row: HelpVersion, month: dt.date) -> bool:
    return row.ended_at is None or month <= local_day(row.ended_at)


def _month(rng: random.Random, piece: Piece, row: HelpVersion, month: dt.date, share: float) -> HelpCount:
    season = 1.0 if not piece.season else 1.6 if month.month in WINTER else 0.2
    views = round(piece.weight * season * share * rng.uniform(0.7, 1.3))
    told = round(views * rng.uniform(0.25, 0.4))
    solved = round(told * piece.helps / 100)
    return HelpCount(article=row.article, month=month, views=views, solved=solved, unsolved=told - solved)


def _missed(now: dt.datetime) -> None:
    month = first_of(local_day(now))
    HelpMiss.objects.bulk_create(HelpMiss(text=text, month=month, count=count) for text, count in MISSES)


def tried(known: dict[str, HelpVersion], symptom: str, start: dt.datetime) -> HelpVersion | None:
    """What this customer had read before he reported, if he had; the dice are his own, so that the stories stay as they are."""
    row = next((row for word, row in known.items() if word in symptom), None)
    return (
        row if row is not None and random.Random(f"{symptom}{start}").random() < FOLLOWED else None
    )  # a story, too
