"""The ticket's road from intake to callback (charter 3 and 4; stages in the order of the paper).

Transitions write down what the form says and nothing else; guards carry the sentence with which they refuse.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.charter import Fact
from aftersales.flow import FlowModel, FSMField, guard, says, transition


class Stage(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("stage", "Reported")
    RECORDED = "recorded", pgettext_lazy("stage", "Recorded")
    ASSIGNED = "assigned", pgettext_lazy("stage", "Handed over")
    CONTACTED = "contacted", pgettext_lazy("stage", "Contacted")
    PLANNED = "planned", pgettext_lazy("stage", "Planned")
    IN_SERVICE = "in_service", pgettext_lazy("stage", "In service")
    COMPLETED = "completed", pgettext_lazy("stage", "Completed")
    CLOSED = "closed", pgettext_lazy("stage", "Called back")
    CANCELLED = "cancelled", pgettext_lazy("stage", "Cancelled")


class PlanType(models.TextChoices):
    SELF_INSTALL = "a", _("a · send the part, the customer fits it")
    GUIDANCE = "b", _("b · guidance by phone")
    VISIT = "c", _("c · visit on site")


ROAD: list[Stage] = [s for s in Stage if s != Stage.CANCELLED]
OVER: list[Stage] = [Stage.CLOSED, Stage.CANCELLED]
OPEN: list[Stage] = [s for s in Stage if s not in OVER]
BEFORE_SERVICE = [Stage.REPORTED, Stage.RECORDED, Stage.ASSIGNED, Stage.CONTACTED, Stage.PLANNED]
WITH_ENGINEER = [Stage.ASSIGNED, Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE]


@guard(
    _(
        "This plan needs parts: they are asked for on a release and signed by finance before the service begins (4.5)."
    ),
    "4.5",
)
def parts_are_signed(ticket: "TicketFlow") -> bool:
    return not ticket.waits_for_parts


@guard(_("The customer has not answered the quotation yet; chargeable work waits for it (9.4)."), "9.4")
def quotation_is_answered(ticket: "TicketFlow") -> bool:
    return not ticket.quotation_open


@guard(_("The visit needs an appointment with the customer (4.4c)."), "4.4c")
def visit_is_appointed(ticket: "TicketFlow") -> bool:
    return ticket.plan_type != PlanType.VISIT or ticket.appointment_at is not None


@guard(_("The customer's consent to fit the part himself is not recorded (4.4a)."), "4.4a")
def self_install_is_agreed(ticket: "TicketFlow") -> bool:
    return ticket.plan_type != PlanType.SELF_INSTALL or ticket.self_install_agreed


@guard(_("A part taken along has not been declared used or unused (4.7)."), "4.7")
def parts_are_declared(ticket: "TicketFlow") -> bool:
    return ticket.undeclared_parts == 0


@guard(_("Something was already issued or paid; this ticket can no longer be cancelled (4.5)."), "4.5")
def nothing_issued_or_paid(ticket: "TicketFlow") -> bool:
    return not ticket.issued_or_paid


@guard(
    _(
        "Only after three attempts on at least two half-days, none of which reached the customer, may a ticket "
        "be closed as not reached (3.3)."
    ),
    "3.3",
)
def tried_often_enough(ticket: "TicketFlow") -> bool:
    return ticket.callback_tries_done


class TicketFlow(FlowModel):
    """The flow fields of a ticket and every edge between its stages."""

    stage = FSMField(
        _("stage"),
        default=Stage.REPORTED,
        choices=Stage.choices,
        protected=True,
        editable=False,
        max_length=12,
    )
    plan_type = models.CharField(
        _("plan"), max_length=1, choices=PlanType.choices, blank=True, editable=False
    )
    appointment_at = models.DateTimeField(_("appointment"), null=True, editable=False)
    self_install_agreed = models.BooleanField(
        _("customer agreed to fit the part himself"), default=False, editable=False
    )
    # Written down by the departments above through services of this app, and reset per round.
    waits_for_parts = models.BooleanField(_("waits for parts"), default=False, editable=False)
    quotation_open = models.BooleanField(_("quotation unanswered"), default=False, editable=False)
    undeclared_parts = models.PositiveSmallIntegerField(default=0, editable=False)
    issued_or_paid = models.BooleanField(default=False, editable=False)
    callback_tries_done = models.BooleanField(default=False, editable=False)
    # what lets warehouse and administration see the ticket (A13): signed sheets, trips and parcels
    signed_releases = models.PositiveSmallIntegerField(default=0, editable=False)
    trips_and_parcels = models.PositiveSmallIntegerField(default=0, editable=False)
    #: trips for it that have left and are not back
    on_trip = models.PositiveSmallIntegerField(default=0, editable=False)
    #: the last round whose quality report has come (4.10); a round beyond it is 待报告
    report_round = models.PositiveSmallIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        round: int
        turn: int
        engineer: Any
        accepted_by: Any
        accepted_at: Any

    class Meta:
        abstract = True

    @transition(
        stage,
        source=Stage.REPORTED,
        target=Stage.RECORDED,
        custom=says(_("Accept and record"), Fact.ACCEPTED, "3.2"),
    )
    def accept(self, *, accepted_by: Any, accepted_at: Any) -> None:
        self.accepted_by, self.accepted_at = accepted_by, accepted_at

    @transition(
        stage,
        source=Stage.RECORDED,
        target=Stage.ASSIGNED,
        custom=says(_("Hand over"), Fact.HANDED_OVER, "3.2"),
    )
    def hand_over(self, *, engineer: Any) -> None:
        self.engineer, self.turn = engineer, self.turn + 1

    @transition(
        stage,
        source=Stage.ASSIGNED,
        target=Stage.CONTACTED,
        custom=says(_("Customer reached"), Fact.CONTACTED, "4.3"),
    )
    def reach(self) -> None:
        pass

    @transition(
        stage,
        source=Stage.CONTACTED,
        target=Stage.PLANNED,
        custom=says(_("Save the plan"), Fact.PLANNED, "4.4"),
    )
    def plan(
        self, *, plan_type: str, appointment_at: Any, self_install_agreed: bool, waits_for_parts: bool
    ) -> None:
        self.plan_type, self.appointment_at = plan_type, appointment_at
        self.self_install_agreed, self.waits_for_parts = self_install_agreed, waits_for_parts

    @transition(
        stage,
        source=[Stage.PLANNED, Stage.IN_SERVICE],
        target=Stage.CONTACTED,
        custom=says(_("Plan anew"), Fact.REPLANNED, "4.4"),
    )
    def replan(self) -> None:
        self.turn += 1
        self._forget_plan()

    @transition(
        stage,
        source=Stage.PLANNED,
        target=Stage.IN_SERVICE,
        conditions=[quotation_is_answered, parts_are_signed, visit_is_appointed, self_install_is_agreed],
        custom=says(_("Begin the service"), Fact.SERVICE_BEGUN, "4.4"),
    )
    def begin(self) -> None:
        pass

    @transition(
        stage,
        source=Stage.IN_SERVICE,
        target=Stage.COMPLETED,
        conditions=[parts_are_declared],
        custom=says(_("Complete"), Fact.COMPLETED, "4.7"),
    )
    def complete(self) -> None:
        pass

    @transition(
        stage,
        source=Stage.COMPLETED,
        target=Stage.CLOSED,
        custom=says(_("Called back, solved"), Fact.CALLED_BACK, "3.3"),
    )
    def close(self) -> None:
        pass

    @transition(
        stage,
        source=Stage.COMPLETED,
        target=Stage.CLOSED,
        conditions=[tried_often_enough],
        custom=says(_("Close as not reached"), Fact.CALLED_BACK, "3.3"),
    )
    def close_unreached(self) -> None:
        pass

    @transition(
        stage,
        source=Stage.COMPLETED,
        target=Stage.ASSIGNED,
        custom=says(_("Called back, not solved"), Fact.SENT_BACK, "3.3"),
    )
    def send_back(self, *, engineer: Any) -> None:
        self._next_round(engineer)

    @transition(
        stage, source=Stage.CLOSED, target=Stage.ASSIGNED, custom=says(_("Reopen"), Fact.REOPENED, "3.3")
    )
    def reopen(self, *, engineer: Any) -> None:
        self._next_round(engineer)

    @transition(
        stage,
        source=WITH_ENGINEER,
        target=Stage.ASSIGNED,
        custom=says(_("Re-assign"), Fact.REASSIGNED, "3.2"),
    )
    def reassign(self, *, engineer: Any) -> None:
        self.engineer, self.turn = engineer, self.turn + 1

    @transition(
        stage,
        source=BEFORE_SERVICE,
        target=Stage.CANCELLED,
        conditions=[nothing_issued_or_paid],
        custom=says(_("Cancel"), Fact.CANCELLED, "3.1"),
    )
    def cancel(self) -> None:
        pass

    @transition(
        stage,
        source=BEFORE_SERVICE,
        target=Stage.CANCELLED,
        conditions=[nothing_issued_or_paid],
        custom=says(_("Merge into another ticket"), Fact.MERGED, "3.1"),
    )
    def merge(self) -> None:
        pass

    def _next_round(self, engineer: Any) -> None:
        self.engineer, self.round, self.turn = engineer, self.round + 1, self.turn + 1
        self.undeclared_parts, self.callback_tries_done = 0, False
        self.quotation_open = False  # what was offered in the round before holds up no work of this one
        self._forget_plan()

    def _forget_plan(self) -> None:
        self.plan_type, self.appointment_at = "", None
        self.self_install_agreed = self.waits_for_parts = False
