"""The papers of the warehouse on A4: release with its signatures, outbound and loan slips, receipts, the old part's tag."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.money import in_words
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table
from aftersales.paper.whole import whole

from .models import Basis, Release, ReleaseLine, Return, Slip
from .selectors import lines_shown


def yuan(amount: Any) -> str:
    return f"{amount:,.2f}"


def release(paper: Release, *, by: Any, at: dt.datetime) -> Plain:
    """领料单 (4.5): what is asked for, why it is free or charged, finance's signature, who issued what."""
    lines = lines_shown(paper, by)
    parts = [_asked(paper), _lines(lines), _facts(lines), _finance(paper), _slips(paper), _hands_of(paper)]
    numbers = {
        _p("form", "Release number"): paper.number,
        _p("form", "Repair order number"): paper.about.number,
    }
    return whole(
        _p("form", "Release of parts"), paper, parts, by=by, at=at, form="9.2", numbers=numbers, row=8.0
    )


def _asked(paper: Release) -> Plain:
    basis = {
        Basis.WARRANTY: _p("form", "a: under warranty"), Basis.PAID: _p("form", "b: paid"),
        Basis.UNPAID: _p("form", "c: not yet paid"),
    }  # fmt: skip
    return section(
        _p("form section", "Release"),
        [cell(_p("form", "Requester"), paper.requester, 4), cell(_p("form", "Responsible engineer"), paper.engineer, 4),
         cell(_p("form", "Submitted at"), paper.submitted_at, 4)],
        [cell(_p("form", "Case of the signature"), w=8, options=one_of({str(k): v for k, v in basis.items()}, paper.basis)),
         cell(_p("form", "Payer"), paper.debtor.number if paper.debtor else "", 4)],
        [cell(_p("form", "Total"), yuan(paper.total), 4), cell(_p("form", "Total in words"), in_words(paper.total), 8)],
    )  # fmt: skip


def _lines(lines: list[ReleaseLine]) -> Plain:
    rows = [
        (str(x.position), x.part.code, x.part.name, x.part.spec, x.part.unit, str(x.quantity - x.struck), yuan(x.unit_price),
         yuan(x.amount), str(x.get_charge_display()), _old(x))
        for x in lines
    ]  # fmt: skip
    return table(_p("form section", "Parts"), [
        column(_p("form", "No."), 4), column(_p("form", "Part code"), 9), column(_p("form", "Part name"), 12),
        column(_p("form", "Specification"), 10), column(_p("form", "Unit"), 4), column(_p("form", "Qty"), 4),
        column(_p("form", "Unit price"), 7), column(_p("form", "Amount"), 8), column(_p("form", "Charge"), 12),
        column(_p("form", "Old part"), 11),
    ], rows, ruled=6)  # fmt: skip


def _old(line: ReleaseLine) -> str:
    reason = f" {line.get_waiver_display()}" if line.waiver else ""
    return f"{line.get_old_part_display()}{reason}"


def _facts(lines: list[ReleaseLine]) -> Plain:
    rows = [
        (str(x.position), x.in_warranty, str(x.get_damage_display()), x.small, x.part.assembly, x.part.bulky, x.wearing,
         x.recyclable, "; ".join(t for t in (x.damage_evidence, x.costly_evidence) if t))
        for x in lines
    ]  # fmt: skip
    return table(_p("form section", "Facts"), [
        column(_p("form", "No."), 4), column(_p("form", "Warranty"), 6), column(_p("form", "Damage"), 9),
        column(_p("form", "Small part"), 6), column(_p("form", "Assembly"), 6), column(_p("form", "Bulky part"), 6),
        column(_p("form", "Wearing"), 6), column(_p("form", "Recyclable"), 6), column(_p("form", "Judged by / evidence"), 20),
    ], rows)  # fmt: skip


def consent_of(paper: Release) -> str:
    """Who agreed to send first, and when (4.5c)."""
    return f"{paper.consent_by} {moments.when(paper.consent_at)}" if paper.consent_at else ""


def opinion_of(paper: Release) -> str:
    """The signer's words, with what must stand on a sheet that is not paid (4.5c)."""
    unpaid = paper.basis == Basis.UNPAID and paper.signed_at
    return " · ".join(text for text in (paper.opinion, _p("form", "NOT PAID") if unpaid else "") if text)


def _finance(paper: Release) -> Plain:
    return section(
        _p("form section", "Finance"),
        [cell(_p("form", "Receipt number"), paper.receipt, 4),
         cell(_p("form", "Paid"), yuan(paper.paid) if paper.paid else "", 4),
         cell(_p("form", "Agreed day of payment"), paper.agreed_day or "", 4)],
        [cell(_p("form", "Agreed to send first"), consent_of(paper), 6), cell(_p("form", "Opinion"), opinion_of(paper), 6)],
        [cell(_p("form", "Signed for finance"), paper.signed_by or "", 6, lines=2),
         cell(_p("form", "Signed at"), paper.signed_at or "", 6, lines=2)],
    )  # fmt: skip


def _slips(paper: Release) -> Plain:
    rows = [
        (slip.number, str(slip.get_kind_display()), str(row.line.position), str(row.quantity), ", ".join(row.codes),
         str(slip.made_by), moments.when(slip.made_at), str(row.old_in or ""))
        for slip in paper.slips.select_related("made_by").prefetch_related("lines__line")
        for row in slip.lines.all()
    ]  # fmt: skip
    return table(_p("form section", "Issue"), [
        column(_p("form", "Slip number"), 12), column(_p("form", "Issue"), 14), column(_p("form", "No."), 4),
        column(_p("form", "Qty"), 4), column(_p("form", "New code"), 14), column(_p("form", "Issued by"), 8),
        column(_p("form", "At"), 11), column(_p("form", "Old parts in"), 6),
    ], rows)  # fmt: skip


def _hands_of(paper: Release) -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Received by, at"), w=6, lines=2), cell(_p("form", "Warehouse, at"), w=6, lines=2)],
    )


def slip(paper: Slip, *, by: Any, at: dt.datetime) -> Plain:
    """出库单 or 出借单 (5.1): the ticket's number stands on it."""
    ticket = paper.release.ticket
    rows = [
        (str(n), row.line.part.code, row.line.part.name, row.line.part.spec, row.line.part.unit, str(row.quantity),
         "\n".join(row.codes), "\n".join(row.old_codes), str(row.old_in or ""))
        for n, row in enumerate(paper.lines.select_related("line__part"), 1)
    ]  # fmt: skip
    parts = [
        section(
            _p("form section", "Release"),
            [cell(_p("form", "Repair order number"), paper.release.about.number, 4),
             cell(_p("form", "Release"), paper.release.number, 4),
             cell(_p("form", "VIN / frame number"), ticket.vin if ticket else "", 4)],
            [cell(_p("form", "Responsible engineer"), paper.release.engineer, 4),
             cell(_p("form", "Signed for finance"), paper.release.signed_by or "", 4),
             cell(_p("form", "Signed at"), paper.release.signed_at or "", 4)],
        ),
        table(_p("form section", "Parts"), [
            column(_p("form", "No."), 4), column(_p("form", "Part code"), 10), column(_p("form", "Part name"), 13),
            column(_p("form", "Specification"), 11), column(_p("form", "Unit"), 4), column(_p("form", "Qty"), 4),
            column(_p("form", "New code"), 14), column(_p("form", "Old code"), 12), column(_p("form", "Old parts in"), 8),
        ], rows, ruled=8),
        section(
            _p("form section", "Hands"),
            [cell(_p("form", "Issued by"), paper.made_by, 4, lines=2), cell(_p("form", "Issued at"), paper.made_at, 4, lines=2),
             cell(_p("form", "Received by, at"), w=4, lines=2)],
        ),
    ]  # fmt: skip
    title = (
        _p("form", "Loan slip (after-sales)")
        if paper.kind == "loan"
        else _p("form", "Outbound slip (after-sales)")
    )
    numbers = {_p("form", "Slip number"): paper.number}
    return whole(title, paper, parts, by=by, at=at, form="5.1", numbers=numbers, row=9.0)


def returned(paper: Return, *, by: Any, at: dt.datetime) -> Plain:
    """退库单 or 旧件入库单 (4.7, 5.3); under an old part's receipt stands the tag that is tied to it."""
    release_ = paper.release
    received = f"{paper.decided_by} {moments.when(paper.decided_at)}" if paper.decided_at else ""
    rows = [
        (str(n), row.line.part.code, row.line.part.name, str(row.quantity), "" if row.received is None else str(row.received),
         "\n".join(row.codes))
        for n, row in enumerate(paper.lines.select_related("line__part"), 1)
    ]  # fmt: skip
    parts = [
        section(
            _p("form section", "Release"),
            [cell(_p("form", "Repair order number"), release_.about.number, 4),
             cell(_p("form", "Release"), release_.number, 4),
             cell(_p("form", "Slips"), ", ".join(release_.slips.values_list("number", flat=True)), 4)],
        ),
        table(_p("form section", "Parts"), [
            column(_p("form", "No."), 4), column(_p("form", "Part code"), 12), column(_p("form", "Part name"), 20),
            column(_p("form", "Handed in"), 8), column(_p("form", "Received"), 8), column(_p("form", "Codes"), 20),
        ], rows, ruled=6),
        section(
            _p("form section", "Hands"),
            [cell(_p("form", "Handed in by"), f"{paper.made_by} {moments.when(paper.made_at)}", 6, lines=2),
             cell(_p("form", "Received by, at"), received, 6, lines=2)],
        ),
    ]  # fmt: skip
    old = paper.kind == "old"
    if old:
        parts.append(_tag(paper))
    title = _p("form", "Receipt of old parts") if old else _p("form", "Return of unused parts")
    numbers = {_p("form", "Return number"): paper.number}
    return whole(title, paper, parts, by=by, at=at, form="5.3" if old else "4.7", numbers=numbers, row=9.0)


def _tag(paper: Return) -> Plain:
    """Cut off and tied to the old part; the code in the sheet's head leads to the record."""
    names = ", ".join(f"{x.line.part.code} {x.line.part.name} × {x.quantity}" for x in paper.lines.all())
    ticket = paper.release.ticket
    return section(
        _p("form section", "Tag of the old part"),
        [cell(_p("form", "Receipt"), paper.number, 4), cell(_p("form", "Repair order number"), paper.release.about.number, 4),
         cell(_p("form", "VIN / frame number"), ticket.vin if ticket else "", 4)],
        [cell(_p("form", "Part"), names, 12, lines=2)],
    )  # fmt: skip
