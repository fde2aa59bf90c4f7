"""What a customer is to hear of his ticket, one row per event and channel; and what he signed for when he fits a part himself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sales.models import Person

from .sheets import Plan
from .ticket import Ticket


class CustomerNotice(models.Model):
    """One event that the customer hears of, by one channel, at most once (`once`).

    `event` names a row of `repairs.told.table`, `event_key` the very one (`appointment:3:…`); `params` are numbers and moments.
    The words are put together when they are sent or copied and are not kept.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        EMAIL = "email", _("e-mail")
        HAND = "hand", _("copied by hand")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("sent")
        TOLD = "told", _("told by WeChat")
        FAILED = "failed", _("not accepted")
        UNKNOWN = "unknown", _("unknown whether it arrived")
        DROPPED = "dropped", _("overtaken")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="customer_notices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    event = models.CharField(max_length=12)
    event_key = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    status = models.CharField(_("result"), max_length=8, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("notice to a customer")
        constraints = [
            models.UniqueConstraint("ticket", "event_key", "person", "channel", name="customer_told_once"),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(status="waiting"), name="customer_notice_due"),
            models.Index(fields=["-id"], condition=Q(status__in=["failed", "unknown"]), name="customer_notice_lost"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_key} → {self.channel}"


#: what somebody must still tell the customer himself: no channel is there for it, or the channel did not carry it
UNTOLD = Q(status="waiting", channel="hand") | Q(status__in=["failed", "unknown"])


class ConsentSignature(models.Model):
    """The customer's name and signature below the told text of plan a (4.4a): drawn or typed. Goes with erasure."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="signature", primary_key=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="consents")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    strokes = models.TextField(blank=True)
    signed_at = models.DateTimeField()
