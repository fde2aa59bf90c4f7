"""How a release and a return look: the part section ⑥ and finance's section ⑦ of form 9.2."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Part, Sheet, Table
from aftersales.money import in_words
from repairs.flow import PlanType, Stage
from repairs.models import Ticket

from ..flow import TwoStage
from ..models import Basis, Release, ReleaseLine, Return, ReturnKind
from ..rules import Charge, OldPart
from ..selectors import lines_shown, openable

TONES = {Charge.FREE: "success", Charge.CHARGED: "warning", Charge.AWAITING: "danger"}


def yuan(amount: Any) -> str:
    return f"¥{amount:,.2f}"


NEXT = {
    "draft": _l("The engineer adds the parts and submits the sheet to finance (4.5)."),
    "submitted": _l("Finance signs or rejects it; nothing leaves the store before (4.5)."),
    "rejected": _l("The engineer takes it back to the draft, mends what finance names, and submits it again."),
    "signed": _l("The warehouse issues the signed parts against a slip (5.1)."),
    "issued": _l("The engineer declares what was used and hands in unused and old parts; the warehouse confirms them (4.7)."),
}  # fmt: skip


def release(paper: Release, user: Any) -> Sheet:
    """The sheet fills up as it moves: a section stands on it once there is something to say."""
    lines = lines_shown(paper, user)
    about = paper.about
    later = [_finance(paper), _fate(lines), _slips(paper, user), _returns(paper, user)]
    return Sheet(
        title=_("Release of parts"), story=f"{about.number} · {paper.get_basis_display()}",
        parts=[_head(paper, user), _lines(lines), *(part for part in [_charges(lines), *later] if part.is_filled)],
        links=_ways(paper, user), next=NEXT.get(paper.stage, ""),
        prints=[(str(_("Print")), reverse("parts:release_print", args=[paper.number]))], banner=_banner(paper),
        ways=_back(paper, user),
    )  # fmt: skip


def may_send_back(ticket: Ticket, user: Any) -> bool:
    """Who is or was there for a visit may send by carrier what he does not carry home (4.6)."""
    there = ticket.plan_type == PlanType.VISIT and ticket.stage in (Stage.IN_SERVICE, Stage.COMPLETED)
    return there and may(user, "return.cod_shipment", ticket)


def _back(paper: Release, user: Any) -> list[tuple[str, str]]:
    """The way to the parcel home, while something of the sheet is still to come back."""
    if paper.ticket is None or not paper.open_obligations or not may_send_back(paper.ticket, user):
        return []
    return [(str(_("Send parts back")), reverse("parts:send_back", args=[paper.ticket.number]))]


def _ways(paper: Release, user: Any) -> list[tuple[str, str]]:
    """Where one goes from here: the ticket or order; the parcel that is to be packed or is on its way."""
    parcels = list(paper.shipments.all())
    ours = openable(user, [paper.about, *parcels])
    word = str(_("To the ticket") if paper.ticket else _("To the order"))
    found = [(word, paper.about.get_absolute_url())] if paper.about in ours else []
    return found + [(f"{_('Parcel')} {x.number}", x.get_absolute_url()) for x in parcels if x in ours]


def _banner(paper: Release) -> tuple[str, Any, Any] | None:
    if paper.rejection and paper.stage in ("rejected", "draft"):
        return "danger", _("Finance rejected this sheet"), paper.rejection
    if paper.basis == Basis.UNPAID and paper.signed_at:
        return "warning", _("Not yet paid"), _("The engineer answers for the money (4.5c).")
    return None


def way(paper: Any, user: Any) -> Any:
    """A way to the paper, its number alone for whom it does not open."""
    return link(paper) if paper in openable(user, [paper]) else paper.number


def _debtor(paper: Release, user: Any) -> Any:
    if paper.debtor is None:
        return "–"
    return link(paper.debtor) if may(user, "customer.view", paper.debtor) else paper.debtor.number


def _head(paper: Release, user: Any) -> Part:
    rows: list[tuple[Any, ...]] = [
        (_("Ticket") if paper.ticket else _("Parts order"), way(paper.about, user)),
        (_("Requester"), paper.requester), (_("Responsible engineer"), paper.engineer),
        (_("Basis"), paper.get_basis_display()),
        (_("Paying customer"), _debtor(paper, user)),
        (_("Total to pay"), _total(paper)),
    ]  # fmt: skip
    if paper.consent_at:
        who = _("{who} agreed on {when} to send first; payment by {day}").format(
            who=paper.consent_by, when=moments.when(paper.consent_at), day=paper.agreed_day)  # fmt: skip
        rows.append((_("Sent first (4.5c)"), who, "wide"))
    if paper.remark:
        rows.append((_("Remark"), paper.remark, "wide"))
    return Part("head", _("What is asked for"), rows)


def _total(paper: Release) -> str:
    return f"{yuan(paper.total)} {in_words(paper.total)}" if paper.total else yuan(paper.total)


def charge_mark(line: ReleaseLine) -> SafeString:
    return format_html(
        '<b class="tone-text-{}">{}</b>', TONES[Charge(line.charge)], line.get_charge_display()
    )


def _lines(lines: list[ReleaseLine]) -> Part:
    head = [(_p("line", "No."), "tight"), (_("Part"), ""), (_("Quantity"), "number"), (_("Unit price"), "money"),
            (_("Amount"), "money"), (_("Charge"), ""), (_("Old part"), ""), (_p("line", "Issue"), ""),
            (_p("line", "Signed"), "")]  # fmt: skip
    rows = [
        (x.position, _named(x), x.quantity - x.struck, yuan(x.unit_price), yuan(x.amount), charge_mark(x), _old(x),
         _("loan") if x.kind == "loan" else _("outbound"), _signed(x))
        for x in lines
    ]  # fmt: skip
    return Part("lines", _("Parts"), table=Table(head, rows), empty=_("No part yet: add the first one."))


def _named(line: ReleaseLine) -> SafeString:
    return format_html(
        '<a href="{}"><span class="number">{}</span> {}</a> <span class="quiet">{}</span>',
        line.part.get_absolute_url(), line.part.code, line.part.name, line.part.spec,
    )  # fmt: skip


def _old(line: ReleaseLine) -> str:
    if line.old_part == OldPart.NONE:
        return "–"
    if line.waiver:
        return f"{line.get_old_part_display()} ({line.get_waiver_display()})"
    return str(line.get_old_part_display())


def _signed(line: ReleaseLine) -> str:
    if line.quantity == line.struck:
        return str(_("struck"))
    return f"{line.signed_by} {moments.when(line.signed_at, 'short')}" if line.signed_at else "–"


def _charges(lines: list[ReleaseLine]) -> Part:
    """The facts from which the table of 4.5a decides."""
    yes, no = _("yes"), _("no")
    head = [(_p("line", "No."), "tight"), (_("Under warranty"), ""), (_("Damage"), ""), (_("Small part"), ""),
            (_("Recyclable"), ""), (_("Wearing part"), ""), (_("Evidence"), "")]  # fmt: skip
    rows = [
        (x.position, yes if x.in_warranty else no, x.get_damage_display(), yes if x.small else no,
         yes if x.recyclable else no, yes if x.wearing else no, "; ".join(t for t in (x.damage_evidence, x.costly_evidence) if t))
        for x in lines
    ]  # fmt: skip
    return Part("facts", _("Grounds 4.5a"), table=Table(head, rows))


def _finance(paper: Release) -> Part:
    if paper.signed_at is None:
        return Part("finance", _("Finance"))
    rows: list[tuple[Any, ...]] = [
        (_("Signed by"), paper.signed_by), (_("Signed at"), moments.when(paper.signed_at)),
        (_("Basis"), paper.get_basis_display()),
    ]  # fmt: skip
    if paper.receipt:
        rows += [(_p("money", "Receipt"), paper.receipt), (_("Paid"), yuan(paper.paid))]
    if paper.opinion:
        rows.append((_("Opinion"), paper.opinion, "wide"))
    return Part("finance", _("Finance"), rows)


def _fate(lines: list[ReleaseLine]) -> Part:
    head = [(_p("line", "No."), "tight"), (_("Issued"), "number"), (_("Used"), "number"), (_("Unused"), "number"),
            (_("Returned"), "number"), (_("Old parts due"), "number"), (_("Old parts in"), "number"), (_("Waived"), "number"),
            (_("Held by"), "")]  # fmt: skip
    rows = [
        (x.position, x.issued, x.used, x.unused, x.returned, x.old_due, x.old_in, x.old_waived, x.holder or "–")
        for x in lines if x.issued
    ]  # fmt: skip
    return Part("fate", _("Since then"), table=Table(head, rows))


def _slips(paper: Release, user: Any) -> Part:
    opens = may(user, "stock.view")
    rows = [
        (format_html('<a class="number" href="{}">{}</a>', slip.get_absolute_url(), slip.number), slip.get_kind_display(),
         moments.when(slip.made_at), slip.made_by,
         format_html_join(", ", "{}", ((_slip_line(row, opens),) for row in slip.lines.all())))
        for slip in paper.slips.select_related("made_by").prefetch_related("lines__line")
    ]  # fmt: skip
    head = [(_("Slip"), ""), (_("Kind"), ""), (_("At"), ""), (_("By"), ""), (_("Lines and codes"), "")]
    return Part("slips", _("Slips 5.4"), table=Table(head, rows))


def _codes(codes: list[str], opens: bool) -> Any:
    """Each code as a way to its life, for whom it opens."""
    if not opens:
        return ", ".join(codes) or "–"
    ways = ((reverse("parts:code", args=[code]), code) for code in codes)
    return format_html_join(", ", '<a class="number" href="{}">{}</a>', ways) or "–"


def _slip_line(row: Any, opens: bool) -> Any:
    said = _("line {position} × {quantity}").format(position=row.line.position, quantity=row.quantity)
    return format_html("{} ({})", said, _codes(row.codes, opens)) if row.codes else said


def _returns(paper: Release, user: Any) -> Part:
    found = list(paper.returns.select_related("made_by", "decided_by"))
    ours = openable(user, found)
    rows = [
        (link(one) if one in ours else one.number, one.get_kind_display(),
         one.get_stage_display(), one.made_by, moments.when(one.made_at), one.decided_by or "–")
        for one in found
    ]  # fmt: skip
    head = [
        (_("Return"), ""),
        (_("Kind"), ""),
        (_("Stage"), ""),
        (_("Handed in by"), ""),
        (_("At"), ""),
        (_("Confirmed by"), ""),
    ]
    return Part("returns", _("Returns 4.7"), table=Table(head, rows))


def returned(paper: Return, user: Any) -> Sheet:
    head = [
        (_("Part"), ""),
        (_("Handed in"), "number"),
        (_p("return", "Received"), "number"),
        (_("Codes"), ""),
    ]
    known = (
        paper.kind == ReturnKind.UNUSED or paper.stage == TwoStage.DONE
    )  # else the store has not met an old part's code
    opens = known and may(user, "stock.view")
    rows = [
        (_named(x.line), x.quantity, "–" if x.received is None else x.received, _codes(x.codes, opens))
        for x in paper.lines.select_related("line__part")
    ]  # fmt: skip
    facts: list[tuple[Any, ...]] = [
        (_("Release"), way(paper.release, user)), (_("Ticket or order"), way(paper.release.about, user)),
        (_("Handed in by"), paper.made_by), (_("Handed in at"), moments.when(paper.made_at)),
    ]  # fmt: skip
    if paper.decided_at:
        facts += [
            (_p("return", "Received by"), paper.decided_by),
            (_p("return", "Received at"), moments.when(paper.decided_at)),
        ]
    if paper.refusal:
        facts.append((_("Reason of the refusal"), paper.refusal, "wide"))
    if paper.note:
        facts.append((_("Note"), paper.note, "wide"))
    return Sheet(
        title=_("Return of unused parts") if paper.kind == "unused" else _("Receipt of old parts"),
        parts=[Part("head", _("Who and when"), facts), Part("lines", _("Parts"), table=Table(head, rows))],
        links=[
            (x.number, x.get_absolute_url())
            for x in (paper.release, paper.release.about)
            if x in openable(user, [x])
        ],
        prints=[(str(_("Print")), reverse("parts:return_print", args=[paper.number]))],
        next=_("The warehouse counts what came in and confirms or refuses it (5.3).") if paper.stage == "open" else "",
    )  # fmt: skip
