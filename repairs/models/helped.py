"""What the public help is good for (2.2): counted per article and month, and what was looked for in vain. No personal data:
a mark keeps a keyed digest of a visitor for two days, so that nobody counts twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .articles import HelpArticle

#: what is counted
COUNTED = ("views", "solved", "unsolved", "reports")


class HelpMark(models.Model):
    """This visitor has counted for this article on this day; `kind` is “view” or “answer”."""

    article = models.ForeignKey(HelpArticle, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6)
    day = models.DateField(db_index=True)
    who = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint("article", "kind", "day", "who", name="help_mark_once")]


class HelpCount(models.Model):
    """An article in one month (`month` is its first day in Shanghai); `solved` are the reports that it saved."""

    article = models.ForeignKey(HelpArticle, models.CASCADE, related_name="counts")
    month = models.DateField()
    views = models.PositiveIntegerField(_("read"), default=0)
    solved = models.PositiveIntegerField(_("solved"), default=0)
    unsolved = models.PositiveIntegerField(_("not solved"), default=0)
    reports = models.PositiveIntegerField(_("reports that followed"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint("article", "month", name="help_count_once")]


class HelpMiss(models.Model):
    """Words that found no article, and how often in this month; nothing that looks like a person's number is kept."""

    text = models.CharField(max_length=30)
    month = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("text", "month", name="help_miss_once")]
