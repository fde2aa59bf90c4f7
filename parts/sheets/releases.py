"""How a release and a return look: the part section ⑥ and finance's section ⑦ of form 9.2."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.sheet import Part, Sheet, Table
from aftersales.money import in_words

from ..models import Basis, Release, ReleaseLine, Return
from ..rules import Charge, OldPart
from ..selectors import lines_shown

TONES = {Charge.FREE: "success", Charge.CHARGED: "warning", Charge.AWAITING: "danger"}


def yuan(amount: Any) -> str:
    return f"¥{amount:,.2f}"


def release(paper: Release, user: Any) -> Sheet:
    lines = lines_shown(paper, user)
    about = paper.about
    return Sheet(
        title=_("Release of parts"), story=f"{about.number} · {paper.get_basis_display()}",
        parts=[_head(paper, user), _lines(lines), _charges(lines), _finance(paper), _fate(lines), _slips(paper), _returns(paper)],
        links=_ways(paper, user),
        prints=[(str(_("Print")), reverse("parts:release_print", args=[paper.number]))], banner=_banner(paper),
    )  # fmt: skip


def _ways(paper: Release, user: Any) -> list[tuple[str, str]]:
    """Where one goes from here: the ticket or order; the parcel that is to be packed or is on its way."""
    found = [(str(_("To the ticket") if paper.ticket else _("To the order")), paper.about.get_absolute_url())]
    found += [
        (f"{_('Parcel')} {x.number}", x.get_absolute_url())
        for x in paper.shipments.all()
        if may(user, "shipment.view")
    ]
    return found


def _banner(paper: Release) -> tuple[str, Any, Any] | None:
    if paper.rejection and paper.stage in ("rejected", "draft"):
        return "danger", _("Finance rejected this sheet"), paper.rejection
    if paper.basis == Basis.UNPAID and paper.signed_at:
        return "warning", _("Not yet paid"), _("The engineer answers for the money (4.5c).")
    return None


def link(paper: Any) -> SafeString:
    return format_html('<a class="number" href="{}">{}</a>', paper.get_absolute_url(), paper.number)


def _debtor(paper: Release, user: Any) -> Any:
    if paper.debtor is None:
        return "–"
    return link(paper.debtor) if may(user, "customer.view", paper.debtor) else paper.debtor.number


def _head(paper: Release, user: Any) -> Part:
    rows: list[tuple[Any, ...]] = [
        (_("Ticket") if paper.ticket else _("Parts order"), link(paper.about)),
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
    return (
        Part("facts", _("Grounds 4.5a"), table=Table(head, rows))
        if rows
        else Part("facts", _("Grounds 4.5a"), empty="–")
    )


def _finance(paper: Release) -> Part:
    empty = _("Finance signs once the sheet was submitted; nothing leaves the store before (4.5).")
    if paper.signed_at is None:
        return Part("finance", _("Finance"), empty=empty)
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
    return Part("fate", _("Since then"), table=Table(head, rows), empty=_("Nothing is issued yet."))


def _slips(paper: Release) -> Part:
    rows = [
        (format_html('<a class="number" href="{}">{}</a>', slip.get_absolute_url(), slip.number), slip.get_kind_display(),
         moments.when(slip.made_at), slip.made_by,
         format_html_join(", ", "{}", ((_slip_line(row),) for row in slip.lines.all())))
        for slip in paper.slips.select_related("made_by").prefetch_related("lines__line")
    ]  # fmt: skip
    head = [(_("Slip"), ""), (_("Kind"), ""), (_("At"), ""), (_("By"), ""), (_("Lines and codes"), "")]
    return Part("slips", _("Slips 5.4"), table=Table(head, rows), empty=_("No slip yet."))


def _codes(codes: list[str]) -> Any:
    """Each code as a way to its life."""
    ways = ((reverse("parts:code", args=[code]), code) for code in codes)
    return format_html_join(", ", '<a class="number" href="{}">{}</a>', ways) or "–"


def _slip_line(row: Any) -> Any:
    said = _("line {position} × {quantity}").format(position=row.line.position, quantity=row.quantity)
    return format_html("{} ({})", said, _codes(row.codes)) if row.codes else said


def _returns(paper: Release) -> Part:
    rows = [
        (format_html('<a class="number" href="{}">{}</a>', one.get_absolute_url(), one.number), one.get_kind_display(),
         one.get_stage_display(), one.made_by, moments.when(one.made_at), one.decided_by or "–")
        for one in paper.returns.select_related("made_by", "decided_by")
    ]  # fmt: skip
    head = [
        (_("Return"), ""),
        (_("Kind"), ""),
        (_("Stage"), ""),
        (_("Handed in by"), ""),
        (_("At"), ""),
        (_("Confirmed by"), ""),
    ]
    return Part("returns", _("Returns 4.7"), table=Table(head, rows), empty=_("Nothing was handed in."))


def returned(paper: Return, user: Any) -> Sheet:
    head = [
        (_("Part"), ""),
        (_("Handed in"), "number"),
        (_p("return", "Received"), "number"),
        (_("Codes"), ""),
    ]
    rows = [
        (_named(x.line), x.quantity, "–" if x.received is None else x.received, _codes(x.codes))
        for x in paper.lines.select_related("line__part")
    ]  # fmt: skip
    facts: list[tuple[Any, ...]] = [
        (_("Release"), link(paper.release)), (_("Ticket or order"), link(paper.release.about)),
        (_("Handed in by"), paper.made_by), (_("At"), moments.when(paper.made_at)),
    ]  # fmt: skip
    if paper.decided_at:
        facts += [(_p("return", "Received by"), paper.decided_by), (_("At"), moments.when(paper.decided_at))]
    if paper.refusal:
        facts.append((_("Reason of the refusal"), paper.refusal, "wide"))
    if paper.note:
        facts.append((_("Note"), paper.note, "wide"))
    return Sheet(
        title=_("Return of unused parts") if paper.kind == "unused" else _("Receipt of old parts"),
        parts=[Part("head", _("Who and when"), facts), Part("lines", _("Parts"), table=Table(head, rows))],
        links=[(x.number, x.get_absolute_url()) for x in (paper.release, paper.release.about)],
        prints=[(str(_("Print")), reverse("parts:return_print", args=[paper.number]))],
    )  # fmt: skip
