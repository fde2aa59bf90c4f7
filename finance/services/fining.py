"""The driver's half of a fine (8.4): owed by him, collected through the payroll list within the cap (domain 6, 10)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dispatch.models import Fine
from notices.services import tell

from ..models import Deduction
from . import deducting


@transaction.atomic
def bear(fine: Fine, *, by: Any, at: dt.datetime) -> Deduction | None:
    """A draft of the first payroll month not yet confirmed, due on the day of the entry. Told twice, it stands once."""
    held = Fine.objects.select_for_update(of=("self",)).get(pk=fine.pk)
    known = Deduction.objects.filter(kind=Deduction.Kind.FINE, paper=held.number).order_by("pk").first()
    if known is not None or not held.driver_half:
        return known
    done = deducting.of_paper(Deduction.Kind.FINE, held.driver_id, held.number, held.driver_half, at, by=by)
    tell(
        [held.driver_id], at=at, event_key=f"{held.number}:deduction", kind="payment", url=done.get_absolute_url(),
        title=_("Half of fine {fine}, {amount} yuan, is to be deducted from your wage of {month} (8.4)."),
        params={"fine": held.number, "amount": str(done.amount), "month": f"{done.month:%Y-%m}"},
    )  # fmt: skip
    return done
