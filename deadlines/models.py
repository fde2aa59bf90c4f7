"""The clock's tables: deadlines, what happened to them, working days and collection rounds."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.appendonly import append_only
from aftersales.charter import RULES, Department, Rule

from .rules import is_late

OPEN = Q(met_at=None, ended_at=None)
REMINDERS = [rule.name for rule in RULES.values() if rule.reminder]


class Ended(models.TextChoices):
    """How a clock ended without being met."""

    HANDED_ON = "handed_on", _("handed on")
    VOID = "void", _("void")
    MERGED = "merged", _("merged")


class Stage(models.TextChoices):
    """What the clock says, and when; in the order of weight."""

    HALF = "half", _("half of the time is gone")
    EARLY = "early", _("due in some days")
    SOON = "soon", _("soon due")
    REMIND = "remind", _("reminder")
    BREACH = "breach", _("missed")
    HEAD = "head", _("missed, told to the head")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def of(self, subject: models.Model) -> "DeadlineQuerySet":
        """The clocks of one subject."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=subject.pk)

    def next_cycle(self, subject: models.Model, rule: str) -> str:
        """The cycle that runs, or the next one: for a duty that may arise again after it was done."""
        return str(1 + self.of(subject).filter(rule=rule).exclude(OPEN).count())

    def open(self) -> "DeadlineQuerySet":
        """Neither met nor ended; a missed clock stays open until it is met."""
        return self.filter(OPEN)

    def missed(self, at: dt.datetime) -> "DeadlineQuerySet":
        """Breached by `at`: met, ended or still open after the due time. Not: reminders, and what lives on in a survivor."""
        stop = models.functions.Coalesce("met_at", "ended_at", models.Value(at))
        late = Q(stop__gt=F("due_at")) | Q(stop=F("due_at"), day_clock=True)
        return self.exclude(rule__in=REMINDERS).exclude(ended_as=Ended.MERGED).alias(stop=stop).filter(late)


class Deadline(models.Model):
    """One clock of one subject: a row per (subject, rule, cycle). The due time is frozen when it starts."""

    rule = models.CharField(max_length=20)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject: Any = GenericForeignKey("subject_type", "subject_id")
    cycle = models.CharField(max_length=40)
    department = models.CharField(max_length=20)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deadlines", null=True, db_index=False
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    raw_due_at = models.DateTimeField()
    day_clock = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    rule_version = models.PositiveSmallIntegerField(default=1)
    edition = models.PositiveIntegerField(default=1)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=Ended, default="")
    next_fire_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    dead_at = models.DateTimeField(null=True)

    objects = DeadlineQuerySet.as_manager()
    #: the moment at which a page looks at this clock; selectors set it
    seen_at: dt.datetime | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "rule", "cycle"], name="deadline_once"
            ),
            models.CheckConstraint(
                condition=Q(raw_due_at__gt=F("opened_at")), name="deadline_due_after_opened"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("raw_due_at")), name="deadline_net_after_raw"),
            models.CheckConstraint(condition=Q(met_at=None) | Q(ended_at=None), name="deadline_met_or_ended"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="") | Q(ended_at__isnull=False) & ~Q(ended_as=""),
                name="deadline_ended_as",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_fire_at"], condition=Q(next_fire_at__isnull=False), name="deadline_fires"
            ),
            models.Index(fields=["assignee", "due_at"], condition=OPEN, name="deadline_of_person"),
            models.Index(
                fields=["subject_type", "subject_id", "due_at"],
                include=["rule"],
                condition=OPEN,
                name="deadline_running",
            ),
            models.Index(
                fields=["department", "due_at"],
                condition=OPEN & Q(assignee=None),
                name="deadline_of_department",
            ),
            models.Index(
                fields=["opened_at"], condition=OPEN & Q(provisional=True), name="deadline_provisional"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject_type_id}/{self.subject_id} {self.cycle}"

    @property
    def row(self) -> Rule:
        """The rule that this clock follows."""
        return RULES[self.rule]

    @property
    def clause(self) -> str:
        return self.row.clause

    @property
    def label(self) -> str | Promise:
        return self.row.label

    @property
    def title(self) -> str:
        return self.subject.clock_title()

    @property
    def story(self) -> str:
        return self.subject.clock_story()

    @property
    def url(self) -> str:
        return self.subject.get_absolute_url()

    @property
    def owner(self) -> Any:
        """Whose duty it is: the person, else the department's name."""
        return self.assignee or Department(self.department).label

    @property
    def stopped_at(self) -> dt.datetime | None:
        """When it was met or ended."""
        return self.met_at or self.ended_at

    def is_missed(self, at: dt.datetime) -> bool:
        """Breached by `at`; an hour clock is met at the due instant, one that ends at 24:00 before it."""
        if self.row.reminder or self.ended_as == Ended.MERGED:
            return False
        return is_late(self.stopped_at or at, self.due_at, self.day_clock)

    @property
    def missed_at(self) -> dt.datetime | None:
        """The breach's true time, which is the due time, once it is breached."""
        return self.due_at if self.is_missed(self.seen_at or timezone.now()) else None

    @property
    def paused(self) -> bool:
        """A pause runs at the moment of looking."""
        at = self.seen_at or timezone.now()
        return self.due_at > self.raw_due_at and any(p.begins_at <= at < p.ends_at for p in self.pauses.all())

    @property
    def excuse(self) -> str:
        """The leader's reason beside the breach, or ""."""
        return next((excuse.reason for excuse in self.excuses.all()), "")


class OfDeadline(models.Model):
    """Something written beside one deadline, by whom and when."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="%(class)ss")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True


@append_only
class Pause(OfDeadline):
    """A time that does not count, with its evidence; moves `due_at`, never `raw_due_at`."""

    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="pause_forward")]


@append_only
class Excuse(OfDeadline):
    """A leader's reason, shown beside a breach, never instead of it."""

    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline"], name="excuse_once")]


@append_only
class Claim(OfDeadline):
    """A duty given to a person, or taken by him."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    former = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    reason = models.CharField(max_length=200, default="")


@append_only
class Recalculation(OfDeadline):
    """A provisional due time computed anew once its year was known; `annuls` a breach that thereby disappeared."""

    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    annuls = models.BooleanField()


@append_only
class DeadlineEvent(models.Model):
    """A stage that came, once, with its true time; `owner` of a breach for ever."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="events", db_index=False)
    stage = models.CharField(max_length=10, choices=Stage)
    edition = models.PositiveIntegerField(default=1)
    true_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "stage", "edition"], name="deadline_event_once")
        ]
        indexes = [
            models.Index(fields=["owner", "true_at"], condition=Q(stage="breach"), name="breaches_of_person")
        ]


class CalendarDay(models.Model):
    """A day that differs from Monday to Friday; a year with official rows is known."""

    date = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(pgettext_lazy("day", "name"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=60)
    official = models.BooleanField(_("official"), default=False)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CollectionRound(models.Model):
    """One window of one working day in which customer service collects the web reports (3.1)."""

    day = models.DateField(_("day"))
    window = models.PositiveSmallIntegerField(_("round"))
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    ticked_at = models.DateTimeField(_("ticked at"), null=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    found = models.PositiveIntegerField(_("reports found"), null=True)

    class Meta:
        ordering = ["-begins_at"]
        constraints = [
            models.UniqueConstraint(fields=["day", "window"], name="round_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="round_forward"),
            models.CheckConstraint(
                condition=Q(ticked_at=None, ticked_by=None, found=None)
                | Q(ticked_at__isnull=False, ticked_by__isnull=False, found__isnull=False),
                name="round_ticked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.window}"

    def get_absolute_url(self) -> str:
        return reverse("deadlines:rounds")

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return str(self)

    def clock_story(self) -> str:
        return ""

    def is_own(self, user: Any, action: str) -> bool:
        return True
