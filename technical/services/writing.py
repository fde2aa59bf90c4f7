"""Report 9.6 (4.10): opened from the ticket with everything known, filled by its engineer, with evidence, and submitted."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.charter import Department, Fact
from aftersales.models import next_number
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from parts.models import ReleaseLine
from parts.rules import OldPart
from repairs.models import Attachment, Ticket
from repairs.services import attach
from repairs.services.core import locked as locked_ticket
from repairs.services.for_parts import service_from_parts

from .. import selectors
from ..flow import ReportStage
from ..models import Exhibit, Picture, Report
from .core import locked, tell_departments, tell_people
from .suggesting import suggest

SERIES, CLAUSE, ACTION = "ZL", "4.10", "quality_report.submit"
WRITTEN = (
    "part", "part_name", "part_no", "supplier", "supplier_changed", "batch", "produced_on", "failure_mode", "what", "when_found",
    "where_found", "who_found", "how_found", "how_many", "measured", "causes", "interim", "repaired", "suggestion",
)  # fmt: skip


@transaction.atomic
def open_report(ticket: Ticket, *, by: Any, at: dt.datetime) -> Report:
    """The report of the ticket's last completed round; the one that is there, if it was opened before (B13)."""
    held = locked_ticket(ticket)
    engineer, turn = writer(held, by), selectors.reported_round(held)
    if turn < 1:
        raise OutOfTurn(_("The quality report follows the completion (4.10)."), CLAUSE)
    there = Report.objects.filter(ticket=held, round=turn).first()
    if there is not None:
        return there
    report = Report(ticket=held, round=turn, engineer=engineer, **selectors.known(held, turn))
    report.number = next_number(SERIES, at)
    keep(report, "open", by=by, at=at)
    service_from_parts(
        held, "quality_opened", by=by, at=at, clause=CLAUSE, data={"report": report.number, "round": turn}
    )
    return report


def writer(ticket: Ticket, by: Any) -> Any:
    """Whose report it is: his who did the work, also once the ticket went to another (4.10); else his who has it now."""
    demand(by, ACTION)
    if selectors.worked(ticket, by):
        return selectors.worker(ticket, selectors.reported_round(ticket))
    demand(by, ACTION, ticket)
    return ticket.engineer


@transaction.atomic
def begin(ticket: Ticket, *, by: Any, at: dt.datetime, **entries: Any) -> Report:
    """Open the report and fill it in one go (the form of a new one)."""
    return write(open_report(ticket, by=by, at=at), by=by, at=at, **entries)


@transaction.atomic
def write(report: Report, *, by: Any, at: dt.datetime, **entries: Any) -> Report:
    """Fill the form; `entries` are fields of `WRITTEN`. A part from the master names itself."""
    held = _draft(report, by)
    for name, value in entries.items():
        if name not in WRITTEN:
            raise BadEntry(_("There is no such field."), CLAUSE, name)
        setattr(held, name, value)
    if held.part is not None:
        held.part_name, held.part_no = held.part.name, held.part.code
    return keep(held, "write", by=by, at=at)


@transaction.atomic
def show(
    report: Report, *, by: Any, at: dt.datetime, attachment: Attachment | None = None, photo: Any = None, caption: str = "",
) -> Picture:  # fmt: skip
    """A picture of the ticket becomes evidence, with what it shows; shown again, its caption is mended. A new `photo` (an upload,
    or one that the store has judged) goes to the ticket first. Raises `BadEntry` at `attachment` or `photo`."""
    held = _draft(report, by)
    if photo is not None:
        attachment = attach(held.ticket, [photo], at=at, by=by)[0]
    if attachment is None:
        raise BadEntry(_("Take a photo, or choose a picture of the ticket."), CLAUSE, "photo")
    if attachment.ticket_id != held.ticket_id or attachment.erased_at is not None:
        raise BadEntry(_("Choose a picture of this ticket."), CLAUSE, "attachment")
    picture, _made = Picture.objects.update_or_create(
        report=held, attachment=attachment, defaults={"caption": caption}
    )
    keep(held, "show", by=by, at=at)
    return picture


@transaction.atomic
def hide(report: Report, *, picture: Picture, by: Any, at: dt.datetime) -> Report:
    """It is no evidence after all; the picture stays with the ticket."""
    held = _draft(report, by)
    held.pictures.filter(pk=picture.pk).delete()
    return keep(held, "hide", by=by, at=at)


@transaction.atomic
def put_exhibit(
    report: Report, *, piece: str, by: Any, at: dt.datetime, place: str = "", line: ReleaseLine | None = None
) -> Exhibit:
    """A numbered piece and where it lies; of an old part that is still to arrive the line of its release (4.7)."""
    held = _draft(report, by)
    if line is not None and line.release.ticket_id != held.ticket_id:
        raise BadEntry(_("This part was not released for this ticket."), CLAUSE, "line")
    if line is not None and line.old_part != OldPart.MUST:
        raise BadEntry(
            _("The old part of this line need not come back; say where the piece lies."), CLAUSE, "line"
        )
    if line is None and not place.strip():
        raise BadEntry(_("Say where the piece lies."), CLAUSE, "place")
    last = held.exhibits.order_by("-position").values_list("position", flat=True).first() or 0
    exhibit = Exhibit.objects.create(
        report=held, position=last + 1, name=piece, place=place.strip(), line=line
    )
    keep(held, "exhibit", by=by, at=at)
    return exhibit


@transaction.atomic
def drop_exhibit(report: Report, *, exhibit: Exhibit, by: Any, at: dt.datetime) -> Report:
    """The piece is no evidence after all."""
    held = _draft(report, by)
    held.exhibits.filter(pk=exhibit.pk).delete()
    return keep(held, "drop_exhibit", by=by, at=at)


def _draft(report: Report, by: Any) -> Report:
    held = locked(report)
    demand(by, ACTION, held)
    if held.stage != ReportStage.DRAFT:
        raise OutOfTurn(_("A report is written while it is a draft; this one is submitted."), CLAUSE)
    return held


@transaction.atomic
def submit(report: Report, *, by: Any, at: dt.datetime) -> Report:
    """To technical and finance (4.10): the duty of this round, and of earlier ones, is met; technical's three days begin."""
    held = locked(report)
    demand(by, ACTION, held)
    held.move(
        "submit",
        submitted_at=at,
        similar_3=selectors.similar(held, at, 90),
        similar_12=selectors.similar(held, at, 365),
    )
    keep(held, "submit", by=by, at=at)
    ticket = service_from_parts(
        held.ticket, "quality_reported", by=by, at=at, clause=CLAUSE,
        report_round=max(held.round, held.ticket.report_round), data={"report": held.number, "round": held.round},
    )  # fmt: skip
    for turn in range(1, held.round + 1):
        deadlines.record(Fact.QUALITY_REPORTED, ticket, at=at, by=by, cycle=str(turn))
    _three_days(held, by, at)
    title = _("Quality report {number} of ticket {ticket} has come (4.10).")
    tell_departments(held, "submit", title, Department.TECHNICAL, Department.FINANCE, at=at, but=by)
    suggest(held, at=at)
    return held


def _three_days(report: Report, by: Any, at: dt.datetime) -> None:
    """Technical's time for a notice runs (7.2); a report that came again with a notice in force waits for none."""
    deadlines.record(Fact.REPORT_RECEIVED, report, at=at, by=by)
    if selectors.has_notice(report):
        deadlines.record(Fact.NOTICE_ISSUED, report, at=at, by=by)


@transaction.atomic
def send_back(report: Report, *, reason: str, by: Any, at: dt.datetime) -> Report:
    """Technical cannot judge by it yet; the engineer completes it. That it came in time stays (4.10)."""
    held = locked(report)
    demand(by, "quality.determine", held)
    not_the_author(held, by)
    held.move("send_back", sent_back_why=reason)
    deadlines.record(Fact.REPORT_SENT_BACK, held, at=at, by=by)
    tell_people(
        held,
        "send_back",
        _("Quality report {number} came back to you: see why (7.1)."),
        {held.engineer_id},
        at=at,
    )
    held.turn += 1
    return keep(held, "send_back", by=by, at=at)


def not_the_author(report: Report, by: Any) -> None:
    """SD08: who wrote the report does not judge by it, nor who wrote or submitted it in his place."""
    if by.pk in report.writers:
        raise Denied(_("Who wrote the report does not judge by it (SD08)."), "7.1")
