"""The ways out to a customer. A way hands one text over, or says how far it came: whether it may be tried again."""

import http.client
import ipaddress
import json
import smtplib
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import CustomerNotice

PATIENCE = 10  # seconds for each of connecting, sending and the answer
LONGEST = 64 * 1024  # bytes of an answer that are read


class NotHandedOn(Exception):
    """Surely not handed on: it may be tried again."""


class NotAccepted(Exception):
    """The other side said no for good."""


class Lost(Exception):
    """Nobody knows whether it was handed on: it is not tried again."""


def send_sms(row: CustomerNotice, text: str) -> None:
    """POST `{id, to, text}` as JSON to the gateway of the settings, which answers 2xx once it has taken it."""
    words = {"id": f"customer-notice-{row.pk}", "to": row.person.phone, "text": text}
    status = _post(settings.SMS_URL, words, settings.SMS_TOKEN)
    if status in (429, 503):
        raise NotHandedOn(f"answer {status}")
    if status >= 500:
        raise Lost(f"answer {status}")
    if not 200 <= status < 300:
        raise NotAccepted(f"answer {status}")


def _post(url: str, words: dict[str, Any], token: str) -> int:
    """The status of the answer; a redirect is an answer like any other and is not followed."""
    where = urlsplit(url)
    line = _line(where.scheme)(where.hostname or "", where.port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": words["id"]}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    try:
        try:
            line.connect()
            _demand_public(where.hostname or "", line.sock.getpeername()[0])
        except (OSError, ssl.SSLError) as error:
            raise NotHandedOn(type(error).__name__) from error
        try:
            line.request("POST", path, json.dumps(words).encode(), headers)
            answer = line.getresponse()
            answer.read(LONGEST)
        except (OSError, http.client.HTTPException) as error:
            raise Lost(type(error).__name__) from error
        return answer.status
    finally:
        line.close()


def _line(scheme: str) -> type[http.client.HTTPConnection]:
    return http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection


def _demand_public(host: str, address: str) -> None:
    """A name must lead out of the house, whatever its DNS says by now; an inner address counts only if the setting names it."""
    if host != address and not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise PermissionError("inner address")


def send_email(row: CustomerNotice, text: str) -> None:
    """One letter over the portal's mail server."""
    line = get_connection(fail_silently=False)
    try:
        line.open()
    except Exception as error:
        raise NotHandedOn(type(error).__name__) from error
    name = f"<customer-notice-{row.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    with translation.override(row.ticket.language):
        subject = _("Your report {number}").format(number=row.ticket.number)
    headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
    letter = EmailMessage(
        subject, f"{text}\n", settings.DEFAULT_FROM_EMAIL, [row.person.email], headers=headers
    )
    try:
        line.send_messages([letter])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise NotAccepted(type(error).__name__) from error
    except Exception as error:
        raise Lost(type(error).__name__) from error
    finally:
        line.close()


WAYS = {CustomerNotice.Channel.SMS: send_sms, CustomerNotice.Channel.EMAIL: send_email}
