"""Reading notices: one person's inbox, and what could not be delivered."""

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from aftersales.kept import Kept

from .models import UNREAD, Channel, Notification, Preference, Status

PAGE = 50
MANY = 100


class Page(NamedTuple):
    """One page of an inbox; `after` leads to the next one, or is empty."""

    rows: list[Notification]
    after: str


def unread(user: Any) -> int:
    """How many notices wait for this person; counted up to 100."""
    return len(_UNREAD(user.pk))


_UNREAD = Kept(
    lambda pk: Notification.objects.filter(UNREAD, recipient=pk).order_by().values_list("pk")[:MANY]
)


def inbox(user: Any, after: str = "") -> Page:
    """Unread first, newest first; `after` is the key of the last row seen: `u120` unread, `r97` the others."""
    group, last = after[:1], int(after[1:]) if after[1:].isdigit() else None
    mine = Notification.objects.filter(recipient=user, channel=Channel.APP).order_by("-pk")
    rows = _part(mine.filter(UNREAD), last) if group != "r" else []
    if len(rows) <= PAGE:
        rows += _part(
            mine.filter(~Q(status=Status.SENT) | Q(read_at__isnull=False)), last if group == "r" else None
        )
    return Page(rows[:PAGE], _key(rows[PAGE - 1]) if len(rows) > PAGE else "")


def _part(rows: QuerySet[Notification], last: int | None) -> list[Notification]:
    return list((rows if last is None else rows.filter(pk__lt=last))[: PAGE + 1])


def _key(row: Notification) -> str:
    return f"{'u' if row.waits else 'r'}{row.pk}"


def preference(user: Any) -> Preference:
    """His wishes, or the defaults (not saved)."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def dead() -> QuerySet[Notification]:
    """What was given up after eight attempts, newest first."""
    return Notification.objects.filter(status=Status.DEAD).select_related("recipient").order_by("-pk")
