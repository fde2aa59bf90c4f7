"""Steps of stocktakes, disposals, enquiries and shipments (D07, D10, D15, E04, J40, J42)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps
from aftersales.charter import Department
from aftersales.problems import OutOfTurn, Refusal
from deadlines.papers import EmptyForm

from ..flow import EnquiryStage, ShipmentStage, TwoStage
from ..forms import shipping
from ..forms.store import AnswerForm, ReasonForm
from ..models import Disposal, Enquiry, Shipment, Stocktake
from ..services import asking, counting, disposing, two_people
from ..services import shipping as parcels

OPEN = (TwoStage.OPEN,)


class TwoPeople(Steps):
    """The one who proposed, and the warehouse, are told why the decision is not theirs (SD06)."""

    def refusal(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        stuck = super().refusal(paper, step, user)
        return stuck or two_people.stuck(paper, user)


class Answers(Steps):
    """An enquiry is answered by the department that was asked (5.2)."""

    def offered(self, paper: Any, user: Any) -> list[tuple[Step, Refusal | None]]:
        return [row for row in super().offered(paper, user) if row[0] is self.step_of(paper)]

    def refusal(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        if step is not self.step_of(paper):
            return OutOfTurn(
                _("An assembly is answered by technical and production, any other part by purchasing (5.2)."),
                "5.2",
            )
        return super().refusal(paper, step, user)

    def step_of(self, paper: Any) -> Step:
        return self.rows["answer_assembly" if paper.department == Department.TECHNICAL else "answer"]


STOCKTAKES = TwoPeople(Stocktake, [
    Step("confirm", _("Approve"), "5", "stock.adjust_approve", EmptyForm, counting.approve_count, OPEN, ("confirm",)),
    Step("refuse", _("Refuse"), "5", "stock.adjust_approve", ReasonForm, counting.refuse_count, OPEN, ("refuse",), danger=True),
])  # fmt: skip

DISPOSALS = TwoPeople(Disposal, [
    Step("confirm", _("Approve"), "5.3", "old_part.dispose", EmptyForm, disposing.approve_disposal, OPEN, ("confirm",)),
    Step("refuse", _("Refuse"), "5.3", "old_part.dispose", ReasonForm, disposing.refuse_disposal, OPEN, ("refuse",),
         danger=True),
])  # fmt: skip

ASKED = (EnquiryStage.ASKED,)
ENQUIRIES = Answers(Enquiry, [
    Step("answer", _("Answer"), "5.2", "purchasable.answer", AnswerForm, asking.answer, ASKED, ("answer",)),
    Step("answer_assembly", _("Answer"), "5.2", "enquiry.answer_assembly", AnswerForm, asking.answer, ASKED, ("answer",)),
])  # fmt: skip

SHIPMENTS = Steps(Shipment, [
    Step("send", _("Send"), "6.3", "logistics.ship_receive", shipping.SendForm, parcels.send, (ShipmentStage.PACKED,), ("send",)),
    Step("deliver", pgettext_lazy("parcel", "Delivered"), "6.3", "shipment.deliver", shipping.DeliverForm, parcels.deliver,
         (ShipmentStage.SENT,),
         ("deliver",)),
])  # fmt: skip

#: acts that are no steps of their own, as the history names them
ACTS = {
    "propose": _("Proposed"), "ask": pgettext_lazy("act", "Asked"), "pack": _("Packed"),
    "send_back": _("Sent back to us"),
    "receive": pgettext_lazy("goods", "Received"),
}  # fmt: skip
