"""Base of every form of the charter: number, revision, and who wrote it when (charter 0 and 9)."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def hand(row: Any, *, by: Any, at: Any, why: str = "") -> None:
    """Name who changes an audited row, when and why, for its history; call before `save`."""
    row._history_user, row._history_date, row._change_reason = by, at, str(why)


class Paper(models.Model):
    """A numbered sheet. `revision` counts its savings, `made_*` and `changed_*` name the hands."""

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    made_at = models.DateTimeField(_("created at"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("created by"),
    )
    changed_at = models.DateTimeField(_("changed at"), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("changed by"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def sign(self, *, by: Any, at: Any, why: str = "") -> None:
        """Note the hand and the moment of this change, for the sheet and for its history; call before `save`."""
        if self.made_at is None:
            self.made_at, self.made_by = at, by
        self.changed_at, self.changed_by, self.revision = at, by, self.revision + 1
        hand(self, by=by, at=at, why=why)


P = TypeVar("P", bound=Paper)


def keep(paper: P, why: str, *, by: Any, at: Any) -> P:
    """Save a paper with the hand, the moment and the name of what was done."""
    paper.sign(by=by, at=at, why=why)
    paper.save()
    return paper
