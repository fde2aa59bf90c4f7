"""Reading what the help was good for (2.2): per article and period, and what was looked for in vain."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from .models import ArticleStage, HelpArticle, HelpMiss, HelpVersion
from .models.helped import COUNTED


class Period(NamedTuple):
    """First days of its first and its last month."""

    first: dt.date
    last: dt.date


def to_publish(user: Any) -> QuerySet[HelpVersion]:
    """Whole drafts that wait for another than their writers (A26, SD05)."""
    rows = HelpVersion.objects.filter(stage=ArticleStage.DRAFT).exclude(symptom="").exclude(steps=[])
    return rows.exclude(drafted_by=user).exclude(writers=user)


def counted(period: Period) -> Any:
    """Articles that were ever published, with `title` (of the latest such version), `group`, `stage` and the counts of the
    period: `views solved unsolved reports`; what saved most first. One statement."""
    told = HelpVersion.objects.filter(article=OuterRef("pk"), published_at__isnull=False).order_by("-number")
    within = Q(counts__month__gte=period.first, counts__month__lte=period.last)
    sums: dict[str, Any] = {name: Coalesce(Sum(f"counts__{name}", filter=within), 0) for name in COUNTED}
    facts: dict[str, Any] = {name: Subquery(told.values(name)[:1]) for name in ("title", "group", "stage")}
    rows: Any = HelpArticle.objects.annotate(**facts, **sums)
    return rows.filter(title__isnull=False).order_by("-solved", "-views", "-pk")


def misses(period: Period, most: int = 30) -> list[dict[str, Any]]:
    """The words that found nothing, the most frequent first: {text, count}."""
    rows = HelpMiss.objects.filter(month__gte=period.first, month__lte=period.last)
    found: Any = rows.values("text").annotate(times=Sum("count")).order_by("-times", "text")[:most]
    return list(found)


def desk(stage: str = "", group: str = "") -> QuerySet[HelpVersion]:
    """One row an article: its draft, else its newest version; of a stage the versions that stand there."""
    rows = HelpVersion.objects.select_related("article", "drafted_by", "published_by").prefetch_related(
        "fits"
    )
    if group:
        rows = rows.filter(group=group)
    if stage:
        return rows.filter(stage=stage)
    newest = HelpVersion.objects.filter(article=OuterRef("article")).exclude(stage=ArticleStage.DROPPED)
    return rows.filter(pk=Subquery(newest.order_by("-number").values("pk")[:1]))
