"""The sheets of a ticket: intake record 9.1, repair order 9.2 with its plans, callback survey 9.5."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.paperwork import Paper
from aftersales.problems import OutOfTurn
from policy import figures

from ..flow import PlanType
from .log import ContactAttempt
from .ticket import Ticket


class IntakeRecord(Paper):
    """飞跃客服报修记录表 9.1 (3.2). Customer, vehicle and pictures are the ticket's own."""

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="intake")
    slot = models.CharField(_("collection window"), max_length=20, blank=True)
    repeat_of = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField(_("remark of customer service"), blank=True)
    history = HistoricalRecords()

    def is_own(self, user: Any, action: str) -> bool:
        return self.ticket.is_own(user, action)


class DamageType(models.TextChoices):
    PENDING = "pending", _("to be judged")
    NOT_HUMAN = "not_human", _("not human damage")
    HUMAN = "human", _("human damage")


class RepairSheet(Paper):
    """江苏飞跃机电科技有限公司报修单 9.2 (4.3, 4.4): one per round; its number is the ticket's with the round."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="sheets")
    round = models.PositiveSmallIntegerField()
    component_serials = models.CharField(
        _("motor, battery and controller numbers"), max_length=200, blank=True
    )
    warranty_start = models.DateField(_("warranty from"), null=True, blank=True)
    warranty_end = models.DateField(_("warranty to"), null=True, blank=True)
    in_warranty = models.BooleanField(_("under warranty"), null=True, blank=True)
    first_contact_at = models.DateTimeField(_("customer reached at"), null=True, blank=True)
    confirmed_symptom = models.TextField(_("fault as confirmed"))
    cause_guess = models.TextField(_("first judgement of the cause"), blank=True)
    damage_type = models.CharField(
        _("damage"), max_length=10, choices=DamageType.choices, default=DamageType.PENDING
    )
    damage_evidence = models.TextField(_("judged by, evidence"), blank=True)
    arrived_at = models.DateTimeField(_("arrived or begun"), null=True, blank=True)
    left_at = models.DateTimeField(_("left or ended"), null=True, blank=True)
    work_done = models.TextField(_("work done"), blank=True)
    result = models.CharField(_("result"), max_length=200, blank=True)
    customer_word = models.CharField(_("how the customer said so"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "round", name="one_repair_sheet_a_round")]


class Plan(models.Model):
    """A plan told to the customer (4.4); a re-plan adds another, the last one counts."""

    class Told(models.TextChoices):
        PHONE = "phone", _("phone")
        WECHAT = "wechat", _("WeChat")
        SMS = "sms", _("SMS")
        VISIT = "visit", _("in person")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="plans")
    round = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()
    plan_type = models.CharField(_("plan"), max_length=1, choices=PlanType.choices)
    explanation = models.TextField(_("plan in words"))
    needs_parts = models.BooleanField(_("parts are needed"), default=False)
    told_at = models.DateTimeField(_("told at"))
    told_how = models.CharField(_("told by way of"), max_length=8, choices=Told.choices)
    appointment_at = models.DateTimeField(_("appointment"), null=True, blank=True)
    assembly_notes = models.TextField(_("assembly points"), blank=True)
    risk_text = models.TextField(_("consequences that were told"), blank=True)
    self_install_ok = models.BooleanField(_("customer agreed to fit the part himself"), default=False)
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_how = models.CharField(
        _("how the customer agreed"), max_length=8, blank=True, choices=ContactAttempt.Way.choices
    )
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("ticket", "turn", name="one_plan_a_turn")]


class Overall(models.TextChoices):
    VERY_SATISFIED = "very_satisfied", _("very satisfied")
    SATISFIED = "satisfied", _("satisfied")
    NEUTRAL = "neutral", _("so-so")
    DISSATISFIED = "dissatisfied", _("dissatisfied")
    NO_COMMENT = "no_comment", _("no comment")


GRADES = [(n, str(n)) for n in range(1, 6)]


class CallbackSurvey(Paper):
    """售后服务回访调查表 9.5 (3.3); the callback and the closing are customer service's (SD10)."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="surveys")
    round = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(_("callback due"), null=True)
    way = models.CharField(_("way"), max_length=8, choices=ContactAttempt.Way.choices, default="phone")
    reached = models.BooleanField(default=True)
    resolved = models.BooleanField(_("fault solved"), null=True)
    on_time = models.BooleanField(_("came as agreed"), null=True)
    attitude = models.PositiveSmallIntegerField(_("attitude"), null=True, blank=True, choices=GRADES)
    quality = models.PositiveSmallIntegerField(
        _("quality of the repair"), null=True, blank=True, choices=GRADES
    )
    speed = models.PositiveSmallIntegerField(
        _("speed of the response"), null=True, blank=True, choices=GRADES
    )
    price_match = models.BooleanField(_("charge as quoted"), null=True, blank=True)
    part_quality = models.PositiveSmallIntegerField(
        _("quality of the parts"), null=True, blank=True, choices=GRADES
    )
    explained = models.BooleanField(_("use and care explained"), null=True, blank=True)
    overall = models.CharField(_("overall"), max_length=15, choices=Overall.choices, blank=True)
    reasons = models.JSONField(_("reasons of dissatisfaction"), default=list, blank=True)
    intent = models.BooleanField(_("intends to buy"), null=True, blank=True)
    follow_up = models.BooleanField(_("must be handled again"), default=False)
    by_customer = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "round", "by_customer", name="one_survey_a_round")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """SD10: frozen a day after it was written, for every hand; before that a change is signed like any other."""
        if not self._state.adding:
            self._refuse_frozen()
        super().save(*args, **kwargs)

    def _refuse_frozen(self) -> None:
        kept = CallbackSurvey.objects.only("revision", "made_at").get(pk=self.pk)
        hours = int(figures.value("survey_frozen_hours"))
        if self.revision <= kept.revision or self.changed_at > kept.made_at + dt.timedelta(hours=hours):
            raise OutOfTurn(
                _("A callback survey stays as it is {hours} hours after it was written (SD10)."),
                "3.3",
                hours=hours,
            )

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise OutOfTurn(_("A callback survey is never taken away (SD10)."), "3.3")

    @property
    def is_bad(self) -> bool:
        grades = [self.attitude, self.quality, self.speed, self.part_quality]
        return self.overall == Overall.DISSATISFIED or any(g is not None and g <= 2 for g in grades)


class SurveyWords(models.Model):
    """The customer's suggestion in his own words; outside the history."""

    survey = models.OneToOneField(CallbackSurvey, models.CASCADE, related_name="words", primary_key=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
