"""What was told to whom by which channel: one row per event, person and channel, and how a person wants to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import texts


class Channel(models.TextChoices):
    """APP is the inbox, its row IS the message; the others are sent from the outbox."""

    APP = "app", _("inbox")
    EMAIL = "email", _("e-mail")


class Status(models.TextChoices):
    PENDING = "pending", _("waiting to be sent")
    SENT = "sent", _("sent")
    SUPERSEDED = "superseded", _("superseded")
    DEAD = "dead", _("could not be delivered")
    HELD = "held", _("on hold")


WAITING = Q(status=Status.PENDING)
#: in the inbox and not opened yet
UNREAD = Q(channel=Channel.APP, status=Status.SENT, read_at=None)


class Notification(models.Model):
    """`event_key` is a text such as `deadline:17:breach`: no foreign key, the event may live anywhere above.

    `title` is a msgid and `params` what belongs into it; they become words in the recipient's language when shown or
    sent, and never hold personal data. `still_key` groups warnings that the same act overtakes. `letter` is the id of
    the first row of the message that this row went out with: set before sending, kept when it is sent again.
    """

    event_key = models.CharField(max_length=120)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices",
        db_index=False,
        verbose_name=_("person"),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    still_key = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    superseded_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True)

    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    letter = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(_("what went wrong"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["event_key", "recipient", "channel"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(status="pending"), name="notice_outbox"),
            models.Index(
                fields=["recipient", "-id"],
                condition=Q(channel="app", status="sent", read_at=None),
                name="notice_unread",
            ),
            models.Index(fields=["recipient", "-id"], condition=Q(channel="app"), name="notice_inbox"),
            models.Index(fields=["still_key"], condition=Q(still_key__gt=""), name="notice_still"),
            models.Index(fields=["-id"], condition=Q(status="dead"), name="notice_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.event_key} → {self.recipient_id} ({self.channel})"

    @property
    def waits(self) -> bool:
        """In the inbox and not opened yet (the same as UNREAD)."""
        return self.channel == Channel.APP and self.status == Status.SENT and self.read_at is None

    @property
    def text(self) -> str:
        """The sentence in the language of whoever reads now."""
        return texts.render(self.title, self.params)


class Preference(models.Model):
    """How one person wants to be told; without a row the defaults hold. The inbox cannot be switched off."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference")
    email = models.BooleanField(_("Send me e-mails"), default=True)
    digest = models.BooleanField(_("Put several notices into one e-mail"), default=True)
    at_night = models.BooleanField(_("Also in the quiet hours"), default=False)

    class Meta:
        verbose_name = _("how to be told")

    def __str__(self) -> str:
        return str(self.user)
