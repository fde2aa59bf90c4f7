"""The rows of the ticket list: one statement a page, whatever its filters (performance P1–P4)."""

import datetime as dt
import functools
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from aftersales.display import moments
from aftersales.display.marks import chip, stage_mark
from aftersales.display.states import nearness
from deadlines.models import OPEN, REMINDERS, Deadline

from .flow import Stage
from .models import SavedView, Ticket, Urgency
from .models.ticket import TicketQuerySet

PAGE = 50
FIELDS = (
    "pk", "number", "stage", "round", "urgency", "channel", "model", "region", "vin", "received_at", "contact__name",
    "contact__organisation", "contact__erased_at", "engineer__name", "due_at",
)  # fmt: skip


class Found(NamedTuple):
    """`FIELDS` of one ticket, as the database answers."""

    pk: int
    number: str
    stage: str
    round: int
    urgency: str
    channel: str
    model: str
    region: str
    vin: str
    received_at: dt.datetime
    contact: str
    organisation: str
    erased_at: dt.datetime | None
    engineer: str | None
    due_at: dt.datetime | None


class Row(NamedTuple):
    """One line of the list. It is drawn here, because a template's loop costs more than all else on the page (P1)."""

    number: str
    html: SafeString


#: a line of the table; its cells carry their headings for narrow screens
LINE = (
    '<tr data-item><td class="tight"><a href="/tickets/{{number}}/" data-open class="number">{{number}}</a>{{round}}{{urgency}}'
    '</td><td class="tight">{{mark}}</td><td class="tight wide">{{chip}} <span class="quiet">{{due}}</span></td>'
    '<td class="who" data-label="{customer}">{{who}}{{firm}}</td><td data-label="{model}">{{model}}</td>'
    '<td data-label="{region}">{{region}}</td><td class="tight" data-label="{engineer}">{{engineer}}</td>'
    '<td class="tight quiet" data-label="{received}">{{received}}</td></tr>'
)
ROUND, FIRM = '<span class="round">×{}</span>', "<small>{}</small>"
URGENCY = '<span class="under urgent{}">{}</span>'


@dataclass
class Page:
    """At most `PAGE` rows, newest first; `older` and `newer` are the keys to go on with, or None."""

    rows: list[Found]
    older: int | None
    newer: int | None


def with_due(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Each ticket with its nearest running due time; evaluated for the rows of the page only."""
    kind = ContentType.objects.get_for_model(Ticket)
    clocks = Deadline.objects.filter(OPEN, subject_type=kind, subject_id=OuterRef("pk")).exclude(
        rule__in=REMINDERS
    )
    return rows.annotate(due_at=Subquery(clocks.order_by("due_at").values("due_at")[:1]))


def page(
    rows: TicketQuerySet,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
    sought: tuple[str, Any] | None = None,
) -> Page:
    """The `size` tickets older than `before`, or newer than `after`, or the newest: paging by key, never by offset.

    `sought`: of these only what a person finds by a text, (text, person).
    """
    whole = not rows.query.where and sought is None
    if after is not None:
        found = _first(rows.filter(pk__gt=after), "pk", size + 1, whole, sought)
        kept = found[:size][::-1]
        return Page(kept, kept[-1].pk if kept else None, kept[0].pk if len(found) > size else None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = _first(rows, "-pk", size + 1, whole, sought)
    kept = found[:size]
    return Page(
        kept, kept[-1].pk if len(found) > size else None, kept[0].pk if kept and before is not None else None
    )


def _first(
    rows: TicketQuerySet, order: str, limit: int, whole: bool, sought: tuple[str, Any] | None
) -> list[Found]:
    """The keys first, then what stands in these rows: nothing is joined to a row that is not shown (P3). The `whole` list
    goes down its own key and needs no other."""
    if whole:
        return [Found(*row) for row in _values(rows.order_by(order)[:limit])]
    keys: Any = (
        rows.first_found(*sought, order, limit) if sought else rows.order_by(order).values("pk")[:limit]
    )
    return [Found(*row) for row in _values(Ticket.objects.filter(pk__in=keys).order_by(order))]


def _values(rows: QuerySet[Ticket]) -> Any:
    return with_due(rows).values_list(*FIELDS)


def everything(rows: QuerySet[Ticket], limit: int) -> Any:
    """The list itself for an export, streamed, newest first."""
    return (Found(*row) for row in _values(rows.order_by("-pk")[:limit]).iterator(chunk_size=2000))


@functools.cache
def line(language: str) -> str:
    """`LINE` with the cells' headings; `language` is the key of the cache, the words follow the thread's."""
    return LINE.format(
        customer=escape(_("Customer")), model=escape(_("Model")), region=escape(_("Region")), engineer=escape(_("Engineer")),
        received=escape(_("Received")),
    )  # fmt: skip


def shown(found: Found, at: dt.datetime, language: str) -> Row:
    """A line in the reader's language. Every cell is escaped by hand: `format_html` asks each value what it is (P1)."""
    due = found.due_at
    html = line(language).format(
        number=escape(found.number), mark=stage_mark(found.stage, Stage, language), urgency=_urgency(found.urgency, language),
        round=ROUND.format(found.round) if found.round > 1 else "", who=escape(name_of(found)),
        firm=FIRM.format(escape(found.organisation)) if found.organisation else "", model=escape(found.model or found.vin),
        region=escape(found.region), engineer=escape(found.engineer or "–"), received=moments.when(found.received_at, "short"),
        due=moments.due(due, "short") if due else "", chip=chip(nearness(due, at), language) if due else "",
    )  # fmt: skip
    return Row(found.number, mark_safe(html))


@functools.cache
def _urgency(urgency: str, language: str) -> str:
    if urgency == Urgency.NORMAL:
        return ""
    return URGENCY.format(
        " stopped" if urgency == Urgency.STOPPED else "", escape(str(Urgency(urgency).label))
    )


def name_of(found: Found) -> str:
    return _("erased at the customer's request") if found.erased_at else found.contact


class Beside(NamedTuple):
    """What stands beside the list: the engineers of the filter and the person's saved views."""

    engineers: list[tuple[str, str]]
    views: list[tuple[int, str, str]]


def beside(user: Any) -> Beside:
    """Engineers that have or had tickets, and saved views: one statement for both."""
    text = CharField()
    engineers = (
        User.objects.filter(postings__department="engineers", is_active=True)
        .order_by()
        .values_list("pk", "name", "username", Value("engineer", text))
        .distinct()
    )
    views = (
        SavedView.objects.filter(user=user)
        .order_by()
        .values_list("pk", F("name"), F("query"), Value("view", text))
    )
    found = list(engineers.union(views, all=True))
    return Beside(
        sorted(
            ((username, name) for _pk, name, username, kind in found if kind == "engineer"),
            key=lambda e: e[1],
        ),
        sorted((pk, name, query) for pk, name, query, kind in found if kind == "view"),
    )


def label_of(choices: Any, value: str) -> str:
    """The word for a stored code (channel, urgency, stage)."""
    return str(choices(value).label) if value in choices.values else value
