"""技术整改通知 ZG (7.2) and the campaign that follows where a whole batch is hit."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.charter import Department
from aftersales.limits import day_end
from aftersales.paperwork import Paper
from repairs.models import Ticket
from sales.models import Vehicle

from ..flow import NoticeFlow
from .reports import Report

U = settings.AUTH_USER_MODEL


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """All (J98); or those of his departments, and those that name him."""
        letter = user.cell("rectification.view")
        if letter != "O":
            return self if letter == "Y" else self.none()
        return self.filter(Q(person=user) | Q(department__in=user.departments()))


class Notice(NoticeFlow, Paper):
    """整改通知: to a department, with its day; carried out with evidence, verified by another (SD09), its effect checked.

    `came_back` counts the reports of the same part and failure mode on the same model after the measures were in place.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="notices", editable=False)
    department = models.CharField(_("responsible department"), max_length=20, choices=Department.choices)
    person = models.ForeignKey(U, models.PROTECT, related_name="+", verbose_name=_("responsible person"))
    problem = models.TextField(_("problem"))
    measures = models.TextField(_("what is to be done"))
    due_on = models.DateField(_("done by"))
    effect_weeks = models.PositiveSmallIntegerField(_("weeks until the effect is checked"), default=8)
    turn = models.PositiveSmallIntegerField(default=1, editable=False)  # once more after each rejection
    done = models.TextField(_("what was done, with evidence"), blank=True, editable=False)
    prevention = models.TextField(_("prevention"), blank=True, editable=False)
    carried_out_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    carried_out_at = models.DateTimeField(null=True, editable=False)
    verdict = models.TextField(_("verification"), blank=True, editable=False)
    verified_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    effect_on = models.DateField(_("effect is checked on"), null=True, editable=False)
    came_back = models.PositiveIntegerField(null=True, editable=False)
    effect = models.TextField(_("effect"), blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    withdrawn_why = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)
    history = HistoricalRecords()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rectification notice")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("carried_out_by")),
                name="notice_verified_by_another",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("technical:notice", args=[self.number])

    def is_own(self, user: Any, action: str) -> bool:
        """Of the department that is to act, or the person named."""
        return self.person_id == user.pk or self.department in user.departments()

    # what the clock asks
    def clock_cycle(self, rule: str) -> str:
        return str(self.turn)

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return f"{self.get_department_display()} · {self.report.part_name or self.report.model}"

    @property
    def due_at(self) -> Any:
        """End of the day by which the measures are in place."""
        return day_end(self.due_on)

    @property
    def effect_at(self) -> Any:
        return day_end(self.effect_on) if self.effect_on else None


class NoticePicture(models.Model):
    """A picture that shows what was done (7.2), in the private store; `turn` is the attempt that it belongs to."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="pictures")
    turn = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(U, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]


class Campaign(models.Model):
    """服务活动: every vehicle of a batch is called in; each has its ticket.

    `left_out` lists who got none, as {vin, why}: the VIN as it was asked for, the reason by its name.
    """

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="campaign")
    title = models.CharField(_("title"), max_length=120)
    symptom = models.TextField(_("what is to be done on each vehicle"))
    left_out = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(U, models.PROTECT, related_name="+")


class CampaignVehicle(models.Model):
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="vehicles")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="+")
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="campaign_row")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("campaign", "vehicle", name="campaign_vehicle_once")]
