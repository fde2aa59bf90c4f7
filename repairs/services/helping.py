"""What the public help is good for (2.2): each visitor counts once per article and day, whatever he presses how often."""

import datetime as dt
import re
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from aftersales.grams import normalise
from aftersales.limits import first_of, local_day
from aftersales.models import within_rate

from ..models import HelpArticle, HelpMark, HelpMiss
from ..models.helped import COUNTED

VIEW, ANSWER = "view", "answer"
KEPT_DAYS, MISSES_KEPT = 2, 400  # days
NEW_MISSES = 500  # of one day: a program that tries words fills no table
DAY = dt.timedelta(days=1)
#: a phone, a VIN, a number of a paper, an address of somebody
PERSONAL = re.compile(r"\d[\d\s-]{4,}|[a-z0-9]{10,}|@", re.IGNORECASE)

_MARK = """
INSERT INTO repairs_helpmark (article_id, kind, day, who) VALUES (%s, %s, %s, %s)
ON CONFLICT (article_id, kind, day, who) DO NOTHING RETURNING id
"""
_COUNT = """
INSERT INTO repairs_helpcount (article_id, month, views, solved, unsolved, reports) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (article_id, month) DO UPDATE SET {what} = repairs_helpcount.{what} + 1
"""
_MISS = """
INSERT INTO repairs_helpmiss (text, month, count) VALUES (%s, %s, 1)
ON CONFLICT (text, month) DO UPDATE SET count = repairs_helpmiss.count + 1
"""


def read(article: HelpArticle, who: str, at: dt.datetime) -> bool:
    """Somebody reads it; answers whether he counted."""
    return _once(article, VIEW, who, at, "views")


def answered(article: HelpArticle, who: str, at: dt.datetime, *, solved: bool) -> bool:
    """Whether it helped, by the first answer of this visitor on this day; answers whether it counted."""
    return _once(article, ANSWER, who, at, "solved" if solved else "unsolved")


@transaction.atomic
def _once(article: HelpArticle, kind: str, who: str, at: dt.datetime, what: str) -> bool:
    """The mark decides: of two at once the database keeps one, and only that one counts."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [article.pk, kind, local_day(at), who])
        is_new = cursor.fetchone() is not None
    if is_new:
        add(article, what, at)
    return is_new


def add(article: HelpArticle, what: str, at: dt.datetime) -> None:
    """One more of `what` in the month of `at`, in one statement."""
    with connection.cursor() as cursor:
        begin = [int(name == what) for name in COUNTED]
        cursor.execute(_COUNT.format(what=what), [article.pk, first_of(local_day(at)), *begin])


def missed(text: str, at: dt.datetime) -> bool:
    """Remember words that found nothing; answers whether they are kept. What looks like somebody's number never is."""
    words = normalise(text)
    if not 2 <= len(words) <= 30 or PERSONAL.search(text) or PERSONAL.search(words):
        return False
    if not within_rate("help-miss", NEW_MISSES, DAY, at):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_MISS, [words, first_of(local_day(at))])
    return True


def tidy(at: dt.datetime) -> Any:
    """Marks of the days before yesterday and misses of more than a year ago go; runs any number of times."""
    today = timezone.localdate(at)
    HelpMark.objects.filter(day__lt=today - KEPT_DAYS * DAY).delete()
    return HelpMiss.objects.filter(month__lt=today - MISSES_KEPT * DAY).delete()
