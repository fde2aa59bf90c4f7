"""What happened on a ticket, row by row: events, attempts, notes, messages, crew, pictures, signatures."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.appendonly import append_only
from sales.models import Person

from .ticket import Ticket


@append_only
class TicketEvent(models.Model):
    """One entry of the timeline; never changed. `data` holds codes, ids and numbers, no personal data.

    `name` is the step or act, `by` is empty for the customer and for jobs (`actor` says which).
    """

    class Actor(models.TextChoices):
        STAFF = "staff", _("staff")
        CUSTOMER = "customer", _("customer")
        PORTAL = "portal", _("portal")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=8, choices=Actor.choices)
    name = models.CharField(max_length=30)
    clause = models.CharField(max_length=8, blank=True)
    from_stage = models.CharField(max_length=12, blank=True)
    to_stage = models.CharField(max_length=12, blank=True)
    round = models.PositiveSmallIntegerField()
    why = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "at"], name="event_of_ticket"),
            models.Index(fields=["at"], condition=models.Q(name="complete"), name="completions"),
        ]


class ContactAttempt(models.Model):
    """A call to the customer, reached or not (4.3, 3.3). An attempt that fails stops no clock."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("first contact")
        CALLBACK = "callback", _("callback")

    class Result(models.TextChoices):
        REACHED = "reached", _("reached")
        NO_ANSWER = "no_answer", _("no answer")
        BUSY = "busy", _("busy or rejected")
        OFF = "off", _("switched off or no signal")
        WRONG = "wrong", _("wrong number")

    class Way(models.TextChoices):
        PHONE = "phone", _("phone")
        WECHAT = "wechat", _("WeChat")
        SMS = "sms", _("SMS")
        VISIT = "visit", _("in person")
        FORM = "form", _("the customer's own form")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attempts")
    round = models.PositiveSmallIntegerField()
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    at = models.DateTimeField(_("entered"))
    tried_at = models.DateTimeField(_("time of the call"))
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    way = models.CharField(_("way"), max_length=8, choices=Way.choices, default=Way.PHONE)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["tried_at", "pk"]


class CrewMember(models.Model):
    """Who goes along (dated); the responsible engineer stands on the ticket itself."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="crew")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="crews")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("ticket", "user", condition=models.Q(until=None), name="crew_once"),
        ]


class Note(models.Model):
    """An internal note; never shown to the customer (A19)."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    text = models.TextField(_("note"))


class Message(models.Model):
    """What the customer and the company write to each other on the private page (A20). Outside the history."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("message"))
    kind = models.CharField(max_length=10, default="message")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(by=None, kind__in=["withdraw", "rights"]),
                name="wishes_of_customers",
            ),
        ]

    @property
    def from_customer(self) -> bool:
        return self.by_id is None


class Attachment(models.Model):
    """A picture or video; the file lies content-addressed in the private store."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        VIDEO = "video", _("video")

    class About(models.TextChoices):
        NAMEPLATE = "nameplate", _("nameplate or part number")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    about = models.CharField(
        max_length=10, choices=About.choices, blank=True
    )  # what its sender says it shows
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    # Set when a duplicate's picture came over: it goes with the duplicate's customer, and the other one never sees it.
    origin = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+", editable=False)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def get_absolute_url(self) -> str:
        return reverse("repairs:attachment", args=[self.key])


class Signature(models.Model):
    """The customer's signature on the phone screen: drawn strokes or a typed name, with moment and witness."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    strokes = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    witness = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "round", name="one_signature_a_round")]


class WriteOff(models.Model):
    """Customer service confirms the record 9.1 of a finished round (销单, 4.8)."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="write_offs")
    round = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "round", name="one_write_off_a_round")]


def actor_of(by: Any) -> str:
    return TicketEvent.Actor.STAFF if by is not None else TicketEvent.Actor.CUSTOMER
