"""What fails how often (7.1): submitted reports counted by one of six views, and faults that repeat within 90 days."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Trim, TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.limits import day_end, local_day, moment_of
from policy import figures

from .models import FailureMode, Report

#: how the reports can be counted: name → word
VIEWS = {
    "part": gettext_lazy("Part"), "model": gettext_lazy("Model"), "failure_mode": gettext_lazy("Failure mode"),
    "supplier": gettext_lazy("Supplier"), "batch": pgettext_lazy("pareto", "Batch"), "month": gettext_lazy("Month of production"),
}  # fmt: skip
REPEATED_DAYS = 90


@dataclass(frozen=True)
class Wish:
    """What is counted: reports submitted from `first` to `last` (days, both included) that fit the words."""

    first: dt.date
    last: dt.date
    by: str = "part"
    words: dict[str, str] = field(default_factory=dict)  # model, part, supplier, batch, failure_mode
    bar: tuple[str, str] | None = None  # of these only the ones that a bar counted: its view and its key


@dataclass(frozen=True)
class Bar:
    """One line of the Pareto; `share` and `cumulated` are percent with one decimal, `key` is the value that it
    counted (`Wish.bar`), blank for what nobody stated."""

    word: str
    count: int
    share: Decimal
    cumulated: Decimal
    key: str = ""


def submitted() -> QuerySet[Report]:
    """Reports that count: submitted, and not sent back."""
    return Report.objects.exclude(submitted_at=None).exclude(stage="draft")


def counted(wish: Wish) -> QuerySet[Report]:
    found = submitted().filter(submitted_at__gte=moment_of(wish.first), submitted_at__lt=day_end(wish.last))
    for name, word in wish.words.items():
        found = found.filter(FITS[name](word))
    return found if wish.bar is None else _behind(found, *wish.bar)


def _behind(found: QuerySet[Report], by: str, key: str) -> QuerySet[Report]:
    """Exactly the reports that the bar `key` of a view counted."""
    if by == "part":
        found, unnamed = found.annotate(named=Trim("part_name")), Q(named="", part_no=key)
        return found.filter(unnamed | Q(named=key) if key else unnamed)
    if by == "month":
        found, key = found.annotate(month=TruncMonth("produced_on")), f"{key}-01" if key else ""
    return found.filter(**{by: key or None} if by == "month" else {by: key})


FITS: dict[str, Any] = {
    "model": lambda word: Q(model__icontains=word),
    "part": lambda word: Q(part_name__icontains=word) | Q(part_no__icontains=word),
    "supplier": lambda word: Q(supplier__icontains=word),
    "batch": lambda word: Q(batch__icontains=word),
    "failure_mode": lambda word: Q(failure_mode=word),
}


def pareto(wish: Wish) -> list[Bar]:
    """The reports of a wish by its view, the most frequent first and what nobody stated last; in one statement."""
    counts = _of_parts(counted(wish)) if wish.by == "part" else _of_values(counted(wish), wish.by)
    unsaid = _("not stated")
    return list(_bars(sorted(counts, key=lambda row: (row[0] == unsaid, -row[1], row[0]))))


def _of_values(found: QuerySet[Report], by: str) -> list[tuple[str, int, str]]:
    """(word, count, key) by one field."""
    rows = found.annotate(month=TruncMonth("produced_on")).order_by().values_list(by).annotate(n=Count("pk"))
    return [(word(by, key), n, key) for key, n in ((_key(value), n) for value, n in rows)]


def _key(value: Any) -> str:
    return f"{value:%Y-%m}" if isinstance(value, dt.date) else str(value or "")


def _of_parts(found: QuerySet[Report]) -> list[tuple[str, int, str]]:
    """By the name of the part: typed and chosen by code are one; a code stands there where all agree on it."""
    rows = found.order_by().values_list("part_name", "part_no").annotate(n=Count("pk"))
    counts, codes = Counter[str](), defaultdict[str, set[str]](set)
    for name, code, count in rows:
        key = name.strip() or code
        counts[key] += count
        codes[key] |= {code} - {"", key}
    agreed = {key: [*codes[key]] if len(codes[key]) == 1 else [] for key in counts}
    return [(" ".join([key, *agreed[key]]) or _("not stated"), n, key) for key, n in counts.items()]


def word(by: str, key: str) -> str:
    """A bar's key in words."""
    if not key:
        return _("not stated")
    return str(FailureMode(key).label) if by == "failure_mode" and key in FailureMode.values else key


def _bars(counts: list[tuple[str, int, str]]) -> Iterator[Bar]:
    total, reached = sum(count for _word, count, _key in counts), 0
    for word, count, key in counts:
        reached += count
        yield Bar(word, count, _percent(count, total), _percent(reached, total), key)


def _percent(count: int, total: int) -> Decimal:
    return (Decimal(100) * count / total).quantize(Decimal("0.1"))


# --- repeated faults
@dataclass(frozen=True)
class Repeated:
    """A part that fails often on a model: a notice is issued to the `last` of its reports, or to the last one that technical
    called a technical issue (`technical`), if any."""

    model: str
    part: str
    count: int
    notices: int
    last: Report
    technical: Report | None


def limit(at: dt.datetime) -> int:
    """From so many cases on a fault counts as repeated ⚙."""
    return int(figures.value("repeat_count", local_day(at)))


def _recent(at: dt.datetime) -> QuerySet[Report]:
    since = at - dt.timedelta(days=REPEATED_DAYS)
    return submitted().filter(submitted_at__gt=since, submitted_at__lte=at)


def cases(report: Report, at: dt.datetime) -> int:
    """How many reports of the last 90 days tell of this part on this model, this one among them; 0 where it names none."""
    if not (report.part_name and report.model):
        return 0
    return _recent(at).filter(part_name=report.part_name, model=report.model).count()


def is_repeated(report: Report, at: dt.datetime) -> bool:
    """Whether its part fails so often on its model that a notice is called for, whatever a single case showed (7.2)."""
    return cases(report, at) >= limit(at)


def repeated(at: dt.datetime) -> list[Repeated]:
    """The parts that fail so often on a model within 90 days, the most frequent first; two statements."""
    rows = _recent(at).exclude(part_name="").exclude(model="").order_by().values("model", "part_name")
    found = rows.annotate(
        first_no=Min("part_no", filter=~Q(part_no="")), last_no=Max("part_no"),
        n=Count("pk", distinct=True), asked=Count("notices", distinct=True), last=Max("pk"),
        technical=Max("pk", filter=Q(is_technical=True)),
    ).filter(n__gte=limit(at))  # fmt: skip
    groups = sorted(found, key=lambda row: (-row["n"], row["model"], row["part_name"]))
    wanted = {row[name] for row in groups for name in ("last", "technical")} - {None}
    reports = Report.objects.in_bulk(wanted)
    return [_repeated(row, reports) for row in groups]


def _repeated(row: Any, reports: dict[int, Report]) -> Repeated:
    code = row["last_no"] if row["first_no"] == row["last_no"] else ""
    part = " ".join(word for word in (row["part_name"], code) if word)
    return Repeated(
        row["model"], part, row["n"], row["asked"], reports[row["last"]], reports.get(row["technical"])
    )
