"""The roads of a purchase lead and of the sale that follows it (4.2)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.charter import Fact
from aftersales.flow import FlowModel, FSMField, guard, says, transition


def stage_field(stages: type[models.TextChoices], first: str) -> Any:
    """The protected stage of a paper."""
    return FSMField(
        _("stage"), default=first, choices=stages.choices, protected=True, editable=False, max_length=12, db_index=True
    )  # fmt: skip


class LeadStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("lead", "Unassigned")
    TAKEN = "taken", pgettext_lazy("lead", "In hand")
    WON = "won", pgettext_lazy("lead", "Sold")
    LOST = "lost", pgettext_lazy("lead", "Given up")


L = LeadStage
LIVE = (L.OPEN, L.TAKEN)


@guard(_("This lead has lapsed: what the customer wants now is a new one (4.2)."), "4.2")
def not_lapsed(lead: "LeadFlow") -> bool:
    return not lead.is_lapsed


@guard(_("The customer has taken his consent back: nobody follows this lead up any more (4.2)."), "4.2")
def still_agreed(lead: "LeadFlow") -> bool:
    return lead.lost_why != "consent"


class LeadFlow(FlowModel):
    """Whoever registers it hands it on with the customer's consent; one salesperson has it at a time."""

    stage = stage_field(LeadStage, L.OPEN)
    lost_why: Any

    class Meta:
        abstract = True

    @property
    def is_lapsed(self) -> bool:
        raise NotImplementedError

    @transition(stage, source=L.OPEN, target=L.TAKEN, conditions=[not_lapsed], permission="purchase_intent.handle",
                custom=says(_("Take it"), Fact.LEAD_MOVED, "4.2"))  # fmt: skip
    def take(self, *, seller: Any, taken_at: Any) -> None:
        self.seller, self.taken_at = seller, taken_at

    @transition(stage, source=[L.OPEN, L.TAKEN, L.LOST], target=L.TAKEN, conditions=[not_lapsed, still_agreed],
                permission="lead.assign", custom=says(_("Give it to somebody"), Fact.LEAD_MOVED, "4.2"))  # fmt: skip
    def assign(self, *, seller: Any, taken_at: Any) -> None:
        self.seller, self.taken_at, self.lost_why = seller, taken_at, ""

    @transition(stage, source=[L.OPEN, L.TAKEN], target=L.LOST, permission="purchase_intent.handle",
                custom=says(pgettext_lazy("lead", "Give it up"), Fact.LEAD_ENDED, "4.2"))  # fmt: skip
    def lose(self, *, why: str) -> None:
        self.lost_why = why

    @transition(stage, source=[L.OPEN, L.TAKEN, L.LOST], target=L.WON, permission="sale.record",
                custom=says(_("Sold"), Fact.LEAD_ENDED, "4.2"))  # fmt: skip
    def win(self) -> None:
        """A sale followed: the lead is used up."""

    @transition(stage, source=[L.WON, L.LOST], target=L.TAKEN, permission="commission.confirm",
                custom=says(_("The sale was cancelled"), Fact.LEAD_REGISTERED, "4.2"))  # fmt: skip
    def free(self, *, seller: Any) -> None:
        """The sale counts no more: whoever had the lead in hand, or sold, goes on with it."""
        self.seller, self.lost_why = seller, ""

    @transition(stage, source=[L.WON, L.LOST], target=L.OPEN, permission="commission.confirm",
                custom=says(_("The sale was cancelled"), Fact.LEAD_REGISTERED, "4.2"))  # fmt: skip
    def reopen(self) -> None:
        """The same, and nobody had it in hand."""
        self.lost_why = ""

    @transition(stage, source=L.WON, target=L.LOST, permission="commission.confirm",
                custom=says(_("The sale was cancelled"), Fact.LEAD_ENDED, "4.2"))  # fmt: skip
    def lose_again(self, *, why: str) -> None:
        """The same, and it had been given up."""
        self.lost_why = why


class SaleStage(models.TextChoices):
    RECORDED = "recorded", pgettext_lazy("sale", "Commission to be confirmed")
    RETURNED = "returned", pgettext_lazy("sale", "Sent back")
    CONFIRMED = "confirmed", pgettext_lazy("sale", "Confirmed")
    CANCELLING = "cancelling", pgettext_lazy("sale", "Cancellation asked for")
    CANCELLED = "cancelled", pgettext_lazy("sale", "Cancelled")


S = SaleStage


@guard(_("Nobody has confirmed the commission of this sale yet (4.2)."), "4.2")
def was_confirmed(sale: "SaleFlow") -> bool:
    return sale.confirmed_at is not None


@guard(_("The commission of this sale was confirmed already (4.2)."), "4.2")
def never_confirmed(sale: "SaleFlow") -> bool:
    return sale.confirmed_at is None


class SaleFlow(FlowModel):
    """The salesperson records it, another confirms the commission (SD04); cancelling takes two persons (SD12)."""

    stage = stage_field(SaleStage, S.RECORDED)
    confirmed_at: Any

    class Meta:
        abstract = True

    @transition(stage, source=S.RECORDED, target=S.CONFIRMED, permission="commission.confirm",
                custom=says(_("Confirm the commission"), clause="4.2"))  # fmt: skip
    def confirm(self, *, confirmed_by: Any, confirmed_at: Any, reason: str) -> None:
        self.confirmed_by, self.confirmed_at, self.said = confirmed_by, confirmed_at, reason

    @transition(stage, source=S.RECORDED, target=S.RETURNED, permission="commission.confirm",
                custom=says(_("Send back"), clause="4.2"))  # fmt: skip
    def send_back(self, *, reason: str) -> None:
        self.said = reason

    @transition(stage, source=S.RETURNED, target=S.RECORDED, permission="sale.record",
                custom=says(_("Correct it"), clause="4.2"))  # fmt: skip
    def correct(self, *, commission: Any, price: Any, corrected_by: Any) -> None:
        self.commission, self.price, self.corrected_by, self.said = commission, price, corrected_by, ""

    @transition(stage, source=[S.RECORDED, S.RETURNED, S.CONFIRMED], target=S.CANCELLING, permission="sale.record",
                custom=says(_("Ask to cancel the sale"), clause="4.2"))  # fmt: skip
    def ask_cancel(self, *, reason: str, asked_by: Any, asked_at: Any) -> None:
        self.cancel_reason, self.cancel_asked_by, self.cancel_asked_at = reason, asked_by, asked_at

    @transition(stage, source=S.CANCELLING, target=S.CANCELLED, permission="commission.confirm",
                custom=says(_("Cancel the sale"), clause="4.2"))  # fmt: skip
    def cancel(self, *, cancelled_by: Any, cancelled_at: Any) -> None:
        self.cancelled_by, self.cancelled_at = cancelled_by, cancelled_at

    @transition(stage, source=S.CANCELLING, target=S.CONFIRMED, conditions=[was_confirmed], permission="commission.confirm",
                custom=says(_("Let the sale stand"), clause="4.2"))  # fmt: skip
    def let_stand(self) -> None:
        """What had been confirmed stays so."""

    @transition(stage, source=S.CANCELLING, target=S.RECORDED, conditions=[never_confirmed], permission="commission.confirm",
                custom=says(_("Let the sale stand"), clause="4.2"))  # fmt: skip
    def let_wait(self) -> None:
        """Nobody had confirmed it yet; it waits again."""
