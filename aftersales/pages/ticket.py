"""The ticket's page: the paper, its clocks, the steps one may take, one timeline (≤ 14 statements, P5)."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import action, may
from aftersales.limits import local_day
from deadlines.papers import shown_clocks
from dispatch.sheets.trips import of_ticket as trips_of
from dispatch.sheets.ways import asking
from parts.sheets.releases import may_send_back
from repairs import changes, logbook, paper, papers, privacy, rail, selectors, steps, timeline
from repairs.flow import PlanType, Stage
from repairs.models import CustomerNotice, Ticket
from repairs.steps import STEPS
from repairs.told.by_hand import STALE
from repairs.told.table import is_past
from repairs.views.step import bound, panel
from repairs.views.telling import shown
from technical.selectors import reported_round
from technical.sheets.disputes import of_ticket as disputes_of

from . import releases
from .todo import WISHES


@action("ticket.view_full", "ticket.view_masked")
@require_GET
def ticket(request: Any, number: str) -> HttpResponse:
    """`?step=…` opens a step's form in place, also without JavaScript."""
    found, at = get_object_or_404(selectors.for_page(request.user), number=number), timezone.now()
    if privacy.plain_for(request.user, found):
        privacy.note_seen(request.user, found, at)
    return render(request, "pages/ticket.html", composed(request, found, at))


def composed(request: Any, found: Ticket, at: dt.datetime) -> dict[str, Any]:
    user: Any = request.user
    lines, revisions = logbook.read(found), changes.sheets_of(found)
    read = paper.Read(
        found, user, lines, revisions, list(found.plans.all()), selectors.surveys_for(user, found)
    )
    beside = rail.rail(found, user, lines)
    present, *earlier = paper.rounds(read)
    return {
        "ticket": found, "head": _editable(paper.head(read), beside), "present": _editable(present.sections, beside),
        "earlier": earlier, "road": beside.road, "acts": beside.acts, "stages": rail.stage_line(found, lines),
        **shown_clocks(found, at), "entries": entries(found, user, lines, revisions), "crew": crew(lines),
        "lately": lately(found), "step_panel": opened_step(request, found), "title": _title(found), "prints": printable(read),
        "quotations": papers.of_ticket(lines) if user.has_perm("quote.view") else None,
        "to_tell": _to_tell(found, user, lines, at), "unanswered": _unanswered(found, user, lines),
        "parts": releases.section(found, user), "trips": _trips(found, user, lines), "ways": _ways(found, user, lines),
        "disputes": _disputes(found, user, lines),
    }  # fmt: skip


def _ways(found: Ticket, user: Any, lines: list[Any]) -> list[dict[str, Any]]:
    """The pages on which this person goes on: asking for parts and a trip, sending parts back (4.6), declaring money that was
    taken on site (4.11)."""
    asked = releases.act(found, user)
    taken = found.stage in PAID_ON_SITE and found.customer_id and may(user, "site_money.declare", found)
    return [
        *([asked | {"icon": "archive-box"}] if asked else []),
        *([{"label": _("Ask for a trip"), "url": asking(found), "icon": "map"}] if _may_travel(found, user) else []),
        *([{"label": _("Send parts back"), "url": reverse("parts:send_back", args=[found.number]), "icon": "truck"}]
          if may_send_back(found, user) else []),
        *_quality(found, user, lines),
        *([{"label": _("The customer disputes"), "url": f"{reverse('technical:new_dispute')}?for={found.number}",
            "icon": "chat-bubble-left-right"}] if _may_dispute(found, user) else []),
        *([{"label": _("The customer wants a new vehicle"), "url": f"{reverse('sales:new_lead')}?for={found.number}",
            "icon": "user-plus"}] if _may_register(found, user) else []),
        *([{"label": _("Money taken on site"), "url": f"{reverse('finance:declare_site_money')}?for={found.number}",
            "icon": "banknotes"}] if taken else []),
    ]  # fmt: skip


def _may_register(found: Ticket, user: Any) -> bool:
    """Engineers and customer service ask whether a new vehicle is wanted, once they have spoken with the customer (4.2)."""
    return found.stage in DISPUTED and found.customer_id is not None and may(user, "purchase_intent.create")


def _may_travel(found: Ticket, user: Any) -> bool:
    """A visit on site, its engineer (6.1)."""
    visits = found.plan_type == PlanType.VISIT and found.stage in (Stage.PLANNED, Stage.IN_SERVICE)
    return visits and may(user, "trip.request", found)


def _quality(found: Ticket, user: Any, lines: list[Any]) -> list[dict[str, Any]]:
    """The quality report of each round that the timeline knows, and the way to write the one that is due (4.10)."""
    told = [line.data for line in lines if line.kind == "event" and line.a in REPORTED]
    known = {data["round"]: data["report"] for data in told}
    reads = may(user, "quality_report.view")
    links = [_report_link(number) for number in known.values() if reads]
    due = reported_round(found)
    if due < 1 or due in known or not may(user, "quality_report.submit", found):
        return links
    here = reverse("technical:new_report", args=[found.number])
    return [*links, {"label": _("Write the quality report"), "url": here, "icon": "beaker"}]


def _report_link(number: str) -> dict[str, Any]:
    label = _("Quality report {number}").format(number=number)
    return {"label": label, "url": reverse("technical:report", args=[number]), "icon": "beaker"}


def _may_dispute(found: Ticket, user: Any) -> bool:
    """Customer service takes down what a customer objects to once something was judged or charged (F11)."""
    return found.stage in DISPUTED and may(user, "quality.customer_dispute", found)


DISPUTED = (Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE, Stage.COMPLETED, Stage.CLOSED)
REPORTED = ("quality_opened", "quality_reported")


def _trips(found: Ticket, user: Any, lines: list[Any]) -> Any:
    """Read only where the timeline, which is there already, knows of one."""
    asked = any(line.kind == "event" and line.a == "trip_requested" for line in lines)
    return trips_of(found, user) if asked and may(user, "trip.view") else None


def _disputes(found: Ticket, user: Any, lines: list[Any]) -> Any:
    """The customer's objections in his words, for who sees the ticket in full; read only where the timeline knows of one."""
    raised = any(line.kind == "event" and line.a == "dispute_raised" for line in lines)
    return disputes_of(found) if raised and may(user, "ticket.view_full", found) else None


def _to_tell(found: Ticket, user: Any, lines: list[Any], at: dt.datetime) -> list[Any]:
    """What nobody has told the customer yet, with the text to copy; read from the lines that are there already."""
    person = found.contact
    if person.no_notices or person.erased_at or not may(user, "customer.tell", found):
        return []
    waiting = [line for line in lines if line.kind == "notice" and _is_untold(line, at)]
    return [shown(_notice(found, line)) for line in waiting]


def _is_untold(line: Any, at: dt.datetime) -> bool:
    by_hand = line.b == CustomerNotice.Status.WAITING and line.c == CustomerNotice.Channel.HAND
    if is_past(line.a, line.data, at):
        return False
    return at - STALE < line.later <= at and (
        by_hand or line.b in (CustomerNotice.Status.FAILED, CustomerNotice.Status.UNKNOWN)
    )


def _notice(found: Ticket, line: Any) -> CustomerNotice:
    return CustomerNotice(
        pk=line.pk,
        ticket=found,
        event=line.a,
        status=line.b,
        channel=line.c,
        params=line.data,
        not_before=line.later,
    )


def _unanswered(found: Ticket, user: Any, lines: list[Any]) -> dict[str, Any] | None:
    """What the customer wrote since somebody last wrote back: a wish before words; one tap leads to the answer (A20)."""
    talk = [line for line in lines if line.kind == "message"]
    last = next((place for place, line in enumerate(reversed(talk)) if line.by is not None), len(talk))
    open_ = [line for line in talk[len(talk) - last :] if line.b]
    if not open_ or not may(user, "ticket.message", found):
        return None
    gravest = min(reversed(open_), key=lambda line: list(WISHES).index(line.a))
    return {
        "title": WISHES[gravest.a], "text": gravest.b[:200], "url": f"{found.get_absolute_url()}?step=message#step",
    }  # fmt: skip


#: the gravest first
PAID_ON_SITE = (Stage.IN_SERVICE, Stage.COMPLETED, Stage.CLOSED)


def printable(read: paper.Read) -> list[tuple[str, str]]:
    """The printed forms that have something on them: (number of the form, address)."""
    if not read.user.has_perm("form.print", read.ticket):
        return []
    filled = {"9.1": hasattr(read.ticket, "intake"), "9.2": bool(read.revisions), "9.5": bool(read.surveys)}
    return [
        (form, reverse("repairs:print", args=[read.ticket.number, form]))
        for form, is_filled in filled.items()
        if is_filled
    ]


def _title(found: Ticket) -> str:
    """The customer's words in one line."""
    words = " ".join(found.words.symptom.split())
    return words[:60] + ("…" if len(words) > 60 else "") if words else found.number


def _editable(sections: list[paper.Section], beside: rail.Rail) -> list[paper.Section]:
    """A section that may be corrected carries the way there."""
    open_now = {offer.name: offer.url for offer in beside.acts}
    for section, names in [(s, EDITS.get(s.id, ())) for s in sections]:
        section.edit_url = next((open_now[name] for name in names if name in open_now), "")
    return sections


EDITS = {"customer": ("match_vehicle", "edit_record"), "record": ("edit_record",), "order": ("edit_sheet",)}


def entries(found: Ticket, user: Any, lines: list[Any], revisions: list[Any]) -> list[timeline.Entry]:
    """The timeline, newest first, each entry with what it changed."""
    differences = changes.of_ticket(found)
    for moment, rows in changes.of_sheets(revisions).items():
        differences.setdefault(moment, []).extend(rows)
    return timeline.entries(found, user, lines, differences)[::-1]


def crew(lines: list[Any]) -> list[str]:
    """Who goes along now."""
    return [line.who for line in lines if line.kind == "crew" and line.later is None]


def lately(found: Any) -> dict[str, Any] | None:
    """The banner when the same vehicle was here in the last 90 days."""
    if not found.lately_number:
        return None
    days = (local_day(found.received_at) - local_day(found.lately_at)).days
    title = (
        ngettext(
            "This vehicle was here {days} day ago", "This vehicle was here {days} days ago", days
        ).format(days=days)
        if days
        else _("This vehicle was here today already")
    )
    return {"title": title, "number": found.lately_number}


def opened_step(request: Any, found: Ticket) -> dict[str, Any] | None:
    step = STEPS.get(request.GET.get("step", ""))
    if step is None or not request.user.has_perm("service.step"):
        return None
    stuck = steps.refusal(found, step, request.user)
    return panel(request, found, step, None if stuck else bound(request, found, step), stuck)
