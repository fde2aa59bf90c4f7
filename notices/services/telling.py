"""`tell` writes rows and nothing else: the inbox row is the message, the outbox rows are sent after the commit."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.utils.functional import Promise

from accounts.models import User

from .. import texts
from ..channels import email_works
from ..doorbell import ring
from ..models import Channel, Notification, Status

DELIVER = "notices.tasks.deliver"


@dataclass(frozen=True)
class Word:
    """One event for some people (users or their ids); see `tell`."""

    recipients: Iterable[Any]
    event_key: str
    title: str | Promise
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    kind: str = "notice"
    urgent: bool = False
    hand_over: bool = False
    still_key: str = ""
    superseded_by: str = ""


def tell(recipients: Iterable[Any], *, at: dt.datetime, **word: Any) -> None:
    """Tell people once: the same `event_key` for the same person is written once, however often this is called.

    `title` is a msgid with `{names}`, filled from `params` (never personal data; lazy words and moments may be in it).
    `urgent` (a running hour clock of the recipient) and `hand_over` also go out in quiet hours. `still_key` marks a
    warning that an act may overtake (`supersede`); `superseded_by` writes the row as overtaken from the start: seen
    in the inbox, not sent. Two statements whatever the number of people; rings the outbox's bell after the commit.
    """
    tell_many([Word(recipients, **word)], at=at)


def tell_many(words: Iterable[Word], *, at: dt.datetime) -> None:
    """Many events in the same two statements: for the sweep."""
    addressed = [(word, _ids(word.recipients)) for word in words]
    people = _people({pk for _word, ids in addressed for pk in ids})
    rows = [
        row
        for word, ids in addressed
        for pk in ids
        if pk in people
        for row in _rows(word, pk, people[pk], at)
    ]
    if not rows:
        return
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.status == Status.PENDING for row in rows):
        ring(DELIVER)


def _ids(recipients: Iterable[Any]) -> list[int]:
    """Each person once, in the order given; nobody (None) is left out."""
    return list(dict.fromkeys(getattr(person, "pk", person) for person in recipients if person is not None))


def _people(ids: set[int]) -> dict[int, list[str]]:
    """The channels of each person; who has left is still told in the inbox, but not sent anything."""
    rows = User.objects.filter(pk__in=ids).values_list(
        "pk", "email", "is_active", F("notice_preference__email")
    )
    mail = email_works()
    return {
        pk: [Channel.APP, *([Channel.EMAIL] if mail and email and is_active and wants is not False else [])]
        for pk, email, is_active, wants in rows
    }


def _rows(word: Word, pk: int, channels: list[str], at: dt.datetime) -> list[Notification]:
    """Nothing is sent of what was overtaken before it was told."""
    return [_row(word, pk, channel, at) for channel in (channels[:1] if word.superseded_by else channels)]


def _row(word: Word, pk: int, channel: str, at: dt.datetime) -> Notification:
    status = Status.SENT if channel == Channel.APP else Status.PENDING
    return Notification(
        event_key=word.event_key, recipient_id=pk, channel=channel, kind=word.kind, title=texts.msgid(word.title),
        params=texts.pack(word.params), url=word.url, urgent=word.urgent or word.hand_over, still_key=word.still_key,
        status=Status.SUPERSEDED if word.superseded_by else status, superseded_by=word.superseded_by,
        created_at=at, not_before=at, sent_at=at if channel == Channel.APP else None,
    )  # fmt: skip


def supersede(event_keys: Iterable[str] = (), *, by: str, still_keys: Iterable[str] = ()) -> int:
    """Mark what was overtaken `by` another event or act: shown as such in the inbox, not sent any more (one statement).

    Named by event, or by the `still_key` of warnings; a breach carries none and is sent all the same. What was sent
    already stays as it is. Returns the number of rows.
    """
    named = Q(event_key__in=list(event_keys)) | Q(still_key__in=[key for key in still_keys if key])
    unsent = Q(status__in=[Status.PENDING, Status.HELD]) | Q(status=Status.SENT, channel=Channel.APP)
    return Notification.objects.filter(named, unsent).update(status=Status.SUPERSEDED, superseded_by=by)
