"""Articles of the public help (2.2): drafted here, from a solved case or from nothing, published by another (SD05).

Every act locks the article; what was published once keeps its text, and a new version is drafted from it.
"""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn, Stale
from catalogue.models import VehicleModel

from .. import forgiving
from ..models import ArticleStage, HelpArticle, HelpVersion, Symptom

CLAUSE, DRAFT, WRITE, PUBLISH = "2.2", "help.draft", "help.write", "help.publish"
#: somebody's mobile, as it comes over with the words of a report
MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
LIMITS = {"title": 120, "symptom": 1000, "keywords": 300}
STEPS, STEP = 20, 600  # steps of an article, characters of one
TEXT = ("title", "symptom", "group", "stop", "keywords", "steps")
S = ArticleStage


@transaction.atomic
def draft(
    *, title: str, symptom: str, steps: str, by: Any, at: dt.datetime, model_code: str = "", part: Any = None, source: str = "",
) -> HelpVersion:  # fmt: skip
    """Write a draft for the public help (J109), one step a line; of one quality report (`source`: its number) only one.

    Raises `BadEntry` at `title`, `symptom` or `steps` that says nothing or names a phone, `OutOfTurn` where the case
    has its article.
    """
    demand(by, DRAFT)
    for name, text in {"title": title, "symptom": symptom, "steps": steps}.items():
        if not text.strip():
            raise BadEntry(_("A help article has a title, a symptom and the steps that help."), CLAUSE, name)
    if source and drafted(source):
        raise OutOfTurn(_("There is an article of this case already."), CLAUSE)
    lines = [{"text": line} for line in steps.splitlines() if line.strip()]
    facts = told(title=title, symptom=symptom, steps=lines)
    fits = VehicleModel.objects.filter(name=model_code) | VehicleModel.objects.filter(code=model_code)
    return _new(facts, fits, by, at, source=source, model_code=model_code, part=part)


@transaction.atomic
def begin(*, by: Any, at: dt.datetime, fits: Iterable[VehicleModel] = (), **entries: Any) -> HelpVersion:
    """A draft from nothing (A25); `entries` as `told` takes them. Raises `BadEntry` at its field."""
    demand(by, WRITE)
    return _new(told(**entries), fits, by, at)


def told(
    *, title: str, symptom: str = "", steps: Iterable[Mapping[str, Any]] = (), group: str = Symptom.OTHER, stop: bool = False,
    keywords: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The text of a version, judged: a title, no phone anywhere, nothing too long. A draft may still lack the rest."""
    words = {"title": title.strip(), "symptom": symptom.strip(), "keywords": keywords.strip()}
    if not words["title"]:
        raise BadEntry(_("A help article has a title, a symptom and the steps that help."), CLAUSE, "title")
    for name, text in words.items():
        _judge(text, LIMITS[name], name)
    rows = [_step(row) for row in steps]
    if len(rows) > STEPS:
        raise BadEntry(_("At most {limit} steps."), CLAUSE, "steps", limit=STEPS)
    return words | {"group": Symptom(group), "stop": bool(stop), "steps": rows}


def _step(row: Mapping[str, Any]) -> dict[str, str]:
    found = {name: str(row.get(name) or "").strip() for name in ("text", "picture", "caption")}
    _judge(found["text"], STEP, "steps")
    _judge(found["caption"], 120, "steps")
    return found


def _judge(text: str, limit: int, field: str) -> None:
    if MOBILE.search(text):
        raise BadEntry(_("This looks like a phone number; visitors read it."), CLAUSE, field)
    if len(text) > limit:
        raise BadEntry(_("At most {limit} characters."), CLAUSE, field, limit=limit)


def _new(facts: dict[str, Any], fits: Iterable[Any], by: Any, at: dt.datetime, **more: Any) -> HelpVersion:
    article = HelpArticle.objects.create(key=_key(facts["title"]), **more)
    return _version(article, 1, facts, fits, by, at)


def _key(title: str) -> str:
    """不充电 → bu-chong-dian-3f9a2c: readable, and nobody's before."""
    from pypinyin import lazy_pinyin

    return f"{slugify(' '.join(lazy_pinyin(title)))[:48].strip('-') or 'help'}-{secrets.token_hex(3)}"


def _version(
    article: HelpArticle, number: int, facts: Any, fits: Iterable[Any], by: Any, at: dt.datetime
) -> HelpVersion:
    row = HelpVersion(article=article, number=number, drafted_by=by, drafted_at=at, **facts)
    hand(row, by=by, at=at, why="draft")
    row.save()
    row.fits.set(fits)
    row.writers.add(by)
    return row


def held(version: HelpVersion) -> HelpVersion:
    """The version as it stands now; the article's row is locked, so that two acts on it wait for each other."""
    HelpArticle.objects.select_for_update().get(pk=version.article_id)
    return HelpVersion.objects.select_related("article").get(pk=version.pk)


def _draft_of(version: HelpVersion) -> HelpVersion:
    row = held(version)
    if row.stage != S.DRAFT:
        raise OutOfTurn(_("This version is no longer a draft; its text stays. Draft a new version."), CLAUSE)
    return row


@transaction.atomic
def edit(
    version: HelpVersion, *, by: Any, at: dt.datetime, fits: Iterable[VehicleModel], revision: int | None = None, **entries: Any
) -> HelpVersion:  # fmt: skip
    """Write into a draft (A25); whoever does so is one of its writers and does not publish it (SD05).

    Raises `BadEntry` at its field, `Stale` where somebody else saved since `revision` was read.
    """
    demand(by, WRITE)
    row = _draft_of(version)
    if revision is not None and revision != row.revision:
        raise Stale(
            _("Somebody else has saved this draft meanwhile. Copy what you typed and open it anew."), CLAUSE
        )
    facts = told(**entries)
    _own_pictures(row, facts["steps"])
    for name, value in facts.items():
        setattr(row, name, value)
    row.revision += 1
    hand(row, by=by, at=at, why="edit")
    row.save()
    row.fits.set(fits)
    row.writers.add(by)
    return row


def _own_pictures(row: HelpVersion, steps: list[dict[str, str]]) -> None:
    """A step shows pictures of its own article and no others."""
    asked = {step["picture"] for step in steps} - {""}
    known = set(row.article.pictures.filter(key__in=asked).values_list("key", flat=True))
    for step in steps:
        if step["picture"] not in known:
            step["picture"] = step["caption"] = ""


@transaction.atomic
def publish(version: HelpVersion, *, by: Any, at: dt.datetime) -> HelpVersion:
    """Show it to everybody (A26), in the place of the version before; none of its writers can (SD05)."""
    demand(by, PUBLISH)
    row = _draft_of(version)
    if by.pk == row.drafted_by_id or row.writers.filter(pk=by.pk).exists():
        raise Denied(_("Somebody else must publish what you wrote (SD05)."), CLAUSE)
    _refuse_incomplete(row)
    for before in row.article.versions.filter(stage=S.PUBLISHED):
        _end(before, S.REPLACED, by=by, at=at)
    row.words, row.sounds, row.initials = keys_of(row)
    row.stage, row.published_by, row.published_at = S.PUBLISHED, by, at
    hand(row, by=by, at=at, why="publish")
    row.save()
    return row


def keys_of(row: HelpVersion) -> forgiving.Keys:
    """What it is found by; the names of its models are among it."""
    named = " ".join(f"{model.code} {model.name}" for model in row.fits.all())
    return forgiving.keys(row.title, row.keywords, row.symptom, named)


def _refuse_incomplete(row: HelpVersion) -> None:
    if not row.symptom or not row.steps:
        raise OutOfTurn(_("A help article has a title, a symptom and the steps that help."), CLAUSE)
    if not all(step["text"] for step in row.steps):
        raise OutOfTurn(_("A step says nothing yet."), CLAUSE)


def _end(row: HelpVersion, stage: ArticleStage, *, by: Any, at: dt.datetime, why: str = "") -> HelpVersion:
    row.stage, row.ended_by, row.ended_at, row.why = stage, by, at, why
    hand(row, by=by, at=at, why=str(stage))
    row.save()
    return row


@transaction.atomic
def withdraw(version: HelpVersion, *, why: str, by: Any, at: dt.datetime) -> HelpVersion:
    """Take a published version from the public help, with the reason; it stays readable for the staff (A26)."""
    demand(by, PUBLISH)
    row = held(version)
    if row.stage != S.PUBLISHED:
        raise OutOfTurn(_("Only a published version can be withdrawn."), CLAUSE)
    if not why.strip():
        raise BadEntry(_("Why is it withdrawn?"), CLAUSE, "why")
    _judge(why, 300, "why")
    return _end(row, S.WITHDRAWN, by=by, at=at, why=why.strip())


@transaction.atomic
def drop(version: HelpVersion, *, by: Any, at: dt.datetime) -> HelpVersion:
    """A draft that nobody shall publish."""
    demand(by, WRITE)
    return _end(_draft_of(version), S.DROPPED, by=by, at=at)


@transaction.atomic
def renew(version: HelpVersion, *, by: Any, at: dt.datetime) -> HelpVersion:
    """A new draft with the text of this version (A25); an article has one draft at a time."""
    demand(by, WRITE)
    row = held(version)
    if row.article.versions.filter(stage=S.DRAFT).exists():
        raise OutOfTurn(_("There is a draft of this article already."), CLAUSE)
    last = row.article.versions.order_by("-number").values_list("number", flat=True)[0]
    return _version(
        row.article, last + 1, {name: getattr(row, name) for name in TEXT}, list(row.fits.all()), by, at
    )


def drafted(source: str) -> str:
    """The key of the article that a case has, or nothing."""
    return HelpArticle.objects.filter(source=source).values_list("key", flat=True).first() or ""
