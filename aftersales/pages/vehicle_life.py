"""One life of a vehicle on one line of time: built, delivered, repaired here and on paper, whose it was."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import may
from aftersales.limits import local_day
from parts.models import ReleaseLine
from repairs import paper_tickets
from repairs.flow import Stage
from repairs.models import PaperTicket, Ticket
from sales.models import Customer, Vehicle
from sales.selectors import deliveries_for
from technical.models import CampaignVehicle

#: a repair so soon after another is marked: the same vehicle stood again
AGAIN = dt.timedelta(days=90)
MOST = 200


@dataclass
class Moment:
    """What happened on a day; `ended`: of a repair, the day on which it was done; `again`: so soon after another."""

    day: dt.date
    what: str
    text: str = ""
    url: str = ""
    number: str = ""
    who: str = ""
    icon: str = "document-text"
    ended: dt.date | None = None
    repair: bool = False
    again: bool = False


def life(found: Vehicle, user: Any, tickets: Sequence[Ticket], fitted: Sequence[ReleaseLine]) -> list[Moment]:
    """Newest first; of tickets, records and customers only what this person may see."""
    moments = [
        *_beginning(found), *_deliveries(found, user), *_owners(found, user), *_tickets(tickets, fitted),
        *(_on_paper(found) if may(user, "paper_ticket.view") else []),
    ]  # fmt: skip
    mark_again(moments)
    return sorted(moments, key=lambda moment: moment.day)[::-1]  # of one day the beginning stands lowest


def _beginning(found: Vehicle) -> Iterator[Moment]:
    if found.built_on:
        yield Moment(found.built_on, pgettext("vehicle", "Built"), icon="wrench")
    yield Moment(local_day(found.made_at), _("Registered in the portal"), icon="plus")


def _deliveries(found: Vehicle, user: Any) -> Iterator[Moment]:
    rows = list(deliveries_for(user).filter(vehicle=found, withdrawn_at=None, current=True))
    for row in rows:
        open_ = row.reason and _("left open: {reason}").format(reason=row.reason)
        yield Moment(row.delivered_on, _("Delivered and explained (2.1)"), open_ or "", row.get_absolute_url(),
                     row.number, str(row.made_by), "clipboard-document-check")  # fmt: skip
    if found.delivered_on and not rows:
        yield Moment(found.delivered_on, pgettext("vehicle", "Delivered"), icon="truck")


def _owners(found: Vehicle, user: Any) -> Iterator[Moment]:
    """Whose it became when, from its history; the number only for whom the customer is open."""
    rows = found.history.order_by("history_id").values_list(
        "customer_id", "history_date", "history_user__name"
    )
    changes, before = [], None
    for customer, at, who in rows:
        if customer != before:
            changes.append((customer, at, who))
        before = customer
    known = Customer.objects.in_bulk({customer for customer, _at, _who in changes if customer})
    for customer, at, who in changes:
        row = known.get(customer)
        opened = row is not None and may(user, "customer.view", row)
        what = _("Customer entered") if row is not None else _("No customer any more")
        yield Moment(local_day(at), what, "", row.get_absolute_url() if row and opened else "",
                     row.number if row and opened else "", who or "", "users")  # fmt: skip


def _tickets(tickets: Sequence[Ticket], fitted: Sequence[ReleaseLine]) -> Iterator[Moment]:
    parts: dict[int | None, list[str]] = defaultdict(list)
    for line in fitted:
        parts[line.release.ticket_id].append(f"{line.part.code} {line.part.name} × {line.used}")
    campaigns = dict(
        CampaignVehicle.objects.filter(ticket__in=[t.pk for t in tickets]).values_list(
            "ticket", "campaign__title"
        )
    )
    for ticket in tickets:
        title = campaigns.get(ticket.pk)
        words = [_("Campaign: {title}").format(title=title) if title else "", ticket.words.symptom[:120]]
        words += parts[ticket.pk]
        done = local_day(ticket.completed_at) if ticket.completed_at else None
        cancelled = ticket.stage == Stage.CANCELLED
        what = _("Repair ({stage})").format(stage=ticket.get_stage_display())
        yield Moment(local_day(ticket.reported_at), what, "\n".join(filter(None, words)), ticket.get_absolute_url(),
                     ticket.number, str(ticket.engineer or ""), "wrench-screwdriver", done, not cancelled)  # fmt: skip


def _on_paper(found: Vehicle) -> Iterator[Moment]:
    rows: Sequence[PaperTicket] = paper_tickets.of_vins([found.vin])[:MOST]
    for row in rows:
        words = _("erased at the customer's request") if row.erased_at else "\n".join(
            filter(None, [row.symptom, row.work_done, row.parts, row.get_charge_display()]))  # fmt: skip
        yield Moment(row.reported_on, _("Repair on paper"), words, "", row.number, row.engineer, "document-text",
                     row.closed_on, True)  # fmt: skip


def mark_again(moments: Sequence[Moment]) -> None:
    """Mark each repair that was reported within 90 days of the end of the one before."""
    last: dt.date | None = None
    for moment in sorted((m for m in moments if m.repair), key=lambda m: m.day):
        moment.again = last is not None and moment.day <= last + AGAIN
        last = max(filter(None, [last, moment.ended, moment.day]))
