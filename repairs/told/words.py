"""From a row to the words that go out: put together at that moment, in the customer's language, with his private link."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from aftersales.charter import HOTLINE

from .. import links
from ..models import CustomerNotice, Ticket
from .table import EVENTS

NAME = 12  # characters of a name, of a carrier
WAYBILL = 20


def text_of(row: CustomerNotice) -> str:
    """One line: who writes, what happened, the link."""
    return in_words(row.ticket, row.event, row.params)


def in_words(ticket: Ticket, event: str, params: dict[str, Any]) -> str:
    """As `text_of`, of an event without its row. Nothing of the customer's own data stands in it."""
    with translation.override(ticket.language):
        sentence = str(EVENTS[event].words).format(**_facts(ticket, params))
        return _("[Feiyue] {sentence} {link}").format(sentence=sentence, link=link_of(ticket))


def link_of(ticket: Ticket) -> str:
    return f"{settings.SITE_URL}{links.private_url(ticket)}"


def _facts(ticket: Ticket, params: dict[str, Any]) -> dict[str, str]:
    engineer = ticket.engineer
    return {
        "number": ticket.number,
        "engineer": engineer.get_full_name()[:NAME] if engineer else _("our engineer"),
        "phone": (engineer.mobile if engineer else "") or HOTLINE,
        "when": _when(params.get("when", "")),
        "quotation": str(params.get("quotation", "")),
        "carrier": str(params.get("carrier", ""))[:NAME],
        "waybill": str(params.get("waybill", ""))[:WAYBILL],
    }


def _when(moment: str) -> str:
    """“12-05 14:00”: as short as it is said."""
    return f"{timezone.localtime(dt.datetime.fromisoformat(moment)):%m-%d %H:%M}" if moment else ""


#: characters of one SMS and of each part of a longer one: of plain Latin letters, of anything else
LATIN, OTHERS = (160, 153), (70, 67)


def parts(text: str) -> int:
    """How many SMS this text is."""
    whole, part = LATIN if text.isascii() else OTHERS
    return 1 if len(text) <= whole else -(-len(text) // part)
