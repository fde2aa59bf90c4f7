"""Rows of the outbox become letters: several for one person in one run are one digest."""

from collections import defaultdict

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .channels import Letter
from .models import Notification

LINES = 50  # a longer digest names the rest by number


def sort(rows: list[Notification]) -> list[list[Notification]]:
    """Rows by letter: those of an earlier try stay together, the others join by person and channel."""
    letters: dict[tuple[object, ...], list[Notification]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pk):
        letters[_letter_of(row)].append(row)
    return list(letters.values())


def _letter_of(row: Notification) -> tuple[object, ...]:
    if row.letter is not None:
        return ("again", row.letter)
    wishes = getattr(row.recipient, "notice_preference", None)
    return (row.recipient_id, row.channel, None if wishes is None or wishes.digest else row.pk)


def compose(number: int, rows: list[Notification]) -> Letter:
    """The words in the language of the person; the most urgent first."""
    to = rows[0].recipient
    rows = sorted(rows, key=lambda row: (not row.urgent, row.pk))
    with translation.override(to.language):
        return Letter(
            number, to, _subject(rows), "\n\n".join([*map(_line, rows[:LINES]), *_more(rows), _foot()]) + "\n"
        )


def _subject(rows: list[Notification]) -> str:
    if len(rows) == 1:
        return _title(rows[0])
    count = ngettext("{count} notice", "{count} notices", len(rows)).format(count=len(rows))
    return f"{count}: {_title(rows[0])}"[:200]


def _title(row: Notification) -> str:
    return " ".join(row.text.split())


def _line(row: Notification) -> str:
    return _title(row) + (f"\n{settings.SITE_URL}{row.url}" if row.url else "")


def _more(rows: list[Notification]) -> list[str]:
    rest = len(rows) - LINES
    return (
        [
            ngettext("… and {count} more in your inbox.", "… and {count} more in your inbox.", rest).format(
                count=rest
            )
        ]
        if rest > 0
        else []
    )


def _foot() -> str:
    return (
        _("Everything is in your inbox, where you also choose how you are told:")
        + f"\n{settings.SITE_URL}/desk/inbox/"
    )
