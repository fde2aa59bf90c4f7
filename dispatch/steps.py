"""The steps of a trip (E02, J89, J90): one table for pages and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps

from .flow import TripStage
from .forms import trips as forms
from .models import Trip
from .services import trips

S = TripStage
DECIDE, LOG, CANCEL = "trip.approve", "trip.log", "trip.cancel"


def apart(paper: Trip, user: Any, step: Step) -> None:
    """SD04; whoever drives or goes along logs his own trip."""
    if step.action == DECIDE:
        trips.apart(paper, user)


STEPS = Steps(Trip, [
    Step("approve", _("Approve"), "6.1", DECIDE, forms.ApproveForm, trips.approve, (S.DRAFT,), ("approve",)),
    Step("refuse", _("Refuse"), "6.1", DECIDE, forms.RefuseForm, trips.refuse, (S.DRAFT,), ("refuse",), danger=True),
    Step("depart", _("Depart"), "6.1", LOG, forms.DepartForm, trips.depart, (S.APPROVED,), ("depart",)),
    Step("come_back", pgettext_lazy("trip", "Return"), "8.4", LOG, forms.ReturnForm, trips.come_back, (S.DEPARTED,),
         ("come_back",)),
    Step("settle", _("Nothing to claim"), "8.2", LOG, forms.SettleForm, trips.settle, (S.RETURNED,), ("settle",)),
    Step("cancel", _("Cancel the trip"), "6.1", CANCEL, forms.CancelForm, trips.cancel, (S.DRAFT, S.APPROVED), ("cancel",),
         danger=True),
], lock=trips.locked, apart=apart)  # fmt: skip
ACTS: dict[str, Any] = {
    "request": pgettext_lazy("trip act", "Asked for"),
    "open_again": pgettext_lazy("trip", "Opened again"),
    "paid": pgettext_lazy("trip act", "Settled: its claims are paid"),
    "claims": "",  # a count that finance keeps here; the claims themselves stand on the page
}
