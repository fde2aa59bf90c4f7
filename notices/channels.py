"""The ways out of the house. A way takes a letter and has handed it on, or raises."""

import contextlib
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from accounts.models import User

from .models import Channel


@dataclass(frozen=True)
class Letter:
    """What one person gets in one message; `id` stays the same when it has to be sent again."""

    id: int
    to: User
    subject: str
    body: str


class Unreachable(Exception):
    """The channel itself does not answer: no use trying the next letter in this run."""


class Way(Protocol):
    """One run of a channel: any number of letters, then closed."""

    def send(self, letter: Letter) -> None: ...

    def close(self) -> None: ...


class EmailWay:
    """E-mail over Django's mail backend: a folder or the console in the demo, SMTP elsewhere."""

    def __init__(self) -> None:
        self.line = get_connection(fail_silently=False)

    def send(self, letter: Letter) -> None:
        try:
            self.line.open()
        except Exception as error:
            raise Unreachable(type(error).__name__) from error
        try:
            self.line.send_messages([self.message(letter)])
        except Exception:
            self.close()  # the next letter gets a fresh line
            raise

    def close(self) -> None:
        with contextlib.suppress(Exception):  # what was sent is sent
            self.line.close()

    def message(self, letter: Letter) -> EmailMessage:
        """The Message-ID comes from the row: whoever gets a letter twice can tell."""
        name = f"<notice-{letter.id}@{urlsplit(settings.SITE_URL).hostname}>"
        headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
        return EmailMessage(
            letter.subject,
            letter.body,
            settings.DEFAULT_FROM_EMAIL,
            [letter.to.email],
            headers=headers,
            connection=self.line,
        )


WAYS: dict[str, type[Way]] = {Channel.EMAIL: EmailWay}


def address(user: User, channel: str) -> str:
    """Where this person can be reached, or "": who has left is not written to any more."""
    return user.email if channel == Channel.EMAIL and user.is_active else ""


def email_works() -> bool:
    """Without a mail server nothing is written to the outbox (the demo keeps its mails in a folder)."""
    return bool(settings.EMAIL_CONFIGURED or settings.MODE == "demo")
