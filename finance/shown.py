"""What a signer sees of a release, and the digest of exactly that: the page draws it, the signature compares it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from parts.models import Release, ReleaseLine
from parts.rules import digest

HEADER = (
    "number", "basis", "debtor_id", "total", "consent_by_id", "consent_at", "consent_reason", "agreed_day",
    "extended_by_id", "remark",
)  # fmt: skip
LINE = (
    "position", "part_id", "quantity", "struck", "kind", "unit_price", "discount", "amount", "in_warranty", "damage",
    "damage_evidence", "small", "recyclable", "wearing", "costly", "costly_evidence", "waiver_refused", "charge", "old_part",
    "waiver",
)  # fmt: skip


def lines_of(release: Release) -> list[ReleaseLine]:
    """The lines as they are shown."""
    return list(release.lines.select_related("part").order_by("position"))


def digest_of(release: Release, lines: list[ReleaseLine] | None = None) -> str:
    """SHA-256 over the header and every line, whoever reads them: page, API and signature take the same facts."""
    rows = lines_of(release) if lines is None else lines
    return digest(*_facts(release, HEADER), *(fact for line in rows for fact in _facts(line, LINE)))


def _facts(row: Any, names: tuple[str, ...]) -> list[str]:
    return [f"{name}={plain(getattr(row, name))}" for name in names]


def plain(fact: Any) -> str:
    """One spelling of a fact, whether it was just typed or read back: 60 and 60.00, a moment in any zone."""
    if isinstance(fact, Decimal):
        return format(fact.normalize(), "f")
    return fact.astimezone(dt.UTC).isoformat() if isinstance(fact, dt.datetime) else str(fact)
