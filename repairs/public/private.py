"""The customer's page of his report, the receipt after sending, its code to scan, and his own pictures (A02, A03)."""

import datetime as dt
import io
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from aftersales import files

from .. import links
from ..models import Plan, Ticket
from ..selectors import own_attachments
from . import story
from .door import Door, of_customer
from .forms import ConsentForm, MessageForm, PhotosForm, QuotationForm, TellingForm
from .home import hours
from .panels import ACTS, panels_of
from .pictures import LIMIT


@public("report.track")
@of_customer
def page(request: HttpRequest, door: Door) -> HttpResponse:
    return show(request, door)


def show(request: Any, door: Door, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` are forms that were refused, shown where they stand with what was typed."""
    ticket = door.ticket
    plan = story.told_plan(ticket)
    known = {
        "ticket": ticket,
        "here": door.url(),
        "urls": addresses(door),
        "headline": story.HEADLINES[ticket.stage],
        "stations": story.stations(ticket),
        "engineer": story.engineer_of(ticket),
        "over": story.over(ticket),
        "typed": story.typed(ticket),
        "erasing": story.erasing(ticket),
        "plan": plan,
        "solution": story.SOLUTIONS[plan.plan_type] if plan else "",
        "appointment": story.appointment(ticket),
        "survey_open": story.survey_open(ticket),
        "withdrawable": story.withdrawable(ticket),
        **ahead(door, plan, request.arrived_at),
        "message_form": MessageForm(),
        "photos_form": PhotosForm(),
        "consent_form": ConsentForm(initial={"plan": plan.pk if plan else None}),
        "telling_form": TellingForm(
            initial={"email": ticket.contact.email, "no_notices": ticket.contact.no_notices}
        ),
        "quotation_form": QuotationForm(),
        "dispute_form": ACTS["dispute"].form() if "dispute" in ACTS else None,
        **bound,
    }
    return render(request, "public/private.html", known, status=status)


def ahead(door: Door, plan: Plan | None, at: dt.datetime) -> dict[str, Any]:
    """What waits for him, what happens next, and what was said: his wish to withdraw changes the other two."""
    ticket, said, panels = door.ticket, talk(door), panels_of(door.ticket)
    withdraws = story.withdrawing(ticket, said["talk"])
    offers = story.offered(ticket, at, withdraws=withdraws)
    consent, steps = story.consent_wanted(ticket, plan), story.next_steps(ticket, at)
    coming = [panel for panel in panels["road_panels"] if panel.ahead]
    told = bool(consent or steps or coming)
    return {
        **said, **panels, "offered": offers, "consent_wanted": consent, "pays_before": story.pays_before(offers),
        "first": story.first_of_all(ticket, offers, withdraws=withdraws, told=told),
        "ahead_panels": coming, "steps": steps,
    }  # fmt: skip


def addresses(door: Door) -> dict[str, str]:
    return {
        name: door.url(name)
        for name in (
            "private",
            "message",
            "photos",
            "consent",
            "quotation",
            "survey",
            "withdraw",
            "rights",
            "dispute",
            "my_data",
            "telling",
            "arrived",
        )
    }


def talk(door: Door) -> dict[str, Any]:
    """What was written to each other, and the customer's own pictures. Notes are not part of it (A19)."""
    rows = door.ticket.messages.select_related("by").filter(erased_at=None).order_by("at", "pk")
    shown = shown_files(door)
    room = LIMIT - len(shown) if door.ticket.is_open else 0
    return {"talk": list(rows), "files": shown, "room": max(room, 0)}


def shown_files(door: Door) -> list[dict[str, str]]:
    """The customer's own pictures and videos, each with its address."""
    mine = enumerate(own_attachments(door.ticket), 1)
    return [_file(row, door.url("photo", row.key), number) for number, row in mine]


def _file(row: Any, url: str, number: int) -> dict[str, str]:
    """For components/_thumbs.html."""
    return {
        "url": url,
        "thumb": f"{url}?size=thumb" if row.kind == "image" else "",
        "kind": row.kind,
        "name": _("Nameplate") if row.about == row.About.NAMEPLATE else str(number),
    }


@public("report.track")
@require_safe
@of_customer
def received(request: HttpRequest, door: Door) -> HttpResponse:
    """Right after sending: the number, what happens next and by when, the private link also as a code."""
    link = request.build_absolute_uri(door.url())
    steps = story.next_steps(door.ticket, request.arrived_at)  # type: ignore[attr-defined]  # see aftersales.clock
    known = {
        "ticket": door.ticket,
        "link": link,
        "url": door.url(),
        "qr": reverse("public:qr", args=[door.token]),
        "steps": steps,
        "hours": hours(),
    }
    return render(request, "public/received.html", known)


@public("report.track")
@require_safe
@of_customer
def qr(request: HttpRequest, door: Door) -> HttpResponse:
    """The private link as a code for another phone; a drawing, so that nothing is written into the page."""
    out = io.BytesIO()
    code = segno.make(request.build_absolute_uri(door.url()), error="m")
    code.save(
        out,
        kind="svg",
        scale=8,
        border=3,
        dark="#000000",
        light="#ffffff",
        svgclass=None,
        lineclass=None,
        omitsize=False,
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@public("report.track")
@require_safe
@of_customer
def photo(request: HttpRequest, door: Door, key: str) -> HttpResponseBase:
    """One of the pictures that the customer sent himself."""
    row = get_object_or_404(own_attachments(door.ticket), key=key)
    return files.serve(request, row, "picture", original=False)


def fresh(ticket: Ticket) -> Ticket:
    return links.opened().get(pk=ticket.pk)
