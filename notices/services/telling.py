"""`tell` writes rows and nothing else: the inbox row is the message, the outbox rows are sent after the commit."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils.functional import Promise

from accounts.models import User
from aftersales.recordset import recordset

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
    rows = [row for word, ids in addressed for row in _rows(word, ids, people)]
    if not rows:
        return
    _write(rows, at)
    if any(row[PLACE["status"]] == Status.PENDING for row in rows):
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


#: what is said of one notice; the rest is the same for all that are told at a moment
TOLD = {
    "event_key": "text", "recipient_id": "bigint", "channel": "text", "kind": "text", "title": "text", "params": "jsonb",
    "url": "text", "urgent": "boolean", "still_key": "text", "status": "text", "superseded_by": "text",
}  # fmt: skip
PLACE = {name: place for place, name in enumerate(TOLD)}


def _rows(word: Word, ids: list[int], people: dict[int, list[str]]) -> list[tuple[Any, ...]]:
    """`TOLD` for each person and channel; nothing is sent of what was overtaken before it was told."""
    title, params, urgent = texts.msgid(word.title), texts.pack(word.params), word.urgent or word.hand_over
    return [
        (word.event_key, pk, channel, word.kind, title, params, word.url, urgent, word.still_key, _status(word, channel),
         word.superseded_by)
        for pk in ids if pk in people
        for channel in (people[pk][:1] if word.superseded_by else people[pk])
    ]  # fmt: skip


def _status(word: Word, channel: str) -> str:
    if word.superseded_by:
        return Status.SUPERSEDED
    return Status.SENT if channel == Channel.APP else Status.PENDING


def _write(rows: list[tuple[Any, ...]], at: dt.datetime) -> None:
    """One statement, once for each event, person and channel."""
    table, names, (source, body) = Notification._meta.db_table, ", ".join(TOLD), recordset(TOLD, rows)
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}, created_at, not_before, sent_at, attempts, lease, error) SELECT {names}, %s, %s,"
            f" CASE WHEN channel = 'app' THEN {_AS_MOMENT[connection.vendor]} END, 0, '', '' FROM {source} WHERE true"
            " ON CONFLICT DO NOTHING",
            [moment, moment, moment, body],
        )


_AS_MOMENT = {"postgresql": "%s::timestamptz", "sqlite": "%s"}


def supersede(event_keys: Iterable[str] = (), *, by: str, still_keys: Iterable[str] = ()) -> int:
    """Mark what was overtaken `by` another event or act: shown as such in the inbox, not sent any more (one statement).

    Named by event, or by the `still_key` of warnings; a breach carries none and is sent all the same. What was sent
    already stays as it is. Returns the number of rows.
    """
    still = [key for key in still_keys if key]
    named = Q(event_key__in=list(event_keys)) | Q(
        still_key__in=still, still_key__gt=""
    )  # as the index has it
    unsent = Q(status__in=[Status.PENDING, Status.HELD]) | Q(status=Status.SENT, channel=Channel.APP)
    return Notification.objects.filter(named, unsent).update(status=Status.SUPERSEDED, superseded_by=by)
