"""The road of a trip 出差 CX (6.1): asked for, decided by the vehicle manager, gone, back, settled."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.flow import FlowModel, guard, says, transition
from parts.flow import stage_field


class TripStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("trip", "Asked for")
    APPROVED = "approved", pgettext_lazy("trip", "Approved")
    REFUSED = "refused", pgettext_lazy("trip", "Refused")
    DEPARTED = "departed", pgettext_lazy("trip", "On the way")
    RETURNED = "returned", pgettext_lazy("trip", "Back")
    SETTLED = "settled", pgettext_lazy("trip", "Settled")
    CANCELLED = "cancelled", pgettext_lazy("trip", "Cancelled")


S = TripStage
#: while it holds its car and its driver
BOOKED = (S.APPROVED, S.DEPARTED)


@guard(_("A claim for this trip is not settled yet (8.2)."), "8.2")
def no_claim_is_open(trip: "TripFlow") -> bool:
    return trip.open_claims == 0


class TripFlow(FlowModel):
    """Draft → approved or refused → departed → returned → settled; cancelled before departure."""

    stage = stage_field(TripStage, S.DRAFT)
    open_claims: Any

    class Meta:
        abstract = True

    @transition(stage, source=S.DRAFT, target=S.APPROVED, permission="trip.approve",
                custom=says(_("Approve"), clause="6.1"))  # fmt: skip
    def approve(
        self, *, means: str, reason: str, car: Any, driver: Any, decided_by: Any, decided_at: Any
    ) -> None:
        self.means, self.reason, self.car, self.driver = means, reason, car, driver
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(stage, source=S.DRAFT, target=S.REFUSED, permission="trip.approve",
                custom=says(_("Refuse"), clause="6.1"))  # fmt: skip
    def refuse(self, *, reason: str, decided_by: Any, decided_at: Any) -> None:
        self.reason, self.decided_by, self.decided_at = reason, decided_by, decided_at

    @transition(stage, source=S.APPROVED, target=S.DEPARTED, permission="trip.log",
                custom=says(_("Departed"), clause="6.1"))  # fmt: skip
    def depart(self, *, departed_at: Any, odometer_out: int | None) -> None:
        self.departed_at, self.odometer_out = departed_at, odometer_out

    @transition(stage, source=S.DEPARTED, target=S.RETURNED, permission="trip.log",
                custom=says(_("Returned"), clause="8.4"))  # fmt: skip
    def come_back(self, *, returned_at: Any, odometer_in: int | None) -> None:
        self.returned_at, self.odometer_in = returned_at, odometer_in

    @transition(stage, source=S.RETURNED, target=S.SETTLED, conditions=[no_claim_is_open], permission="trip.log",
                custom=says(_("Settled"), clause="8.2"))  # fmt: skip
    def settle(self, *, settled_at: Any) -> None:
        """Every claim is paid, or there was nothing to claim."""
        self.settled_at = settled_at

    @transition(stage, source=S.SETTLED, target=S.RETURNED, permission="trip.log",
                custom=says(_("Open again"), clause="8.2"))  # fmt: skip
    def open_again(self) -> None:
        """A claim came after all."""
        self.settled_at = None

    @transition(stage, source=[S.DRAFT, S.APPROVED], target=S.CANCELLED, permission="trip.cancel",
                custom=says(_("Cancel"), clause="6.1"))  # fmt: skip
    def cancel(self, *, cancelled_why: str) -> None:
        self.cancelled_why = cancelled_why
