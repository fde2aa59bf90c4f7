"""Pure decisions of the warehouse, without tables: what a part costs whom, and whether the old one must come back."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Charge(models.TextChoices):
    """收费性质 of a part line."""

    FREE = "free", _("free, warranty")
    CHARGED = "charged", _("charged")
    AWAITING = "awaiting", _("charged until the old part is back")


class OldPart(models.TextChoices):
    """What becomes of the part that was taken out."""

    NONE = "none", _("none")
    WAIVED = "waived", _("need not come back")
    MUST = "must", _("must come back")


class Waiver(models.TextChoices):
    """免回收理由 (5.6)."""

    WEARING = "wearing", _("small wearing part")
    WORTHLESS = "worthless", _("no recovery value")
    COSTLY = "costly", _("recovery costs too much")


@dataclass(frozen=True)
class Decision:
    """What finance's one signature covers. `waiver` needs finance's signature; refused, the line is `awaiting`."""

    charge: Charge
    old_part: OldPart
    waiver: Waiver | None = None


CHARGED = Decision(Charge.CHARGED, OldPart.NONE)
AWAITED = Decision(Charge.AWAITING, OldPart.MUST)


def decide(
    *, warranty: bool, human: bool, small: bool, recyclable: bool, wearing: bool, costly: bool
) -> Decision:
    """The table of 4.5a, row by row in this order; `costly` means that recovering the old part costs too much."""
    if not warranty or human:
        return CHARGED
    if small and not recyclable:
        return Decision(Charge.FREE, OldPart.WAIVED)
    if small and wearing:
        return Decision(Charge.FREE, OldPart.WAIVED, Waiver.WEARING)
    if not small and not recyclable:
        return Decision(Charge.FREE, OldPart.WAIVED, Waiver.WORTHLESS)
    if not small and costly:
        return Decision(Charge.FREE, OldPart.WAIVED, Waiver.COSTLY)
    return AWAITED


def is_small(unit_price: Decimal, limit: Decimal) -> bool:
    """小件: at most the limit per piece, tax included (4.5a ⚙)."""
    return unit_price <= limit


def digest(*facts: object) -> str:
    """What a signature covers, in a form that any change breaks (SD14): SHA-256 over the facts in their order."""
    return hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()
