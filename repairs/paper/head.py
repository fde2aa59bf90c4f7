"""Customer and vehicle · fault · record 9.1: the same for every round."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aftersales.display import moments
from aftersales.phones import show

from .. import privacy
from ..models import ArticleStage, HelpVersion, Ticket, Words
from ..timeline import file_of
from .reading import Cell, Read, Section, cells, lines_of


def head(read: Read) -> list[Section]:
    """Customer and vehicle · fault: the same for every round."""
    return [_people(read), _fault(read), _record(read)]


def _people(read: Read) -> Section:
    ticket, person = read.ticket, read.ticket.contact
    rows: list[Cell] = [
        (_("Customer or company"), _customer(read)), (_("Contact"), person.shown_name), (_("Phone"), phone(read)),
    ]  # fmt: skip
    if person.alt_phone and privacy.plain_for(read.user, ticket):
        rows.append((_("Second phone"), _tel(person.alt_phone)))
    rows.append((_("VIN"), _vin(ticket)))
    rows += cells(Ticket, ticket, ("model", "plate", "delivered_on", "odometer"))
    place = [ticket.region, person.street if privacy.street_for(read.user, ticket) else ""]
    if any(place):
        rows.append((_("Where it stands"), " ".join(p for p in place if p), "wide"))
    if ticket.words.position and privacy.street_for(read.user, ticket):
        rows.append((_("Position"), _position(ticket.words.position), "wide"))
    return Section(
        "customer", _("Customer, vehicle"), rows, note="" if ticket.vehicle_id else unmatched(ticket)
    )


def _position(place: str) -> SafeString:
    """Where his phone was: to copy, and to open in the map of whoever reads it; no map of others stands in our page."""
    latitude, longitude, *accuracy = place.split(",")
    known = {"point": f"{latitude},{longitude}", "accuracy": accuracy[0] if accuracy else ""}
    return SafeString(render_to_string("repairs/_position.html", known))


def unmatched(ticket: Ticket) -> str:
    if not ticket.vin:
        return _("No VIN: nothing is under warranty until customer service knows the vehicle.")
    return _("This VIN is not registered: nothing is under warranty until customer service matches it.")


def _customer(read: Read) -> Any:
    ticket = read.ticket
    name = ticket.contact.organisation or (ticket.contact.shown_name if ticket.customer else "")
    if ticket.customer is None or not name or not read.user.has_perm("customer.view", ticket.customer):
        return name
    return format_html('<a href="{}">{}</a>', ticket.customer.get_absolute_url(), name)


def _vin(ticket: Ticket) -> Any:
    if ticket.vehicle is None:
        return ticket.vin or "–"
    return format_html('<a href="{}">{}</a>', ticket.vehicle.get_absolute_url(), ticket.vin)


def _tel(number: str) -> SafeString:
    return format_html('<a class="tel" href="tel:{}">{}</a>', number, show(number))


def phone(read: Read) -> Any:
    """Plain, masked with a button that reveals it, or masked (A12–A14)."""
    ticket, person = read.ticket, read.ticket.contact
    if not person.phone:
        return "–"
    if privacy.plain_for(read.user, ticket):
        return _tel(person.phone)
    if not privacy.reveal_for(read.user, ticket):
        return person.masked_phone
    url = reverse("repairs:reveal", args=[ticket.number])
    return SafeString(render_to_string("repairs/_phone.html", {"masked": person.masked_phone, "url": url}))


def _fault(read: Read) -> Section:
    ticket, words = read.ticket, read.ticket.words
    if words.erased_at:
        return Section("fault", _("Fault"), empty=_("The customer's own words were erased at his request."))
    rows = cells(Words, words, ("symptom",), ("symptom",)) + cells(Words, words, ("occurred",))
    rows += cells(Ticket, ticket, ("drivable", "urgency")) + cells(
        Words, words, ("self_checked",), ("self_checked",)
    )
    if words.tried is not None:
        rows.append((_("Had tried"), _article(words.tried)))
    files = [file_of(line) for line in read.of("file")] if read.user.has_perm("evidence.view", ticket) else []
    return Section("fault", _("Fault"), rows, files=files)


def _article(tried: HelpVersion) -> Any:
    """The help article that the customer had read before he reported (2.2), in the version that he read."""
    said = _("{title} (version {number})").format(title=tried.title, number=tried.number)
    if tried.stage != ArticleStage.PUBLISHED:
        return said
    return format_html('<a href="{}">{}</a>', tried.article.get_absolute_url(), said)


def _record(read: Read) -> Section:
    ticket, record = read.ticket, getattr(read.ticket, "intake", None)
    rows = cells(Ticket, ticket, ("channel", "reported_at", "relayed_by", "received_at"))
    if record is None:
        return Section("record", _("Record 9.1"), rows)
    accepted = f"{moments.when(ticket.accepted_at)} {ticket.accepted_by or ''}"
    rows = [(_("Number"), record.number), *rows, (_("Accepted"), accepted)]
    if record.slot:
        day, half = record.slot.split()
        rows.append((_("Collection window"), f"{day} {_('morning') if half == 'a' else _('afternoon')}"))
    for line in [*read.of("event", a="hand_over")[-1:], *read.of("event", a="reassign")[-1:]][-1:]:
        rows.append((_("Handed over"), f"{moments.when(line.at)} → {ticket.engineer or ''}"))
    if record.remark:
        rows.append((_("Remark"), lines_of(record.remark), "wide"))
    return Section("record", _("Record 9.1"), rows)
