"""The roads of the warehouse's papers: release 领料, return, disposal, enquiry, shipment, stocktake (charter 4.5, 5)."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.charter import Fact
from aftersales.flow import FlowModel, FSMField, guard, says, transition


def stage_field(stages: type[models.TextChoices], first: str) -> Any:
    """The protected stage of a paper."""
    return FSMField(
        _("stage"),
        default=first,
        choices=stages.choices,
        protected=True,
        editable=False,
        max_length=12,
        db_index=True,
    )


# --- release 领料 (4.5)
class ReleaseStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("release", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("release", "Waits for finance")
    SIGNED = "signed", pgettext_lazy("release", "Signed")
    REJECTED = "rejected", pgettext_lazy("release", "Rejected")
    ISSUED = "issued", pgettext_lazy("release", "Issued")
    SETTLED = "settled", pgettext_lazy("release", "Settled")
    CANCELLED = "cancelled", pgettext_lazy("release", "Cancelled")


R = ReleaseStage
BEFORE_ISSUE = [R.DRAFT, R.SUBMITTED, R.REJECTED, R.SIGNED]


@guard(_("A release without parts asks for nothing (4.5)."), "4.5")
def has_lines(release: "ReleaseFlow") -> bool:
    return release.line_count > 0


@guard(_("Whether the damage is human must be judged before finance can sign (4.5a)."), "4.5a")
def damage_is_judged(release: "ReleaseFlow") -> bool:
    return release.pending_damage == 0


@guard(_("The customer has not accepted a quotation that covers every charged part (9.4)."), "9.4")
def charge_is_accepted(release: "ReleaseFlow") -> bool:
    return release.uncovered == 0


@guard(_("The engineer has not recorded that he agrees to send first and is liable (4.5c)."), "4.5c")
def credit_is_agreed(release: "ReleaseFlow") -> bool:
    return release.basis != "unpaid" or release.consent_at is not None


@guard(_("Something of this release was already issued (4.5)."), "4.5")
def nothing_issued(release: "ReleaseFlow") -> bool:
    return not release.issued_any


@guard(_("Nothing of this release was issued yet (4.5)."), "4.5")
def something_issued(release: "ReleaseFlow") -> bool:
    return release.issued_any


@guard(_("Not every signed part is issued or struck yet (5.1)."), "5.1")
def all_issued(release: "ReleaseFlow") -> bool:
    return release.waiting_lines == 0 and release.unsigned_lines == 0 and release.issued_any


@guard(_("A loan is undeclared, or unused or old parts are still to come (4.7)."), "4.7")
def all_back(release: "ReleaseFlow") -> bool:
    return release.open_obligations == 0


@guard(_("Nothing of this sheet is open (4.7)."), "4.7")
def something_open(release: "ReleaseFlow") -> bool:
    return release.open_obligations > 0


@guard(_("Only what left the store before the portal began is taken over without a signature (5)."), "5")
def only_from_before(release: "ReleaseFlow") -> bool:
    return 0 < release.line_count == release.opening_lines


class ReleaseFlow(FlowModel):
    """The flow fields of a release; the counts are kept true by `parts.services` whenever a line changes."""

    stage = stage_field(ReleaseStage, R.DRAFT)
    basis: Any
    consent_at: Any
    line_count = models.PositiveSmallIntegerField(default=0, editable=False)
    pending_damage = models.PositiveSmallIntegerField(default=0, editable=False)
    uncovered = models.PositiveSmallIntegerField(default=0, editable=False)
    unsigned_lines = models.PositiveSmallIntegerField(default=0, editable=False)
    waiting_lines = models.PositiveSmallIntegerField(default=0, editable=False)
    issued_any = models.BooleanField(default=False, editable=False)
    open_obligations = models.PositiveSmallIntegerField(default=0, editable=False)
    opening_lines = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @transition(stage, source=R.DRAFT, target=R.ISSUED, conditions=[only_from_before], permission="parts.import",
                custom=says(_("Taken over from paper"), clause="5"))  # fmt: skip
    def take_over(self, *, issued_at: Any) -> None:
        """It was signed and issued on paper; nobody's signature is made up."""
        self.issued_at = issued_at

    @transition(stage, source=R.DRAFT, target=R.SUBMITTED, conditions=[has_lines], permission="parts.request",
                custom=says(_("Submit to finance"), Fact.RELEASE_SUBMITTED, "4.5"))  # fmt: skip
    def submit(self, *, submitted_at: Any) -> None:
        self.submitted_at = submitted_at

    @transition(stage, source=R.SUBMITTED, target=R.SIGNED,
                conditions=[has_lines, damage_is_judged, charge_is_accepted, credit_is_agreed],
                permission="signoff.warranty", custom=says(_("Sign"), Fact.RELEASE_SIGNED, "4.5"))  # fmt: skip
    def sign_for_finance(self, *, signed_by: Any, signed_at: Any, header_digest: str, opinion: str) -> None:
        self.signed_by, self.signed_at = signed_by, signed_at
        self.header_digest, self.opinion = header_digest, opinion

    @transition(stage, source=R.SUBMITTED, target=R.REJECTED, conditions=[nothing_issued], permission="release.reject",
                custom=says(_("Reject"), Fact.RELEASE_WITHDRAWN, "4.5"))  # fmt: skip
    def reject(self, *, reason: str) -> None:
        self.rejection = reason

    @transition(stage, source=R.SUBMITTED, target=R.SIGNED, conditions=[something_issued], permission="release.reject",
                custom=says(_("Reject"), Fact.RELEASE_SIGNED, "4.5"))  # fmt: skip
    def refuse_rest(self, *, reason: str) -> None:
        """Parts of the sheet are out already: what finance does not sign is struck, the signed rest goes on."""
        self.rejection = reason

    @transition(stage, source=[R.REJECTED, R.SUBMITTED], target=R.DRAFT, conditions=[nothing_issued],
                permission="parts.request", custom=says(_("Take back to the draft"), Fact.RELEASE_WITHDRAWN, "4.5"))  # fmt: skip
    def take_back(self) -> None:
        self._unsign()

    @transition(stage, source=R.SIGNED, target=R.DRAFT, conditions=[nothing_issued], permission="signoff.revoke",
                custom=says(_("Revoke the signature"), Fact.RELEASE_WITHDRAWN, "4.5"))  # fmt: skip
    def revoke(self) -> None:
        self._unsign()

    @transition(stage, source=R.SIGNED, target=R.SUBMITTED, permission="parts.request",
                custom=says(_("Change after the signature"), Fact.RELEASE_SUBMITTED, "4.5"))  # fmt: skip
    def lose_signature(self) -> None:
        """A changed line has lost its own signature (SD14); the others keep theirs."""

    @transition(stage, source=R.SIGNED, target=R.ISSUED, conditions=[all_issued], permission="stock.issue",
                custom=says(_("Issued"), Fact.RELEASE_ISSUED, "5.1"))  # fmt: skip
    def finish_issue(self, *, issued_at: Any) -> None:
        self.issued_at = issued_at

    @transition(stage, source=R.ISSUED, target=R.SETTLED, conditions=[all_back], permission="return.confirm",
                custom=says(_("Settled"), clause="4.7"))  # fmt: skip
    def settle(self, *, settled_at: Any) -> None:
        self.settled_at = settled_at

    @transition(stage, source=R.SETTLED, target=R.ISSUED, conditions=[something_open], permission="parts.declare",
                custom=says(_("Open again"), clause="4.7"))  # fmt: skip
    def open_again(self) -> None:
        """A correction, or another judgement, owes a return once more."""
        self.settled_at = None

    @transition(stage, source=BEFORE_ISSUE, target=R.CANCELLED, conditions=[nothing_issued], permission="parts.request",
                custom=says(pgettext_lazy("release", "Cancel"), Fact.RELEASE_WITHDRAWN, "4.5"))  # fmt: skip
    def cancel(self) -> None:
        self._unsign()

    if TYPE_CHECKING:
        submitted_at: Any
        signed_by: Any
        signed_at: Any
        header_digest: str
        opinion: str
        rejection: str
        issued_at: Any
        settled_at: Any

    def _unsign(self) -> None:
        self.signed_by = self.signed_at = None
        self.header_digest = ""


# --- what two people do one after the other: handed in and confirmed, proposed and approved, asked and answered
class TwoStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("paper", "Waits")
    DONE = "done", pgettext_lazy("paper", "Done")
    REFUSED = "refused", pgettext_lazy("paper", "Refused")


class TwoStepFlow(FlowModel):
    """One person opens it, another one settles or refuses it: returns (4.7, 5.3), disposals, stocktakes (SD02, SD06)."""

    stage = stage_field(TwoStage, TwoStage.OPEN)
    decided_by: Any = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_by_id: int | None
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    refusal = models.CharField(_("reason of the refusal"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    @transition(stage, source=TwoStage.OPEN, target=TwoStage.DONE, custom=says(_("Confirm")))
    def confirm(self, *, decided_by: Any, decided_at: Any) -> None:
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(stage, source=TwoStage.OPEN, target=TwoStage.REFUSED, custom=says(_("Refuse")))
    def refuse(self, *, decided_by: Any, decided_at: Any, refusal: str) -> None:
        self.decided_by, self.decided_at, self.refusal = decided_by, decided_at, refusal


class EnquiryStage(models.TextChoices):
    ASKED = "asked", pgettext_lazy("enquiry", "Asked")
    ANSWERED = "answered", pgettext_lazy("enquiry", "Answered")


class EnquiryFlow(FlowModel):
    """Purchasing (or, for an assembly, technical and production) says whether a part can be had (5.2)."""

    stage = stage_field(EnquiryStage, EnquiryStage.ASKED)

    class Meta:
        abstract = True

    @transition(stage, source=EnquiryStage.ASKED, target=EnquiryStage.ANSWERED,
                permission="purchasable.answer", custom=says(_("Answer"), clause="5.2"))  # fmt: skip
    def answer(self) -> None:
        pass


class ShipmentStage(models.TextChoices):
    PACKED = "packed", pgettext_lazy("shipment", "Packed")
    SENT = "sent", pgettext_lazy("shipment", "On the way")
    DELIVERED = "delivered", pgettext_lazy("shipment", "Delivered")


class ShipmentFlow(FlowModel):
    """The warehouse packs, administration sends or receives (6.3); plan a's service begins with the waybill (4.4a)."""

    stage = stage_field(ShipmentStage, ShipmentStage.PACKED)

    class Meta:
        abstract = True

    @transition(stage, source=ShipmentStage.PACKED, target=ShipmentStage.SENT, permission="logistics.ship_receive",
                custom=says(_("Send"), Fact.PARCEL_SENT, "6.3"))  # fmt: skip
    def send(self, *, sent_at: Any) -> None:
        self.sent_at = sent_at

    @transition(stage, source=ShipmentStage.SENT, target=ShipmentStage.DELIVERED,
                custom=says(pgettext_lazy("parcel", "Delivered"), Fact.PARCEL_DELIVERED, "6.3"))  # fmt: skip
    def deliver(self, *, delivered_at: Any) -> None:
        self.delivered_at = delivered_at

    if TYPE_CHECKING:
        sent_at: Any
        delivered_at: Any
