"""The steps of a lead and of a sale, taken through one door by pages and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps
from deadlines.papers import EmptyForm

from . import lead_services as services
from .lead_flow import LeadStage, SaleStage
from .lead_forms import AssignForm, ConfirmForm, CorrectForm, FollowForm, LoseForm, ReasonForm
from .lead_services.selling import apart, locked
from .models import Lead, Sale

L, S = LeadStage, SaleStage
HANDLE, RECORD, CONFIRM = "purchase_intent.handle", "sale.record", "commission.confirm"


def counts(lead: Any) -> bool:
    return not lead.is_lapsed


LEAD_STEPS = Steps(Lead, [
    Step("take", _("Take it"), "4.2", HANDLE, EmptyForm, services.take, (L.OPEN,), ("take",), when=counts),
    Step("follow", _("Write down a talk"), "4.2", HANDLE, FollowForm, services.follow, (L.TAKEN,), when=counts),
    Step("assign", _("Give it to somebody"), "4.2", "lead.assign", AssignForm, services.assign, (L.OPEN, L.TAKEN, L.LOST),
         ("assign",), when=counts),
    Step("lose", pgettext_lazy("lead", "Give it up"), "4.2", HANDLE, LoseForm, services.lose, (L.OPEN, L.TAKEN), ("lose",),
         danger=True, when=counts),
])  # fmt: skip


def barred(sale: Any, user: Any, step: Step) -> None:
    """SD04 and SD12: what the seller does with his own sale is his."""
    if step.action == CONFIRM:
        apart(sale, user)


SALE_STEPS = Steps(Sale, [
    Step("confirm", _("Confirm the commission"), "4.2", CONFIRM, ConfirmForm, services.confirm, (S.RECORDED,), ("confirm",)),
    Step("correct", _("Correct it"), "4.2", RECORD, CorrectForm, services.correct, (S.RETURNED,), ("correct",)),
    Step("let_stand", _("Let the sale stand"), "4.2", CONFIRM, EmptyForm, services.let_stand, (S.CANCELLING,),
         ("let_stand", "let_wait")),
    Step("send_back", _("Send back"), "4.2", CONFIRM, ReasonForm, services.send_back, (S.RECORDED,), ("send_back",), danger=True),
    Step("ask_cancel", _("Ask to cancel the sale"), "4.2", RECORD, ReasonForm, services.ask_cancel,
         (S.RECORDED, S.RETURNED, S.CONFIRMED), ("ask_cancel",), danger=True),
    Step("cancel", _("Cancel the sale"), "4.2", CONFIRM, EmptyForm, services.cancel, (S.CANCELLING,), ("cancel",), danger=True),
], lock=locked, apart=barred)  # fmt: skip

LEAD_ACTS = {
    "register": pgettext_lazy("act", "Registered"), "take": pgettext_lazy("act", "Taken"),
    "assign": pgettext_lazy("act", "Given to somebody"), "follow": pgettext_lazy("act", "Spoke with the customer"),
    "lose": pgettext_lazy("act", "Given up"), "win": pgettext_lazy("act", "Sold"), "lapse": pgettext_lazy("act", "Lapsed"),
    "free": pgettext_lazy("act", "The sale was cancelled, the lead counts again"),
    "part": pgettext_lazy("act", "The merge was taken back, the lead is as before"),
}  # fmt: skip
SALE_ACTS = {
    "record": pgettext_lazy("act", "Written down"), "confirm": pgettext_lazy("act", "Commission confirmed"),
    "send_back": pgettext_lazy("act", "Sent back"), "correct": pgettext_lazy("act", "Corrected"),
    "ask_cancel": pgettext_lazy("act", "Cancellation asked for"), "cancel": pgettext_lazy("act", "Cancelled"),
    "let_stand": pgettext_lazy("act", "Left standing"),
    "match": pgettext_lazy("act", "Lead found when two customers were merged"),
    "take_up": pgettext_lazy("act", "Lead found: the sale that had it was cancelled"),
    "unmatch": pgettext_lazy("act", "Lead given back: the merge was taken back"),
}  # fmt: skip
