"""The steps of a trip (E02, J89, J90): one table for pages and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Denied
from accounts.steps import Step, Steps
from aftersales.problems import Refusal

from .flow import TripStage
from .forms import trips as forms
from .models import Trip
from .services import trips

S = TripStage
DECIDE, LOG, CANCEL = "trip.approve", "trip.log", "trip.cancel"


class OfTrip(Steps):
    """Whose own trip it is, is told so before he begins to decide about it (SD04)."""

    def refusal(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        stuck = super().refusal(paper, step, user)
        if stuck is None and step.action == DECIDE and paper.is_own(user, DECIDE):
            return Denied(_("Nobody decides about his own trip (SD04)."), "6.1")
        return stuck


STEPS = OfTrip(Trip, [
    Step("approve", _("Approve"), "6.1", DECIDE, forms.ApproveForm, trips.approve, (S.DRAFT,), ("approve",)),
    Step("refuse", _("Refuse"), "6.1", DECIDE, forms.RefuseForm, trips.refuse, (S.DRAFT,), ("refuse",), danger=True),
    Step("depart", _("Depart"), "6.1", LOG, forms.DepartForm, trips.depart, (S.APPROVED,), ("depart",)),
    Step("come_back", pgettext_lazy("trip", "Return"), "8.4", LOG, forms.ReturnForm, trips.come_back, (S.DEPARTED,),
         ("come_back",)),
    Step("settle", _("Nothing to claim"), "8.2", LOG, forms.SettleForm, trips.settle, (S.RETURNED,), ("settle",)),
    Step("cancel", _("Cancel the trip"), "6.1", CANCEL, forms.CancelForm, trips.cancel, (S.DRAFT, S.APPROVED), ("cancel",),
         danger=True),
], lock=trips.locked)  # fmt: skip
ACTS = {
    "request": pgettext_lazy("trip act", "Asked for"),
    "open_again": pgettext_lazy("trip", "Opened again"),
    "claims": pgettext_lazy("trip act", "Open claims counted"),
}
