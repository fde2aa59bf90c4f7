"""Who answers for a case (7.1): shares of the judgement, appeals, the joint review with its panel."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.charter import Department

from .reports import Report
from .standard import Clause

U = settings.AUTH_USER_MODEL


class Party(models.TextChoices):
    """Who can be held responsible."""

    DEPARTMENT = "department", pgettext_lazy("party", "department")
    PERSON = "person", pgettext_lazy("party", "person")
    SUPPLIER = "supplier", pgettext_lazy("party", "supplier")
    CUSTOMER = "customer", pgettext_lazy("party", "customer")


#: who can appeal; a supplier answers a claim, a customer disputes
OURS = (Party.PERSON, Party.DEPARTMENT)
#: no departments of the charter: they work for the portal and answer for no vehicle
OUTSIDE = (Department.IT, Department.AUDIT)


class Share(models.Model):
    """So many percent of a case, by a clause of the standard 9.7. `replaced`: a later judgement counts instead. `told`: who
    answers for a department, as its head when it was judged, or as the first who answered where it had none."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="shares")
    party = models.CharField(_("who answers"), max_length=10, choices=Party.choices)
    department = models.CharField(max_length=20, choices=Department.choices, blank=True)
    person = models.ForeignKey(U, models.PROTECT, null=True, blank=True, related_name="quality_shares")
    told = models.ForeignKey(U, models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.CharField(_("supplier"), max_length=80, blank=True)
    percent = models.DecimalField(_("share, percent"), max_digits=5, decimal_places=2)
    clause = models.ForeignKey(
        Clause, models.PROTECT, related_name="+", verbose_name=_("clause of the standard 9.7")
    )
    note = models.CharField(_("why"), max_length=300, blank=True)
    by_review = models.BooleanField(default=False)
    replaced = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gt=Decimal(0), percent__lte=Decimal(100)), name="share_of_a_case"
            ),
            models.CheckConstraint(
                condition=(Q(party="person", person__isnull=False) | (~Q(party="person") & Q(person=None)))
                & (Q(party="department") & ~Q(department="") | ~Q(party="department") & Q(department=""))
                & (Q(party="supplier") & ~Q(supplier="") | ~Q(party="supplier") & Q(supplier="")),
                name="share_names_its_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} · {self.percent.normalize():f} %"

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()

    @property
    def is_ours(self) -> bool:
        """A person or a department of the company answers."""
        return self.party in OURS

    def is_accepted_by(self, user: Any) -> bool:
        """Who answers accepts it, and no later head in his place; of those who may appeal (7.1)."""
        return (self.person_id or self.told_id or user.pk) == user.pk

    @property
    def who(self) -> str:
        """In words, in the reader's language."""
        if self.party == Party.CUSTOMER:
            return str(Party.CUSTOMER.label)
        return str(self.person or self.supplier or self.get_department_display())

    # what the clock asks: the time for an appeal is his who answers
    @property
    def holder(self) -> Any:
        """The person, or the department whose head answers."""
        return self.person if self.person_id else Department(self.department)

    @property
    def appeal_until(self) -> Any:
        return self.report.appeal_until

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return str(self.report.number)

    def clock_story(self) -> str:
        return self.report.clock_story()

    def is_own(self, user: Any, action: str) -> bool:
        return bool(self.report.is_own(user, action))


class Appeal(models.Model):
    """Who is held responsible doubts the judgement (7.1): once, within the time of his clause."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="appeals")
    person = models.ForeignKey(U, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("report", "person", name="appeal_once")]


class Vote(models.TextChoices):
    UPHOLD = "uphold", pgettext_lazy("vote", "the judgement stands")
    OVERTURN = "overturn", pgettext_lazy("vote", "the judgement is overturned")


class Review(models.Model):
    """公司组织相关部门共同审定 (7.1): convened by a leader, at least two departments, minutes, decision."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="review")
    convened_by = models.ForeignKey(U, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    meets_at = models.DateTimeField(_("meets at"))
    minutes = models.TextField(_("minutes"), blank=True)
    decision = models.CharField(_("decision"), max_length=8, choices=Vote.choices, blank=True)
    decided_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)


class PanelMember(models.Model):
    """A named member, for his department, with his vote."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="members")
    person = models.ForeignKey(U, models.PROTECT, related_name="+")
    department = models.CharField(max_length=20, choices=Department.choices)
    vote = models.CharField(_("vote"), max_length=8, choices=Vote.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    voted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("review", "person", name="panel_member_once")]

    def get_absolute_url(self) -> str:
        return self.review.report.get_absolute_url()

    # what the clock asks: he votes before the review is over
    @property
    def meets_at(self) -> Any:
        return self.review.meets_at

    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return str(self.review.report.number)

    def clock_story(self) -> str:
        return self.review.report.clock_story()

    def is_own(self, user: Any, action: str) -> bool:
        return self.person_id == user.pk
