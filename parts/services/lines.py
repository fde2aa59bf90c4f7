"""Part lines of a release: facts, price, decision (domain 4), the counts on the sheet, and what a signature covers (SD14)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.money import fen_of, line_amount, piece_amounts, yuan_of
from aftersales.paperwork import hand
from aftersales.problems import BadEntry
from catalogue.models import Part
from catalogue.rules import in_warranty
from catalogue.selectors import price_lines
from policy import figures
from repairs.models import Ticket
from repairs.models.sheets import DamageType
from repairs.quote_flow import QuoteStage
from repairs.services.quotations import accepted_lines
from sales.selectors import warranty_of

from ..flow import ReleaseStage
from ..models import Release, ReleaseLine
from ..rules import Charge, OldPart, decide, digest, is_small


def fill(line: ReleaseLine, *, at: dt.datetime) -> None:
    """Write price, marks and decision on a line that nobody has signed yet; the list of the day counts until it freezes."""
    day, part = local_day(at), line.part
    quoted = accepted_lines(line.release.about, day).get(part.pk)
    if quoted is not None:
        line.quote_line, line.unit_price, line.discount = quoted, quoted.unit_price, quoted.discount
    else:
        line.quote_line, line.unit_price, line.discount = None, listed_price(part, day), Decimal(0)
    line.small = is_small(line.unit_price, figures.value("small_part_yuan", day))
    line.recyclable, line.wearing = part.recyclable, part.wearing
    line.in_warranty = under_warranty(line.release.about, part)
    rate(line)


def listed_price(part: Part, day: dt.date) -> Decimal:
    """The published price of the day (8.1), or a refusal at the field."""
    found = price_lines([part.pk], day).get(part.pk)
    if found is None:
        raise BadEntry(
            _("Finance has published no price for part {code} yet."), "8.1", "part", code=part.code
        )
    return found.price


def under_warranty(about: Any, part: Part) -> bool:
    """The day of the report counts; an unknown vehicle and a parts-only order are not under warranty (4.5a)."""
    vehicle = about.vehicle if isinstance(about, Ticket) else None
    term = warranty_of(vehicle, part.group)
    if vehicle is None or term is None:
        return False
    limit = term.hours if vehicle.model.counts_hours else term.km
    return in_warranty(local_day(about.reported_at), term.end, about.odometer, limit)


def rate(line: ReleaseLine) -> None:
    """The decision of 4.5a from the line's facts, and its amount; a waiver that finance refuses makes it `awaiting`."""
    found = decide(
        warranty=line.in_warranty, human=line.damage == DamageType.HUMAN, small=line.small,
        recyclable=line.recyclable, wearing=line.wearing, costly=line.costly,
    )  # fmt: skip
    if found.waiver is not None and line.waiver_refused:
        found = decide(warranty=True, human=False, small=False, recyclable=True, wearing=False, costly=False)
    line.charge, line.old_part, line.waiver = found.charge, found.old_part, found.waiver or ""
    if not line.opening:  # the amount of all its pieces stands on paper
        line.amount = line_amount(line.unit_price, line.quantity, line.discount)


def line_digest(line: ReleaseLine) -> str:
    """What finance signs of a line: part, pieces, price, facts and decision."""
    return digest(
        line.part.code, line.quantity, line.unit_price, line.discount, line.amount, line.in_warranty, line.damage,
        line.damage_evidence, line.small, line.recyclable, line.wearing, line.costly, line.costly_evidence, line.charge,
        line.old_part, line.waiver,
    )  # fmt: skip


def header_digest(release: Release) -> str:
    """What finance signs of the sheet: basis, debtor, liability, receipt."""
    return digest(
        release.basis, release.debtor_id, release.consent_by_id, release.agreed_day, release.receipt, release.engineer_id
    )  # fmt: skip


def shown_digest(release: Release) -> str:
    """The whole sheet as a page shows it to the signer: what is signed is what was shown."""
    lines = [line_digest(line) for line in release.lines.select_related("part").order_by("position")]
    facts = [release.basis, release.debtor_id, release.consent_by_id, release.agreed_day, release.total]
    return digest(*facts, *lines)


def amount_of(line: ReleaseLine, first: int, end: int) -> Decimal:
    """What the pieces `first` … `end` - 1 of a line cost; an odd fen goes with the first ones (domain 11)."""
    return yuan_of(sum(piece_amounts(fen_of(line.amount), line.quantity)[first:end]))


def live_amount(line: ReleaseLine) -> Decimal:
    """What a line costs without its struck pieces."""
    return amount_of(line, 0, line.quantity - line.struck)


def save_line(line: ReleaseLine, *, by: Any, at: dt.datetime, why: str) -> None:
    hand(line, by=by, at=at, why=why)
    line.save()


def refresh(release: Release) -> list[ReleaseLine]:
    """Keep the sheet's counts true; the guards of its flow read them. Answers the lines; the caller saves the release."""
    lines = list(release.lines.select_related("part", "quote_line__quotation").order_by("position"))
    for line in lines:
        line.release = release
    live = [line for line in lines if line.quantity > line.struck]
    release.line_count = len(live)
    release.opening_lines = sum(1 for line in live if line.opening)
    release.pending_damage = sum(1 for x in live if x.in_warranty and x.damage == DamageType.PENDING)
    release.total = sum((live_amount(x) for x in live if x.charge == Charge.CHARGED), Decimal(0))
    release.uncovered = sum(1 for line in live if not _is_covered(line))
    release.unsigned_lines = sum(1 for line in live if line.unsigned)
    release.waiting_lines = sum(1 for line in live if line.to_issue > 0)
    release.issued_any = any(line.issued for line in lines)
    release.open_obligations = sum(1 for x in lines if x.undeclared or x.unused_out or x.old_due)
    return lines


def _is_covered(line: ReleaseLine) -> bool:
    """A charged line that is to be signed needs a quotation that still counts, for at least as many pieces as are charged
    over all releases and versions of this round (9.4)."""
    if line.charge != Charge.CHARGED or line.amount == 0 or line.is_signed:
        return True
    if line.quote_line is None or line.quote_line.quotation.stage != QuoteStage.ACCEPTED:
        return False
    quote = line.quote_line.quotation
    rows = ReleaseLine.objects.filter(
        part=line.part, charge=Charge.CHARGED, quote_line__quotation__ticket=quote.ticket_id,
        quote_line__quotation__order=quote.order_id, quote_line__quotation__round=quote.round,
    )  # fmt: skip
    rows = rows.exclude(release__stage=ReleaseStage.CANCELLED)
    asked = rows.aggregate(n=Sum(F("quantity") - F("struck") - F("returned")))["n"] or 0
    return bool(asked <= line.quote_line.quantity)


def void(line: ReleaseLine) -> None:
    """The line loses its signature (SD14)."""
    line.digest, line.signed_by, line.signed_at = "", None, None


def awaited_amount(release: Release) -> Decimal:
    """What stands charged until old parts are back, as the customer of plan a is shown it."""
    rows = release.lines.filter(charge=Charge.AWAITING, old_part=OldPart.MUST)
    return sum((live_amount(line) for line in rows), Decimal(0))
