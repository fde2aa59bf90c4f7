"""How a travel claim looks (8.2–8.5): the trip, each line with asked, standard, above and paid, its receipt, what was said."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.money import in_words

from ..flow import ClaimStage
from ..models import Claim, ClaimLine, MealDay
from ..services import claims
from .claim_doubts import Doubts, doubts_about
from .ways import Ways

E = ClaimStage


def claim(paper: Claim, user: Any) -> Sheet:
    lines = list(paper.lines.all())
    doubts = doubts_about(paper, lines, own=paper.is_own(user, ""))
    ways = Ways(user, {paper.trip.number, *doubts.numbers()})
    return Sheet(
        title=_("Travel claim"), story=f"{paper.claimant} · {paper.trip.place}", next=_next(paper, lines),
        parts=[_trip(paper, ways), _lines(paper, lines, doubts, ways), _sums(paper), _hands(paper)],
        banner=_banner(paper, doubts), prints=[(str(_("Print")), reverse("finance:claim_print", args=[paper.number]))],
    )  # fmt: skip


def _banner(paper: Claim, doubts: Doubts) -> tuple[str, Any, Any] | None:
    if doubts.used and paper.stage in (E.DRAFT, E.SUBMITTED, E.CHECKED, E.APPROVED):
        return (
            "warning",
            _("A receipt was used more than once"),
            _("Look at the lines marked so before you go on."),
        )
    if paper.stage == E.DRAFT and paper.returned_why:
        return "warning", _("Sent back by finance"), paper.returned_why
    if paper.stage in (E.PAID, E.REVERSED):
        return _reversal(paper)
    if paper.stage == E.WITHDRAWN and paper.withdrawn_why:
        return "info", _("Withdrawn"), paper.withdrawn_why
    return None


def _reversal(paper: Claim) -> tuple[str, Any, Any] | None:
    """Why a paid claim is to be, or was, taken back, and by whom (SD12)."""
    if paper.stage == E.REVERSED and (done := claims.done_of(paper)) is not None:
        hands = f"{done.proposed_by}, {done.seconded_by} · {moments.when(done.done_at)}"
        return "info", _("Paid and taken back"), f"{done.reason} · {hands}"
    if (row := claims.proposal_of(paper)) is not None:
        return (
            "warning",
            _("A second person carries the reversal out (SD12)."),
            f"{row.reason} · {row.proposed_by}",
        )
    return None


def _next(paper: Claim, lines: list[ClaimLine]) -> Any:
    waits = any(line.needs_leader and line.granted is None for line in lines)
    words = {
        E.DRAFT: _("The claimant completes and submits it."),
        E.SUBMITTED: _("Finance checks it line by line (8.3)."),
        E.CHECKED: _("A leader decides about what is above the standard or has no receipt (8.2, 8.5).")
        if waits else _("Finance pays; not who checked it (SD04)."),
        E.APPROVED: _("Finance pays; not who checked it (SD04)."),
    }  # fmt: skip
    return words.get(E(paper.stage), "")


# --- the trip
def _trip(paper: Claim, ways: Ways) -> Part:
    trip = paper.trip
    first, last = claims.days(trip)
    people = {row.person for row in trip.travellers.all()} | ({trip.driver} if trip.driver else set())
    rows: list[Cell] = [
        (_("Trip"), ways.to(trip.number)), (_("Where to"), trip.place),
        (_("From, until"), f"{moments.when(first)} – {moments.when(last)}"),
        (_("Persons"), "、".join(sorted(str(person) for person in people))), (_("Claimed by"), paper.claimant),
    ]  # fmt: skip
    return Part("trip", _("Trip"), rows)


# --- its lines
def _lines(paper: Claim, lines: list[ClaimLine], doubts: Doubts, ways: Ways) -> Part:
    head = [
        (_p("claim", "Line"), ""), (_p("claim", "Asked"), "money"), (_("Standard"), "money"),
        (_p("claim", "To be decided"), "money"),
        (_p("claim", "Payable") if paper.amount is None else _p("claim", "Paid"), "money"), (_("Receipt photo"), ""),
        (_("Remarks"), ""),
    ]  # fmt: skip
    days = person_days(lines)
    rows = [
        (_what(line, days), yuan(line.amount), _some(line.standard), _some(line.above), yuan(line.paid),
         _thumb(paper, line), _remarks(paper, line, doubts, ways))
        for line in lines
    ]  # fmt: skip
    return Part("lines", _("Lines"), table=Table(head, rows), empty=_("No line yet."))


def _some(amount: Any) -> str:
    """An amount; what there is not takes no place in a card on the phone."""
    return yuan(amount) if amount else ""


def person_days(lines: list[ClaimLine]) -> int:
    meals = [line.pk for line in lines if line.kind == "meals"]
    return MealDay.objects.filter(line__in=meals).count() if meals else 0


def about(line: ClaimLine, days: int = 0) -> str:
    """Kind, day, what for; of meals how many person-days."""
    words = [
        str(line.get_kind_display()),
        moments.when(line.day) if line.day else "",
        line.get_way_display() if line.way else "",
    ]
    if line.kind == "meals" and days:
        words.append(ngettext("{days} person-day", "{days} person-days", days).format(days=days))
    return " · ".join(word for word in (*words, line.note) if word)


def _what(line: ClaimLine, days: int) -> Any:
    """Number and kind, below them day and what for."""
    kind, _dot, rest = about(line, days).partition(" · ")
    return format_html('<b>{} {}</b><span class="claim-rest">{}</span>', line.position, kind, rest)


def _thumb(paper: Claim, line: ClaimLine) -> Any:
    if not line.key:
        return ""
    url = reverse("finance:claim_photo", args=[paper.number, line.key])
    return format_html(
        '<a class="receipt-thumb" href="{0}" target="_blank" rel="noopener"><img src="{0}?size=thumb" alt="{1}" loading="lazy"'
        ' width="64" height="64"></a>', url, _("Receipt of line {number}").format(number=line.position),
    )  # fmt: skip


def _remarks(paper: Claim, line: ClaimLine, doubts: Doubts, ways: Ways) -> Any:
    words = [*filter(None, said(line)), *doubts.about(line, paper.number, ways)]
    return format_html_join("", "<div>{}</div>", ((each,) for each in words))


def said(line: ClaimLine) -> list[Any]:
    """What finance struck, what a leader said."""
    if line.struck_why:
        return [_("Struck: {reason}").format(reason=line.struck_why)]
    if line.granted is None:
        return [_("waits for a leader") if line.needs_leader else ""]
    word = _("leader: yes") if line.granted else _("leader: no")
    return [f"{word} {line.decision}".strip()]


# --- sums and hands
def _sums(paper: Claim) -> Part:
    rows: list[Cell] = [(_p("claim", "Asked"), yuan(paper.asked))]
    if paper.amount is None:
        rows.append((_("To be paid as it stands"), yuan(paper.payable)))
    else:
        rows += [(_p("claim", "Paid"), yuan(paper.amount)), (_("In words"), in_words(paper.amount))]
    return Part("sums", _("Sum"), rows)


def _hands(paper: Claim) -> Part:
    rows: list[Cell] = [
        (_("Submitted by"), by_at(paper.claimant, paper.submitted_at)),
        (_("Checked by"), by_at(paper.checked_by, paper.checked_at)),
        (_("Decided by"), by_at(paper.decided_by, paper.decided_at)),
        (_p("claim", "Paid by"), by_at(paper.paid_by, paper.paid_at)),
    ]  # fmt: skip
    return Part("hands", _("Hands"), [row for row in rows if row[1]], empty=_("Nobody has signed yet."))
