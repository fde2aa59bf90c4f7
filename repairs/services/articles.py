"""A solved case becomes a help article (2.2): drafted here, published by another (SD05)."""

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.problems import BadEntry, OutOfTurn

from ..models import HelpArticle

CLAUSE, DRAFT = "2.2", "help.draft"
#: somebody's mobile, as it comes over with the words of a report
MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")


@transaction.atomic
def draft(
    *, title: str, symptom: str, steps: str, by: Any, at: dt.datetime, model_code: str = "", part: Any = None, source: str = "",
) -> HelpArticle:  # fmt: skip
    """Write a draft for the public help (J109); of one quality report (`source`: its number) only one.

    Raises `BadEntry` at `title`, `symptom` or `steps` that says nothing or names a phone, `OutOfTurn` where the case
    has its article.
    """
    demand(by, DRAFT)
    said = {"title": title.strip(), "symptom": symptom.strip(), "steps": steps.strip()}
    for name, text in said.items():
        if not text:
            raise BadEntry(_("A help article has a title, a symptom and the steps that help."), CLAUSE, name)
        if MOBILE.search(text):
            raise BadEntry(_("This looks like a phone number; visitors read it."), CLAUSE, name)
    if source and drafted(source):
        raise OutOfTurn(_("There is an article of this case already."), CLAUSE)
    return HelpArticle.objects.create(
        **said, model_code=model_code, part=part, source=source, drafted_by=by, drafted_at=at
    )


def drafted(source: str) -> bool:
    """Whether a case has its article."""
    return HelpArticle.objects.filter(source=source).exists()
