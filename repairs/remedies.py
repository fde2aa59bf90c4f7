"""Reading the public help (2.2): what is published, what is found, what helped most, what the general advice still adds."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from aftersales.limits import DAY, first_of, following, local_day
from catalogue.models import VehicleModel

from . import forgiving
from .advice import REMEDIES, Advice
from .models import ArticleStage, HelpVersion

SOLVED_WEIGHS = 3  # an answer “solved” tells more than a page that was opened
FEWER = 0.5  # of the best score: what answers less well is left out


def season(at: dt.datetime) -> list[dt.date]:
    """The months that say what helps now: this one, the one before, and a year ago this one and the next."""
    now = first_of(local_day(at))
    before, then = first_of(now - DAY), now.replace(year=now.year - 1)
    return [now, before, then, following(then)]


def published(at: dt.datetime) -> QuerySet[HelpVersion]:
    """What visitors may read, what helped most in this season first; two statements with the models."""
    lately = Q(article__counts__month__in=season(at))
    helped = Coalesce(Sum("article__counts__solved", filter=lately), 0) * SOLVED_WEIGHS
    opened = Coalesce(Sum("article__counts__views", filter=lately), 0)
    rows = HelpVersion.objects.filter(stage=ArticleStage.PUBLISHED).select_related("article")
    return rows.annotate(liked=helped + opened).order_by(F("liked").desc(), "-pk").prefetch_related("fits")


def models() -> list[VehicleModel]:
    """The models that a customer may choose."""
    return list(VehicleModel.objects.order_by("code"))


def model_of(text: str, known: Iterable[VehicleModel]) -> VehicleModel | None:
    """The model that this text names: its code or its name, whole or among other words."""
    said = forgiving.plain(text).strip()
    names = [(model, forgiving.plain(name)) for model in known for name in (model.code, model.name)]
    whole = [model for model, name in names if name == said]
    inside = [model for model, name in names if said and name and name in said]
    return next(iter(whole + inside), None)


def fitting(rows: Iterable[HelpVersion], model: VehicleModel | None) -> list[HelpVersion]:
    """Those for this model: what names it, then what is for all."""
    if model is None:
        return list(rows)
    kept = [(row, {fit.pk for fit in row.fits.all()}) for row in rows]
    own = [row for row, fits in kept if model.pk in fits]
    return own + [row for row, fits in kept if not fits]


def found(text: str, rows: Iterable[HelpVersion]) -> list[HelpVersion]:
    """The rows that answer these words, the best first; of equals the order stays."""
    tokens = forgiving.asked(text)
    scored = [(forgiving.score(tokens, forgiving.Keys(r.words, r.sounds, r.initials)), r) for r in rows]
    best = max((value for value, _row in scored), default=0.0)
    good = [(value, row) for value, row in scored if value > 0 and value >= best * FEWER]
    return [row for _value, row in sorted(good, key=lambda pair: -pair[0])]


def general(rows: Iterable[HelpVersion]) -> list[Advice]:
    """The built-in advice of the groups that no published article covers: there is one source for each (decision 0026)."""
    covered = {row.group for row in rows}
    return [advice for advice in REMEDIES if advice.group not in covered]


def readable(key: str) -> QuerySet[HelpVersion]:
    """The published version at this address, if there is one."""
    rows: Any = HelpVersion.objects.filter(stage=ArticleStage.PUBLISHED, article__key=key.replace("\x00", ""))
    return rows.select_related("article").prefetch_related("fits")
