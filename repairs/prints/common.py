"""What every form bears: the head (charter 0), the customer, the vehicle, the hands that wrote it."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import pgettext as _p

from aftersales.paper import drawings, heads
from aftersales.paper.sheets import Plain, cell, section
from aftersales.paper.texts import clean
from aftersales.paperwork import Paper
from aftersales.phones import mask, show

from . import words
from .read import Record

#: height of a row in millimetres, so that each form fills its page
ROW = {"9.1": 8.8, "9.2": 8.0, "9.4": 8.0, "9.5": 8.2}


def sheet(
    record: Any, form: str, title: str, number: str, parts: list[Plain], paper: Paper | None, **labels: str
) -> Plain:
    """A whole form as plain data; `labels` are further numbers (label → number) of its head line."""
    company = heads.company()
    numbers = [(label, clean(value)) for label, value in labels.items()]
    return {
        "lang": "en" if get_language() == "en" else "zh-Hans", "form": form, "title": title, "company": company,
        "over": "" if company in title else company, "running": title if company in title else f"{company} · {title}",
        "cover": [list(field) for field in heads.head(form).fields()], "number": number,
        "numbers": [list(pair) for pair in [*numbers, (_p("form", "Revision"), str(paper.revision if paper else 0))]],
        "qr": drawings.qr(address(record)) | {"alt": address(record)}, "address": address(record),
        "row": ROW[form], "parts": parts, "hands": hands(paper), "page": _p("form", "Page {page} of {pages}"),
        "source": _p("form", "After-sales service charter {form}").format(form=form), "printed": printed(record),
        "at": int(record.at.timestamp()),
    }  # fmt: skip


def address(record: Any) -> str:
    """Where the record lives; the QR code leads back to it."""
    return f"{settings.SITE_URL}{record.home.get_absolute_url()}"


def hands(paper: Paper | None) -> str:
    """Who wrote the sheet and who changed it last."""
    if not paper:
        return ""
    written = _p("form", "Written: {who} {when}").format(
        who=paper.made_by or _p("form", "customer"), when=words.when(paper.made_at)
    )
    if paper.revision < 2:
        return written
    changed = _p("form", "Changed: {who} {when}").format(
        who=paper.changed_by or _p("form", "customer"), when=words.when(paper.changed_at)
    )
    return f"{written}    {changed}"


def printed(record: Any) -> str:
    who = clean(record.by.get_full_name())
    return _p("form", "Printed: {who} {when}").format(who=who, when=words.when(record.at))


def phone(record: Any, number: str) -> str:
    """In plain for whom A12 names, else masked."""
    if not number:
        return ""
    return show(number) if record.plain else mask(number)


def customer(record: Record) -> Plain:
    """Shared by the forms of a ticket; a masked reader gets neither telephone nor street."""
    ticket, person = record.ticket, record.ticket.contact
    unit = person.organisation or (person.shown_name if ticket.customer else "")
    where = [ticket.region, person.street if record.street else ""]
    return section(
        _p("form section", "Customer"),
        [cell(_p("form", "Customer / unit"), unit, 8), cell(_p("form", "Contact"), person.shown_name, 4)],
        [cell(_p("form", "Telephone"), phone(record, person.phone), 4),
         cell(_p("form", "Second telephone"), phone(record, person.alt_phone), 4),
         cell(_p("form", "Customer number"), ticket.customer.number if ticket.customer else "", 4)],
        [cell(_p("form", "Where the vehicle stands"), " ".join(filter(None, where)))],
    )  # fmt: skip


def vehicle(record: Record, *more: list[Plain]) -> Plain:
    ticket = record.ticket
    return section(
        _p("form section", "Vehicle"),
        [cell(_p("form", "Vehicle model"), ticket.model, 6), cell(_p("form", "VIN / frame number"), ticket.vin, 6)],
        [cell(_p("form", "Plate / own number"), ticket.plate, 4),
         cell(_p("form", "Bought / delivered on"), ticket.delivered_on, 4),
         cell(_p("form", "Kilometres / hours"), _number(ticket.odometer), 4)],
        *more,
    )  # fmt: skip


def _number(value: Any) -> str:
    return f"{value:,}" if value is not None else ""
