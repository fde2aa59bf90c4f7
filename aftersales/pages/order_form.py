"""What warehouse and finance write on form 9.2: ⑥ the parts, ⑦ the signature (4.5, 5.1–5.3)."""

from collections.abc import Iterable
from typing import Any

from accounts.access import may
from aftersales.display import moments
from finance.models import Receipt
from parts.models import Basis, Release, ReleaseLine, SlipLine
from parts.prints import consent_of, opinion_of, yuan
from parts.rules import OldPart
from parts.selectors import lines_of
from repairs.prints import Beside, Record, Signed

CASES = {Basis.WARRANTY: "a", Basis.PAID: "b", Basis.UNPAID: "c"}


def beside(record: Record) -> Beside:
    """The lines and sheets of the record's round that its reader may see, in a fixed number of statements."""
    if not may(record.by, "release.view", record.ticket):
        return Beside()
    lines = [line for line in lines_of(record.ticket, record.by) if line.release.round == record.round]
    return Beside([_part(n, line) for n, line in enumerate(lines, 1)], list(_issued(lines)), _signed(lines))


def _part(n: int, line: ReleaseLine) -> tuple[Any, ...]:
    part, left = line.part, line.quantity - line.struck
    return (
        str(n), part.code, part.name, part.spec, part.unit, str(left), yuan(line.unit_price), yuan(line.amount), part.assembly,
        line.small, part.bulky, line.wearing, line.get_charge_display(),
    )  # fmt: skip


def _issued(lines: list[ReleaseLine]) -> Iterable[tuple[Any, ...]]:
    """A row for every slip of a line; what concerns the line as a whole stands on its first one."""
    slips: dict[int, list[SlipLine]] = {}
    for row in SlipLine.objects.filter(line__in=lines).select_related("slip__made_by").order_by("pk"):
        slips.setdefault(row.line_id, []).append(row)
    for n, line in enumerate(lines, 1):
        rows = [_slip(row) for row in slips.get(line.pk, [])] or [("", "", "", "", "")]
        yield (str(n), *rows[0], *_old(line))
        yield from ((str(n), *row, "", "", "", "") for row in rows[1:])


def _slip(row: SlipLine) -> tuple[str, ...]:
    slip = row.slip
    kind = slip.get_kind_display().partition("：")[0].partition(":")[0]
    who = f"{slip.made_by or ''}\n{moments.when(slip.made_at)}"
    return "\n".join(row.codes), "\n".join(row.old_codes), kind, slip.paper_number or slip.number, who


def _old(line: Any) -> tuple[str, ...]:
    kept = line.get_old_part_display() if line.old_part != OldPart.NONE else "–"
    came = f"{line.old_by}\n{moments.when(line.old_at)} × {line.old_in}" if line.old_at else ""
    return str(kept), str(line.get_waiver_display()), came, str(line.returned) if line.unused else ""


def _signed(lines: list[ReleaseLine]) -> list[Signed]:
    sheets = Release.objects.filter(pk__in={line.release_id for line in lines}).order_by("pk")
    found = list(sheets.select_related("consent_by", "signed_by", "debtor"))
    receipts = {
        row.number: row for row in Receipt.objects.filter(number__in=[x.receipt for x in found if x.receipt])
    }
    return [
        _sheet(x, receipts.get(x.receipt), [line for line in lines if line.release_id == x.pk]) for x in found
    ]


def _sheet(sheet: Release, receipt: Receipt | None, lines: list[ReleaseLine]) -> Signed:
    paid_on = f"{moments.when(receipt.arrived_at)} {receipt.get_method_display()}" if receipt else ""
    digests = [sheet.header_digest, *(line.digest for line in lines)]
    return Signed(
        number=sheet.number, case=CASES[Basis(sheet.basis)], due=yuan(sheet.total),
        payer=sheet.debtor.number if sheet.debtor else "", paid=yuan(sheet.paid) if sheet.paid else "", paid_on=paid_on,
        receipt=sheet.receipt, consent=consent_of(sheet), agreed_day=sheet.agreed_day or "", opinion=opinion_of(sheet),
        signer=str(sheet.signed_by or ""), signed_at=sheet.signed_at or "",
        digests=" · ".join(digest[:12] for digest in digests if digest) if sheet.signed_at else "",
    )  # fmt: skip
