"""The release 领料 (4.5): the sheet on which finance signs, line by line; and the slips by which parts leave (5.1)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.grants import cell
from accounts.selectors import represented_by
from aftersales.charter import Department
from aftersales.money import MoneyField
from aftersales.paperwork import Paper
from catalogue.models import Part
from deadlines.models import Deadline
from repairs.models import PartsOrder, QuotationLine, Ticket
from repairs.models.sheets import DamageType
from sales.models import Customer

from ..flow import ReleaseFlow, ReleaseStage
from ..rules import Charge, OldPart, Waiver

U = settings.AUTH_USER_MODEL


class Basis(models.TextChoices):
    """On what the parts leave the store: the three cases of 4.5."""

    WARRANTY = "warranty", _("a · under warranty (4.5a)")
    PAID = "paid", _("b · paid (4.5b)")
    UNPAID = "unpaid", _("c · not yet paid (4.5c)")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Any) -> "ReleaseQuerySet":
        """All; his own tickets' and orders'; for the warehouse those with a signature (A13)."""
        letter = cell("release.view", user.roles)
        if letter == "Y":
            return self
        mine = Q(pk__in=[])
        if letter == "O" and "ENG" in user.roles:
            people = [user.pk, *represented_by(user)]
            mine |= Q(requester=user) | Q(ticket__engineer__in=people) | Q(order__engineer__in=people)
            if Department.ENGINEERS in user.heads():
                mine |= Q(ticket__engineer__isnull=False)
        if letter == "O" and "WH" in user.roles:
            mine |= Q(signed_at__isnull=False) | Q(issued_any=True)
        return self.filter(mine)


#: what only the present engineer of the ticket or order does (B02, B06, B08)
ASKING = ("parts.request", "repair_sheet.write", "credit.consent", "plan.consent_record")


class Release(ReleaseFlow, Paper):
    """One sheet of parts for a ticket or a parts-only order, signed by finance before anything leaves the store."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="releases", editable=False)
    order = models.ForeignKey(PartsOrder, models.PROTECT, null=True, related_name="releases", editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    plan_type = models.CharField(max_length=1, blank=True, editable=False)
    requester = models.ForeignKey(
        U, models.PROTECT, related_name="+", editable=False, verbose_name=_("requester")
    )
    engineer = models.ForeignKey(
        U, models.PROTECT, related_name="releases", editable=False, verbose_name=_("responsible engineer")
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis.choices)
    debtor = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="+", verbose_name=_("paying customer")
    )
    consent_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("liable engineer")
    )
    consent_at = models.DateTimeField(_("agreed to send first"), null=True, editable=False)
    consent_reason = models.CharField(_("why the parts go first"), max_length=200, blank=True, editable=False)
    agreed_day = models.DateField(_("agreed day of payment"), null=True, editable=False)
    extended_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    receipt = models.CharField(_("receipt"), max_length=20, blank=True, editable=False)
    paid = MoneyField(_("paid"), default=Decimal(0), editable=False)
    total = MoneyField(_("total to pay"), default=Decimal(0), editable=False)
    awaiting_accepted = MoneyField(
        _("accepted until the old parts are back"), default=Decimal(0), editable=False
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    header_digest = models.CharField(max_length=64, blank=True, editable=False)
    signed_by = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("signed for finance")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    opinion = models.CharField(_("opinion"), max_length=200, blank=True, editable=False)
    rejection = models.CharField(_("reason of the rejection"), max_length=200, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="splits", editable=False)
    history = HistoricalRecords()

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("release")
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket=None, order__isnull=False) | Q(ticket__isnull=False, order=None),
                name="release_of_one",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("requester")), name="release_signed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("engineer")),
                name="release_signed_by_no_engineer",
            ),
        ]
        indexes = [models.Index(fields=["stage", "id"], name="release_stage")]

    def get_absolute_url(self) -> str:
        return reverse("parts:release", args=[self.number])

    # What the clock asks of its subject.
    def clock_cycle(self, rule: str) -> str:
        return "1"

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return f"{self.about} · {self.get_stage_display()}"

    @property
    def about(self) -> Any:
        """The ticket or the parts-only order."""
        return self.ticket or self.order

    def is_own(self, user: Any, action: str) -> bool:
        """The engineer's of the ticket or order, or of whoever stands in for him; the warehouse's once signed. An earlier
        engineer reads it and brings back what he holds; asking and agreeing are the present one's."""
        if "ENG" in user.roles and self.about.is_own(user, action):
            return True
        earlier = user.pk in (self.requester_id, self.engineer_id)
        if "ENG" in user.roles and earlier and action not in ASKING:
            return True
        return "WH" in user.roles and (self.signed_at is not None or self.issued_any)

    @property
    def is_editable(self) -> bool:
        return self.stage in (ReleaseStage.DRAFT, ReleaseStage.SIGNED)


class IssueKind(models.TextChoices):
    OUTBOUND = "outbound", _("outbound slip: goes to the customer or is surely used")
    LOAN = "loan", _("loan slip: taken along")


class ReleaseLine(models.Model):
    """One part of a release, from the request to its end. Every count is in pieces, every amount in yuan.

    `charge`, `old_part` and `waiver` are what the table of 4.5a decides from the facts before them.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="lines", editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("part"))
    quantity = models.PositiveIntegerField(_("quantity"))
    kind = models.CharField(_("issue"), max_length=8, choices=IssueKind.choices, default=IssueKind.OUTBOUND)
    quote_line = models.ForeignKey(
        QuotationLine, models.PROTECT, null=True, related_name="release_lines", editable=False
    )
    unit_price = MoneyField(_("unit price, tax included"), editable=False)
    discount = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(0), editable=False)
    amount = MoneyField(_("amount"), editable=False)

    # the facts: proposed by the engineer with evidence, signed by finance
    in_warranty = models.BooleanField(_("under warranty"), default=False)
    damage = models.CharField(
        _("damage"), max_length=10, choices=DamageType.choices, default=DamageType.PENDING
    )
    damage_evidence = models.CharField(_("judged by, evidence"), max_length=300, blank=True)
    small = models.BooleanField(_("small part"), default=False, editable=False)
    recyclable = models.BooleanField(_("recyclable"), default=False)
    wearing = models.BooleanField(_("wearing part"), default=False)
    costly = models.BooleanField(_("recovery costs too much"), default=False)
    costly_evidence = models.CharField(_("why recovery costs too much"), max_length=200, blank=True)
    waiver_refused = models.BooleanField(_("finance refuses the waiver"), default=False, editable=False)

    # the decision
    charge = models.CharField(_("charge"), max_length=8, choices=Charge.choices, editable=False)
    old_part = models.CharField(_("old part"), max_length=6, choices=OldPart.choices, editable=False)
    waiver = models.CharField(
        _("reason of the waiver"), max_length=10, choices=Waiver.choices, blank=True, editable=False
    )

    # the signature (SD14)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    signed_by = models.ForeignKey(U, models.PROTECT, null=True, related_name="+", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    struck = models.PositiveIntegerField(_("struck"), default=0, editable=False)

    # what happened to it
    issued = models.PositiveIntegerField(_("issued"), default=0, editable=False)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    booked_used = models.PositiveIntegerField(default=0, editable=False)  # of a loan: moved to the vehicle
    unused = models.PositiveIntegerField(_("unused"), default=0, editable=False)
    returned = models.PositiveIntegerField(_("unused, returned"), default=0, editable=False)
    old_taken = models.PositiveIntegerField(_("old parts taken along"), default=0, editable=False)
    old_left = models.PositiveIntegerField(_("old parts left with the customer"), default=0, editable=False)
    old_in = models.PositiveIntegerField(_("old parts received"), default=0, editable=False)
    old_waived = models.PositiveIntegerField(_("old parts waived later"), default=0, editable=False)
    converted = models.PositiveIntegerField(_("old parts charged for good"), default=0, editable=False)
    holder = models.ForeignKey(
        U, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("with the engineer")
    )
    opening = models.BooleanField(_("from before the portal"), default=False, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        verbose_name = _("part line")
        constraints = [
            models.UniqueConstraint("release", "position", name="release_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="release_quantity_positive"),
            models.CheckConstraint(
                condition=Q(issued__lte=F("quantity") - F("struck")), name="issued_within_signed"
            ),
            models.CheckConstraint(
                condition=Q(issued__gte=F("used") + F("unused")), name="declared_within_issued"
            ),
            models.CheckConstraint(condition=Q(unused__gte=F("returned")), name="returned_within_unused"),
            models.CheckConstraint(
                condition=Q(issued__gte=F("old_in") + F("old_waived") + F("converted")),
                name="old_within_issued",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, digest="")
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(digest=""),
                name="line_signed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release.number}/{self.position} {self.part}"

    def get_absolute_url(self) -> str:
        return self.release.get_absolute_url()

    def is_own(self, user: Any, action: str) -> bool:
        return self.release.is_own(user, action)

    # What the clock asks of its subject (`unused_return`, `old_part`).
    def clock_cycle(self, rule: str) -> str:
        """The one that runs, or the next: a duty that was done can arise again by a correction."""
        return Deadline.objects.next_cycle(self, rule)

    def clock_title(self) -> str:
        return f"{self.release.number} · {self.part.name}"

    def clock_story(self) -> str:
        return str(self.release.about)

    @property
    def engineer_id(self) -> int:
        """Whose duty the return is: who holds the part, else the release's engineer."""
        return self.holder_id or self.release.engineer_id

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def unsigned(self) -> int:
        """Pieces that lie in the store and carry no signature."""
        return 0 if self.is_signed else self.quantity - self.struck - self.issued

    @property
    def to_issue(self) -> int:
        """Pieces that are signed and still lie in the store."""
        return self.quantity - self.struck - self.issued if self.is_signed else 0

    @property
    def undeclared(self) -> int:
        """Pieces taken along of which nobody has said yet whether they were used."""
        return self.issued - self.used - self.unused

    @property
    def unused_out(self) -> int:
        """Unused pieces that are not back."""
        return self.unused - self.returned

    @property
    def old_due(self) -> int:
        """Old parts that must come back and have not: of pieces used, or sent to the customer."""
        if self.old_part != OldPart.MUST:
            return 0
        return max(self.used - self.old_in - self.old_waived - self.converted, 0)

    @property
    def awaited(self) -> int:
        """Pieces charged until their old part is back."""
        if self.charge != Charge.AWAITING:
            return 0
        return max(self.issued - self.returned - self.old_in - self.old_waived - self.converted, 0)


class Slip(Paper):
    """出库单 CK or 出借单 JC of the after-sales book (5.1, 5.4); its ticket's number stands on it."""

    kind = models.CharField(_("kind"), max_length=8, choices=IssueKind.choices)
    release = models.ForeignKey(Release, models.PROTECT, related_name="slips")
    paper_number = models.CharField(
        _("number of the paper slip"), max_length=40, blank=True
    )  # before the portal

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("slip")

    def get_absolute_url(self) -> str:
        return reverse("parts:slip", args=[self.number])


class SlipLine(models.Model):
    """What left on a slip: pieces of one part line, with the codes of new parts and, as pairs, of the old ones (9.2)."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReleaseLine, models.PROTECT, related_name="slip_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    codes = models.JSONField(_("identification codes"), default=list, blank=True)
    old_codes = models.JSONField(_("codes of the old parts"), default=list, blank=True)
    old_in = models.PositiveIntegerField(
        _("old parts received"), default=0
    )  # 5.3: written on the original slip

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="slip_of_something"),
            models.CheckConstraint(condition=Q(old_in__lte=F("quantity")), name="slip_old_within"),
        ]
