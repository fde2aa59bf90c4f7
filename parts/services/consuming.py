"""Consumed parts go to purchasing on the day of completion (5.5): sent by the portal, confirmed by the warehouse."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import members
from aftersales.charter import Department, Fact
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from repairs.models import Ticket

from ..models import ConsumptionLine, ConsumptionReport, ReleaseLine


@transaction.atomic
def report_consumption(ticket: Ticket, *, by: Any, at: dt.datetime) -> ConsumptionReport | None:
    """What this round used and no report holds yet; None when there is nothing. Twice is once.

    What was used or sent after the completion joins the round's report, which is sent and confirmed once more; so is a
    report whose pieces were not used after all.
    """
    differing = _differing(ticket)
    for line, count in differing:
        if count < 0:
            _take_off(line, -count, by=by, at=at)
    used = [(line, count) for line, count in differing if count > 0]
    if not used:
        return None
    report, _new = ConsumptionReport.objects.get_or_create(
        ticket=ticket, round=ticket.round, defaults={"opened_at": at}
    )
    for line, count in used:
        row, is_new = ConsumptionLine.objects.get_or_create(
            report=report, line=line, defaults={"quantity": count}
        )
        if not is_new:
            row.quantity += count
            row.save(update_fields=["quantity"])
    _send_anew(report, by=by, at=at)
    return report


def _differing(ticket: Ticket) -> list[tuple[ReleaseLine, int]]:
    """(line, pieces used more than reported, or less)."""
    lines = ReleaseLine.objects.filter(release__ticket=ticket, issued__gt=0).select_related("part")
    done = dict(
        ConsumptionLine.objects.filter(line__in=lines).values_list("line").annotate(n=Sum("quantity"))
    )
    found = [(line, line.used - done.get(line.pk, 0)) for line in lines]
    return [(line, count) for line, count in found if count]


def _take_off(line: ReleaseLine, count: int, *, by: Any, at: dt.datetime) -> None:
    """These pieces were not used after all: the latest reports that name them say so."""
    for row in (
        ConsumptionLine.objects.filter(line=line, quantity__gt=0).select_related("report").order_by("-pk")
    ):
        less = min(count, row.quantity)
        row.quantity, row.confirmed, count = row.quantity - less, None, count - less
        row.save(update_fields=["quantity", "confirmed"])
        _send_anew(row.report, by=by, at=at)
        if not count:
            return


def _send_anew(report: ConsumptionReport, *, by: Any, at: dt.datetime) -> None:
    report.confirmed_at = report.confirmed_by = None
    deadlines.record(Fact.PARTS_CONSUMED, report, at=at, by=by)
    _send(report, by=by, at=at)


def _send(report: ConsumptionReport, *, by: Any, at: dt.datetime) -> None:
    report.sent_at = at
    report.save(update_fields=["sent_at", "confirmed_at", "confirmed_by"])
    deadlines.record(Fact.CONSUMPTION_SENT, report, at=at, by=by)
    tell(
        list(members(Department.PURCHASING, at)), event_key=f"consumption:{report.pk}:{at:%Y%m%d%H%M%S}", at=at,
        url=report.get_absolute_url(), title=gettext_noop("Parts consumed by ticket {number}"),
        params={"number": report.ticket.number},
    )  # fmt: skip


@transaction.atomic
def confirm_consumption(
    report: ConsumptionReport, *, by: Any, at: dt.datetime, counted: Mapping[int, int] | None = None
) -> ConsumptionReport:
    """The warehouse confirms the quantities, per id of the report's line (5.5)."""
    report = ConsumptionReport.objects.select_for_update().get(pk=report.pk)
    if report.confirmed_at is not None:
        raise OutOfTurn(_("This report was already confirmed."), "5.5")
    for row in report.lines.all():
        row.confirmed = (counted or {}).get(row.pk, row.quantity)
        if not 0 <= row.confirmed <= row.quantity:
            raise BadEntry(_("At most what was declared used can be confirmed."), "5.5", f"line_{row.pk}")
        row.save(update_fields=["confirmed"])
    report.confirmed_at, report.confirmed_by = at, by
    report.save(update_fields=["confirmed_at", "confirmed_by"])
    deadlines.record(Fact.CONSUMPTION_CHECKED, report, at=at, by=by)
    return report
