"""售后质量分析报告 9.6 (4.10): what failed, why, with evidence; a customer's dispute arrives beside it."""

import functools
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.selectors import represented_by
from aftersales.paperwork import Paper
from catalogue.models import Part
from deadlines.models import Deadline
from parts.models import ReleaseLine
from repairs.flow import PlanType
from repairs.models import Attachment, Ticket
from repairs.models.sheets import DamageType

from ..flow import ReportFlow

U = settings.AUTH_USER_MODEL
#: acts in a report's history by which somebody becomes its author
WRITING = ("write", "show", "hide", "exhibit", "drop_exhibit", "submit")


class FailureMode(models.TextChoices):
    """失效模式: what the Pareto counts (9.6)."""

    BROKEN = "broken", pgettext_lazy("failure mode", "broken or cracked")
    WORN = "worn", pgettext_lazy("failure mode", "worn")
    LOOSE = "loose", pgettext_lazy("failure mode", "loose or fallen off")
    BENT = "bent", pgettext_lazy("failure mode", "bent or deformed")
    CORRODED = "corroded", pgettext_lazy("failure mode", "corroded")
    LEAKING = "leaking", pgettext_lazy("failure mode", "leaking")
    OPEN_CIRCUIT = "open", pgettext_lazy("failure mode", "open circuit or bad contact")
    SHORT_CIRCUIT = "short", pgettext_lazy("failure mode", "short circuit or burnt")
    NO_FUNCTION = "dead", pgettext_lazy("failure mode", "no function")
    WEAK = "weak", pgettext_lazy("failure mode", "too weak or out of tolerance")
    NOISY = "noisy", pgettext_lazy("failure mode", "noise or vibration")
    ASSEMBLY = "assembly", pgettext_lazy("failure mode", "wrongly assembled or missing")
    SETTING = "setting", pgettext_lazy("failure mode", "wrong setting or software")
    OTHER = "other", pgettext_lazy("failure mode", "other")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """All (F10); or those that he wrote or stands in for, or that hold him responsible."""
        letter = user.cell("quality_report.view")
        if letter != "O":
            return self if letter == "Y" else self.none()
        mine = Q(engineer__in=[user.pk, *represented_by(user)]) | Q(review__members__person=user)
        held = Q(shares__person=user) | Q(shares__told=user) | Q(shares__department__in=user.heads())
        return self.filter(pk__in=Report.objects.filter(mine | held).order_by().values("pk"))


class Report(ReportFlow, Paper):
    """质量报告 ZL: one for each completed round of a ticket. What the ticket knew stands as it was when the report was opened.

    `appeal_until` is the moment at which the time for an appeal is over; shares in force are `shares` of the last judgement.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="quality_reports", editable=False)
    round = models.PositiveSmallIntegerField(editable=False)
    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="quality_reports", editable=False, verbose_name=_("written by")
    )
    plan_type = models.CharField(_("plan"), max_length=1, choices=PlanType.choices, editable=False)
    model = models.CharField(_("model"), max_length=80, blank=True, editable=False)
    vin = models.CharField(_("VIN"), max_length=40, blank=True, editable=False)
    delivered_on = models.DateField(_("date of delivery"), null=True, editable=False)
    odometer = models.PositiveIntegerField(_("kilometres or hours"), null=True, editable=False)
    # what failed
    part = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("failed part")
    )
    part_name = models.CharField(_("failed part"), max_length=80, blank=True)
    part_no = models.CharField(_("drawing or part number"), max_length=40, blank=True)
    supplier = models.CharField(_("supplier"), max_length=80, blank=True)
    supplier_changed = models.BooleanField(_("the supplier was changed"), default=False)
    batch = models.CharField(_("batch or identification code"), max_length=60, blank=True)
    produced_on = models.DateField(_("made on"), null=True, blank=True)
    failure_mode = models.CharField(_("failure mode"), max_length=10, choices=FailureMode.choices, blank=True)
    # 5W2H
    what = models.TextField(_("what happens"), blank=True)
    when_found = models.CharField(_("when"), max_length=200, blank=True)
    where_found = models.CharField(_("where"), max_length=200, blank=True)
    who_found = models.CharField(_("who noticed it"), max_length=200, blank=True)
    how_found = models.CharField(_("how, under which load"), max_length=200, blank=True)
    how_many = models.CharField(_("how many are hit"), max_length=200, blank=True)
    measured = models.TextField(_("measurements"), blank=True)
    causes = models.TextField(_("causes (why, five times)"), blank=True)
    interim = models.TextField(_("interim measure"), blank=True)
    repaired = models.TextField(_("repair"), blank=True)
    suggestion = models.TextField(_("suggestion who answers for it"), blank=True)
    similar_3 = models.PositiveIntegerField(
        null=True, editable=False
    )  # the same fault in 3 and 12 months, at submission
    similar_12 = models.PositiveIntegerField(null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)  # the first time: 4.10
    turn = models.PositiveSmallIntegerField(default=1, editable=False)  # once more after each sending back
    sent_back_why = models.CharField(_("sent back because"), max_length=300, blank=True, editable=False)
    # technical's answer
    confirmed_cause = models.TextField(_("confirmed cause"), blank=True, editable=False)
    is_technical = models.BooleanField(_("a technical or process issue"), null=True, editable=False)
    analysed_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    analysed_at = models.DateTimeField(null=True, editable=False)
    ruling = models.CharField(
        _("damage"), max_length=10, choices=DamageType.choices, blank=True, editable=False
    )
    judged_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    judged_at = models.DateTimeField(null=True, editable=False)
    appeal_until = models.DateTimeField(_("appeal until"), null=True, editable=False)
    final_at = models.DateTimeField(null=True, editable=False)
    assessed_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("quality report")
        constraints = [models.UniqueConstraint("ticket", "round", name="one_quality_report_a_round")]
        indexes = [
            models.Index(fields=["part", "submitted_at"], name="report_of_part"),
            models.Index(fields=["model", "submitted_at"], name="report_of_model"),
            models.Index(fields=["engineer", "-id"], name="report_of_engineer"),
            models.Index(fields=["appeal_until"], condition=Q(stage="judged"), name="report_may_be_appealed"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("technical:report", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        """Writing it is the engineer's (B13) and his stand-in's; reading it and appealing also his who is held responsible."""
        if action == "quality.appeal":
            return self.holds(user)
        his = self.engineer_id == self.ticket.engineer_id and self.ticket.is_responsible(
            user
        )  # not another's since
        writes = his or self.engineer_id in (user.pk, *represented_by(user))
        return writes or (action in READS and (self.holds(user) or self.sits(user)))

    @functools.cached_property
    def writers(self) -> frozenset[int]:
        """The engineer whose report it is, and whoever wrote or submitted it in his place (SD08)."""
        hands = self.history.filter(history_change_reason__in=WRITING).values_list("history_user", flat=True)
        return frozenset({self.engineer_id, *hands} - {None})

    @property
    def is_short(self) -> bool:
        """Plan b: failure mode and cause, pictures optional (domain 7)."""
        return self.plan_type == PlanType.GUIDANCE

    @property
    def evidence_count(self) -> int:
        return self.pictures.count() + self.exhibits.count()

    @property
    def in_force(self) -> list[Any]:
        """The shares that count: those of the last judgement."""
        return [row for row in self.shares.all() if not row.replaced]

    @property
    def ours(self) -> list[Any]:
        """Those for which a person or a department of the company answers."""
        return [row for row in self.in_force if row.is_ours]

    @property
    def shared(self) -> Decimal:
        """Percent given out by the shares in force."""
        return sum((row.percent for row in self.in_force), Decimal(0))

    def shares_of(self, user: Any) -> list[Any]:
        """The shares in force for which he speaks: his own, and those of a department that he heads or for which he was told."""
        heads = user.heads()
        return [
            row for row in self.in_force if user.pk in (row.person_id, row.told_id) or row.department in heads
        ]

    def holds(self, user: Any) -> bool:
        """Whether he is held responsible by the judgement in force."""
        return bool(self.shares_of(user))

    def sits(self, user: Any) -> bool:
        """Whether he was named into the panel of the joint review."""
        review = getattr(self, "review", None)
        return review is not None and any(row.person_id == user.pk for row in review.members.all())

    # what the clock asks
    def clock_cycle(self, rule: str) -> str:
        """Each submission has clocks of its own; the three days (7.2) also where a technical cause is found after all."""
        return Deadline.objects.next_cycle(self, rule) if rule == "rectification" else str(self.turn)

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return " · ".join(word for word in (self.model or self.vin, self.part_name) if word)


READS = frozenset({"quality_report.view", "quality.step", "form.print", "quality.panel_vote"})


class Picture(models.Model):
    """A picture of the ticket, chosen as evidence, with what it shows (4.10)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="pictures")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("report", "attachment", name="report_picture_once")]


class Exhibit(models.Model):
    """实物: a numbered piece and where it lies; `line` when it is the old part of a released one, also one still to arrive."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="exhibits")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("piece"), max_length=120)
    place = models.CharField(_("where it lies"), max_length=120, blank=True)
    line = models.ForeignKey(ReleaseLine, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("report", "position", name="report_exhibit_place")]

    @property
    def label(self) -> str:
        return f"{self.report.number}-{self.position}"


class Dispute(models.Model):
    """A customer disputes “human damage” or a charge (4.5a, F11); technical answers. His own words stay out of the history."""

    class Kind(models.TextChoices):
        DAMAGE = "damage", pgettext_lazy("dispute", "the damage is not mine")
        CHARGE = "charge", pgettext_lazy("dispute", "the charge is wrong")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("dispute", "the customer is right")
        REJECTED = "rejected", pgettext_lazy("dispute", "it stays as it was")
        VOID = "void", pgettext_lazy("dispute", "the report was ended, nothing is charged")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="disputes")
    kind = models.CharField(_("about"), max_length=6, choices=Kind.choices)
    words = models.TextField(_("in the customer's words"))
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")  # none: the customer himself
    outcome = models.CharField(_("answer"), max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("why"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("ticket", condition=Q(answered_at=None), name="one_open_dispute"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.number} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("technical:dispute", args=[self.pk])

    # what the clock asks
    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.ticket.number

    def clock_story(self) -> str:
        return str(self.get_kind_display())
