"""What the store holds, what runs short, what waits: asked by pages, endpoints and services."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.access import may
from aftersales.limits import day_end
from aftersales.waits import line, text, the_first
from catalogue.models import Part
from repairs.flow import PlanType, Stage
from repairs.models import OrderStage, PartsOrder, Quotation, Ticket
from repairs.quote_flow import QuoteStage

from .flow import EnquiryStage, ReleaseStage, ShipmentStage, TwoStage
from .models import (
    Enquiry,
    IssueKind,
    Minimum,
    Release,
    ReleaseLine,
    Return,
    ReturnKind,
    ReturnLine,
    Shipment,
    Slip,
    Stock,
    UnreturnedList,
    Zone,
)
from .rules import OldPart

WAITING = Q(signed_at__isnull=False, quantity__gt=F("struck") + F("issued"))
ISSUING = (ReleaseStage.SIGNED, ReleaseStage.SUBMITTED)
OFFERED = (QuoteStage.DRAFT, QuoteStage.APPROVED, QuoteStage.SENT, QuoteStage.ACCEPTED)


def waiting_pieces(part: Part) -> int:
    """Pieces that signed sheets wait for."""
    rows = ReleaseLine.objects.filter(WAITING, part=part, release__stage__in=ISSUING)
    return rows.aggregate(n=Sum(F("quantity") - F("struck") - F("issued")))["n"] or 0


def to_issue() -> QuerySet[Release]:
    """Signed sheets with pieces that still lie in the store, the oldest signature first."""
    waiting = Exists(ReleaseLine.objects.filter(WAITING, release=OuterRef("pk")))
    return Release.objects.filter(waiting, stage__in=ISSUING).order_by("signed_at", "pk")


def running_short() -> QuerySet[Any]:
    """Parts of which the store holds fewer than their minimum, with `there`."""
    there = Stock.objects.filter(part=OuterRef("part"), zone=Zone.GOOD).values("quantity")
    rows = Minimum.objects.annotate(
        there=Coalesce(Subquery(there[:1], output_field=IntegerField()), Value(0))
    )
    return rows.filter(there__lt=F("quantity")).select_related("part").order_by("part__code")


def stock_rows(user: Any, *, word: str = "", zone: str = "", holder: str = "") -> QuerySet[Stock]:
    """Where parts lie, by part; an engineer who is nothing else sees the store and what he holds himself."""
    rows = Stock.objects.filter(quantity__gt=0).select_related("part", "holder")
    if word:
        rows = rows.filter(part__in=Part.objects.found_by(word).order_by().values("pk"))
    if zone:
        rows = rows.filter(zone=zone)
    return rows.filter(holder__username=holder) if holder else rows


def shelves(parts: Iterable[int]) -> dict[int, str]:
    """Part → its shelf in the store, in one statement; of those that have one."""
    rows = Stock.objects.filter(part__in=list(parts), zone=Zone.GOOD, holder=None).exclude(shelf="")
    return dict(rows.values_list("part_id", "shelf"))


def shelf_of(part: Part) -> str:
    return shelves([part.pk]).get(part.pk, "")


#: by which right of the policy each kind of paper is opened
OPENED_BY: dict[type[Any], tuple[str, ...]] = {
    Ticket: ("ticket.view_full", "ticket.view_masked"), PartsOrder: ("parts_order.view",), Release: ("release.view",),
    Return: ("return.view",), Shipment: ("shipment.view",), Enquiry: ("enquiry.view",),
}  # fmt: skip


def openable(user: Any, papers: Iterable[Any]) -> set[Any]:
    """Those of these papers that open for this person, so that no way is shown that is closed to him; at most one
    statement for each kind."""
    found: set[Any] = set()
    kinds: dict[type[Any], list[Any]] = {}
    for paper in papers:
        if paper is not None:
            kinds.setdefault(type(paper), []).append(paper)
    for kind, rows in kinds.items():
        letters = {user.cell(name) for name in OPENED_BY[kind]}
        if "O" in letters and "Y" not in letters:
            own = kind.objects.visible_to(user).filter(pk__in={row.pk for row in rows})  # type: ignore[attr-defined]
            seen = set(own.values_list("pk", flat=True))
            found |= {row for row in rows if row.pk in seen}
        elif "Y" in letters:
            found |= set(rows)
    return found


#: by the first letters of its number: whose paper moved something (a slip opens with its sheet)
MOVERS: dict[str, tuple[Any, str]] = {
    "LL": (Release, ""), "CK": (Slip, "release"), "JC": (Slip, "release"), "TK": (Return, ""), "JJ": (Return, ""),
    "WL": (Shipment, ""),
}  # fmt: skip


def openable_numbers(user: Any, numbers: Iterable[str]) -> set[str]:
    """The numbers of papers that open for this person."""
    kinds: dict[tuple[Any, str], set[str]] = {}
    for number in numbers:
        if number[:2] in MOVERS:
            kinds.setdefault(MOVERS[number[:2]], set()).add(number)
    papers: dict[str, Any] = {}
    for (kind, of), wanted in kinds.items():
        rows = kind.objects.filter(number__in=wanted)
        rows = rows.select_related(of) if of else rows
        papers |= {row.number: getattr(row, of) if of else row for row in rows}
    found = openable(user, papers.values())
    return {number for number, paper in papers.items() if paper in found}


def sees_cost(user: Any) -> bool:
    """C32: finance, purchasing, management and audit."""
    return may(user, "cost.view")


def unreturned(paper: UnreturnedList) -> list[ReleaseLine]:
    """Warranty lines issued until the month's last day whose old parts are not all in (5.6)."""
    rows = ReleaseLine.objects.filter(
        old_part=OldPart.MUST, issued__gt=F("old_in") + F("old_waived") + F("converted")
    )
    rows = _issued_until(rows, day_end(paper.last_day)).select_related(
        "release__ticket", "release__order", "part", "holder", "release__engineer"
    )
    return [line for line in rows.order_by("release_id", "position") if line.old_due > 0]


def waived(paper: UnreturnedList) -> list[ReleaseLine]:
    """Lines issued in that month whose old parts finance let be (5.6)."""
    begin, end = day_end(paper.month - dt.timedelta(days=1)), day_end(paper.last_day)
    rows = ReleaseLine.objects.filter(old_waived__gt=0, slip_lines__slip__made_at__gte=begin)
    rows = rows.filter(slip_lines__slip__made_at__lt=end).distinct()
    found = rows.select_related("release__ticket", "release__order", "part", "holder", "release__engineer")
    return [line for line in found.order_by("release_id", "position") if line.old_due == 0]


def _issued_until(rows: QuerySet[ReleaseLine], end: dt.datetime) -> QuerySet[ReleaseLine]:
    return rows.filter(
        Q(pk__in=ReleaseLine.objects.filter(slip_lines__slip__made_at__lt=end).values("pk"))
        | Q(opening=True, release__made_at__lt=end)
    )


# --- releases and returns
def releases_of(about: Ticket | PartsOrder, user: Any) -> QuerySet[Release]:
    """The sheets of a ticket or of a parts-only order that this person may see, newest first."""
    return Release.objects.visible_to(user).filter(
        Q(ticket=about) if isinstance(about, Ticket) else Q(order=about)
    )


def lines_to_issue() -> QuerySet[ReleaseLine]:
    """Signed pieces that still lie in the store, the longest signed first."""
    return (
        ReleaseLine.objects.filter(
            signed_at__isnull=False, quantity__gt=F("struck") + F("issued"),
            release__stage__in=[ReleaseStage.SIGNED, ReleaseStage.SUBMITTED],
        )
        .select_related("part", "release__ticket", "release__order", "release__engineer")
        .order_by("release__signed_at", "release_id", "position")
    )  # fmt: skip


def lines_shown(release: Release, user: Any) -> list[ReleaseLine]:
    """The lines of a sheet that this person sees: whoever sees it as the warehouse alone sees signed lines only (4.5)."""
    rows = release.lines.select_related("part", "signed_by", "holder").order_by("position")
    asked = user.pk in (release.requester_id, release.engineer_id)
    return _seen(list(rows), user, own=asked or release.about.is_own(user, "release.view"))


def _seen(lines: list[ReleaseLine], user: Any, *, own: bool) -> list[ReleaseLine]:
    if user.cell("release.view") == "Y" or ("ENG" in user.roles and own) or "WH" not in user.roles:
        return lines
    return [line for line in lines if line.is_signed or line.issued]


def to_sign() -> QuerySet[Release]:
    """The sheets that wait for finance, the oldest first."""
    rows = Release.objects.filter(stage=ReleaseStage.SUBMITTED)
    return rows.select_related("ticket", "order", "requester", "engineer", "debtor").order_by(
        "submitted_at", "pk"
    )


def to_confirm() -> QuerySet[Return]:
    """What was handed in and waits for the warehouse."""
    rows = Return.objects.filter(stage=TwoStage.OPEN)
    return rows.select_related("release__ticket", "release__order", "made_by").order_by("made_at", "pk")


def lines_of(ticket: Ticket, user: Any) -> list[ReleaseLine]:
    """The part lines of a ticket that this person sees, sheet by sheet, with whose hand last signed for the old part
    (5.3; one statement)."""
    rows = ReleaseLine.objects.filter(release__ticket=ticket).exclude(release__stage=ReleaseStage.CANCELLED)
    last = ReturnLine.objects.filter(
        line=OuterRef("pk"), paper__kind=ReturnKind.OLD, received__gt=0
    ).order_by("-pk")
    rows = rows.annotate(
        old_by=last.values("paper__decided_by__name")[:1], old_at=last.values("paper__decided_at")[:1]
    )
    found: list[Any] = list(
        rows.select_related("part", "release", "signed_by").order_by("release_id", "position")
    )
    return _seen(found, user, own=ticket.is_own(user, "release.view"))


def outstanding(user: Any) -> QuerySet[ReleaseLine]:
    """What this engineer still has to bring back: loans undeclared, unused and old parts."""
    rows = ReleaseLine.objects.filter(Q(holder=user) | Q(holder=None, release__engineer=user), issued__gt=0)
    owing = Q(issued__gt=F("used") + F("unused")) | Q(unused__gt=F("returned"))
    owing |= Q(old_part="must", used__gt=F("old_in") + F("old_waived") + F("converted"))
    return (
        rows.filter(owing)
        .select_related("part", "release__ticket", "release__order")
        .order_by("release_id", "position")
    )


# --- what waits for a hand and has no clock
LIVE = Release.objects.exclude(stage=ReleaseStage.CANCELLED)
#: the number of the ticket or of the parts-only order
ABOUT = Coalesce("ticket__number", "order__number", output_field=CharField())
TICKET_WITHOUT_SHEET, ORDER_WITHOUT_SHEET = "no_sheet", "no_sheet:"
WITHOUT_SHEET = (
    TICKET_WITHOUT_SHEET,
    *(f"{ORDER_WITHOUT_SHEET}{stage}" for stage in ("", *QuoteStage.values)),
)
SHEET_REJECTED, SHEET_UNQUOTED, SHEET_DRAFT = SHEETS = ("sheet_rejected", "sheet_unquoted", "sheet_draft")


def without_sheet(people: list[int]) -> list[QuerySet[Any, Any]]:
    """Arms of the home page: what of these engineers has no sheet of parts. Tickets whose plan needs parts and that have none in
    this round (4.4, 4.5); open parts-only orders (8.7), whose kind ends with the stage of the latest quotation, if any."""
    tickets = Ticket.objects.filter(engineer__in=people, stage=Stage.PLANNED, waits_for_parts=True)
    tickets = tickets.exclude(Exists(LIVE.filter(ticket=OuterRef("pk"), round=OuterRef("round")).order_by()))
    orders = PartsOrder.objects.filter(engineer__in=people, stage=OrderStage.OPEN)
    orders = orders.exclude(Exists(LIVE.filter(order=OuterRef("pk")).order_by()))
    last = Quotation.objects.filter(order=OuterRef("pk")).order_by("-version").values("stage")[:1]
    kind = text(Value(ORDER_WITHOUT_SHEET), Coalesce(Subquery(last), Value("")))
    return [
        line(
            the_first(tickets.order_by("made_at", "pk")), TICKET_WITHOUT_SHEET, "number", "model", "made_at"
        ),
        line(the_first(orders.order_by("made_at", "pk")), kind, "number", "remark", "made_at"),
    ]


def sheets_to_move(people: list[int]) -> QuerySet[Any, Any]:
    """Sheets of these engineers that are not with finance, or want a quotation that nobody has written, as an arm of the home
    page; the word is the ticket or order, a bar, and why finance rejected it."""
    offers = Quotation.objects.filter(stage__in=OFFERED)
    of_round = offers.filter(ticket=OuterRef("ticket"), round=OuterRef("round"))
    rows = Release.objects.filter(Q(ticket__engineer__in=people) | Q(order__engineer__in=people))
    rows = rows.annotate(quoted=Exists(of_round) | Exists(offers.filter(order=OuterRef("order"))))
    unquoted = Q(uncovered__gt=0, quoted=False) & ~Q(stage=ReleaseStage.REJECTED)
    rows = rows.filter(
        Q(stage__in=(ReleaseStage.DRAFT, ReleaseStage.REJECTED)) | Q(stage=ReleaseStage.SUBMITTED) & unquoted
    )
    kind = Case(
        When(unquoted, then=Value(SHEET_UNQUOTED)), When(stage=ReleaseStage.REJECTED, then=Value(SHEET_REJECTED)),
        default=Value(SHEET_DRAFT), output_field=CharField(),
    )  # fmt: skip
    return line(rows, kind, "number", text(ABOUT, Value("|"), "rejection"), "made_at")


def to_pack() -> QuerySet[Release]:
    """Sheets of which something that goes to the customer was issued, and no parcel holds it yet (6.3)."""
    gone = ReleaseLine.objects.filter(
        release=OuterRef("pk"), kind=IssueKind.OUTBOUND, opening=False, issued__gt=0
    )
    rows = Release.objects.filter(Exists(gone), stage__in=(*ISSUING, ReleaseStage.ISSUED)).exclude(
        plan_type=PlanType.VISIT
    )
    alive = Q(order__isnull=False) | Q(ticket__stage__in=(Stage.PLANNED, Stage.IN_SERVICE))
    return rows.filter(alive, shipments=None).select_related("ticket", "order").order_by("pk")


def to_send() -> QuerySet[Shipment]:
    """Packed parcels that administration has not sent yet, the oldest first."""
    return parcels_in_hand().filter(stage=ShipmentStage.PACKED)


def parcels_in_hand() -> QuerySet[Shipment]:
    """What administration moves next (6.3): packed parcels to send, then those on their way to us; each the oldest first."""
    rows = Shipment.objects.filter(Q(stage=ShipmentStage.PACKED) | COMING).select_related(
        "ticket", "release__order"
    )
    return rows.order_by("stage", "pk")


def to_receive(parcels: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Those of them that are on their way to us (4.6)."""
    return parcels.filter(COMING)


COMING = Q(stage=ShipmentStage.SENT, way=Shipment.Way.BACK)


def to_answer(department: str = "") -> QuerySet[Enquiry]:
    """Open enquiries (5.2), the oldest first; of one department or of all."""
    rows = Enquiry.objects.filter(stage=EnquiryStage.ASKED).select_related("part").order_by("pk")
    return rows.filter(department=department) if department else rows
