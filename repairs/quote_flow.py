"""The road of a quotation 9.4: drafted, approved where it departs from the lists, sent, answered by the customer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.flow import FlowModel, FSMField, guard, says, transition


class QuoteStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quotation", "Draft")
    APPROVED = "approved", pgettext_lazy("quotation", "Approved")
    SENT = "sent", pgettext_lazy("quotation", "Sent to the customer")
    ACCEPTED = "accepted", pgettext_lazy("quotation", "Accepted")
    DECLINED = "declined", pgettext_lazy("quotation", "Declined")
    SUPERSEDED = "superseded", pgettext_lazy("quotation", "Replaced by a later one")


@guard(_("A quotation without lines says nothing (9.4)."), "9.4")
def has_lines(quote: "QuotationFlow") -> bool:
    return quote.line_count > 0


@guard(_("A discount needs the approval of the head of after-sales first (9.4)."), "9.4")
def discount_is_approved(quote: "QuotationFlow") -> bool:
    return not quote.has_discount or quote.approved_by_id is not None


class QuotationFlow(FlowModel):
    """The flow fields of a quotation and every edge between its stages."""

    stage = FSMField(
        _("stage"),
        default=QuoteStage.DRAFT,
        choices=QuoteStage.choices,
        protected=True,
        editable=False,
        max_length=12,
    )
    line_count = models.PositiveSmallIntegerField(default=0, editable=False)
    has_discount = models.BooleanField(default=False, editable=False)
    approved_by: Any = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_by_id: int | None
    approved_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        abstract = True

    @transition(
        stage, source=QuoteStage.DRAFT, target=QuoteStage.APPROVED, conditions=[has_lines],
        permission="quote.approve", custom=says(_("Approve"), clause="9.4"),
    )  # fmt: skip
    def approve(self, *, approved_by: Any, approved_at: Any) -> None:
        self.approved_by, self.approved_at = approved_by, approved_at

    @transition(
        stage, source=[QuoteStage.DRAFT, QuoteStage.APPROVED], target=QuoteStage.SENT,
        conditions=[has_lines, discount_is_approved], permission="quote.create",
        custom=says(_("Send to the customer"), clause="9.4"),
    )  # fmt: skip
    def send(self, *, sent_at: Any) -> None:
        self.sent_at = sent_at

    @transition(
        stage, source=QuoteStage.SENT, target=QuoteStage.ACCEPTED, permission="quote.answer",
        custom=says(_("Customer accepts"), clause="9.4"),
    )  # fmt: skip
    def accept(self, *, answered_at: Any) -> None:
        self.answered_at = answered_at

    @transition(
        stage, source=QuoteStage.SENT, target=QuoteStage.DECLINED, permission="quote.answer",
        custom=says(_("Customer declines"), clause="9.4"),
    )  # fmt: skip
    def decline(self, *, answered_at: Any) -> None:
        self.answered_at = answered_at

    @transition(
        stage,
        source=[QuoteStage.DRAFT, QuoteStage.APPROVED, QuoteStage.SENT, QuoteStage.ACCEPTED, QuoteStage.DECLINED],
        target=QuoteStage.SUPERSEDED, permission="quote.create", custom=says(_("Replace"), clause="9.4"),
    )  # fmt: skip
    def supersede(self) -> None:
        pass
