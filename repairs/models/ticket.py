"""The ticket 报修单: one breakdown from report to callback."""

import datetime as dt
import functools
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.grants import cell
from accounts.selectors import deputies, represented_by, stand_in
from aftersales.charter import Department
from aftersales.grams import GramsField, asked, grams
from aftersales.paperwork import Paper
from sales.models import Customer, Person, Vehicle

from ..flow import OVER, ROAD, WITH_ENGINEER, Stage, TicketFlow


class Channel(models.TextChoices):
    WEB = "web", _("website")
    PHONE = "phone", _("hotline")
    SALES = "sales", _("relayed by sales")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("normal")
    URGENT = "urgent", _("urgent")
    STOPPED = "stopped", _("vehicle stopped on the road")


class Drivable(models.TextChoices):
    YES = "yes", pgettext_lazy("drivable", "yes")
    LIMITED = "limited", _("only slowly or a short way")
    NO = "no", pgettext_lazy("drivable", "no")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: Any) -> "TicketQuerySet":
        """The rows that the policy lets `user` see (A12, A13): all, his own, or none."""
        cells = {cell(name, user.roles) for name in ("ticket.view_full", "ticket.view_masked")}
        if "Y" in cells:
            return self
        if "O" in cells:
            return self.filter(self.own(user))
        return self.none()

    @staticmethod
    def own(user: Any, *, headed: bool = True) -> Q:
        """Responsible or standing in for who is, in the crew, (sales) the one who relayed it or sold the vehicle, or
        (warehouse, administration) with a signed sheet, a trip or a parcel in hand (A13).

        Each part counts only for the role that the policy gives it to. `headed`: with the tickets of the department
        that he heads; he reads them, and no more than that.
        """
        mine = Q(pk__in=[])
        if "ENG" in user.roles:
            mine |= Q(engineer__in=[user.pk, *represented_by(user)]) | Q(
                pk__in=user.crews.filter(until=None).values("ticket")
            )
            if headed and Department.ENGINEERS in user.heads():
                mine |= Q(engineer__isnull=False)
        if "SALES" in user.roles:
            mine |= Q(relayed_by=user) | Q(vehicle__seller=user) | Q(customer__seller=user)
        if "WH" in user.roles:
            mine |= Q(signed_releases__gt=0)
        if "GA" in user.roles:
            mine |= Q(trips_and_parcels__gt=0)
        return mine

    def found_by(self, text: str, user: Any) -> "TicketQuerySet":
        """Number, VIN, plate, customer or symptom: any two characters in a row find it (P11).

        A phone finds it for whom the policy lets see it (A14): a search would tell the others what a mask hides.
        """
        words = Words.objects.filter(grams__has=text).values("ticket")
        parts: list[Any] = self.model.objects.all()._known_by(text, user)
        known = [part.order_by().values("pk") for part in parts]
        return self.filter(pk__in=words.union(*known, all=True))

    def first_found(self, text: str, user: Any, order: str, limit: int) -> QuerySet[Any, Any]:
        """The first keys of `found_by` in this order. Of two characters the database knows how common they are: each part
        stops at the limit, and a common word reads the newest rows and no others. Of several pairs it only guesses, and
        SQLite orders no part of a union: there the index is asked for the whole."""
        if len(asked(text)) > 1 or not connection.features.supports_slicing_ordering_in_compound:
            return self.found_by(text, user).order_by(order).values("pk")[:limit]
        parts: list[Any] = [self.filter(words__grams__has=text), *self._known_by(text, user)]
        keys: list[Any] = [part.order_by(order).values("pk")[:limit] for part in parts]
        return keys[0].union(*keys[1:]).order_by(order)[:limit]

    def _known_by(self, text: str, user: Any) -> list["TicketQuerySet"]:
        """Those whose customer the text names, and whose phone he may know."""
        letter = user.cell("customer.phone_reveal")
        known = [self.filter(contact__in=Person.objects.found_by(text, by_phone=letter == "Y").values("pk"))]
        if letter == "O":
            plain = Person.objects.found_by(text, by_phone=True).values("pk")
            known.append(self.filter(self.own(user, headed=False), contact__in=plain))
        return known


class Ticket(TicketFlow, Paper):
    """One breakdown. `round` counts the attempts to solve it, `turn` the hand-overs and plans (for the clocks).

    Personal data stands in `contact` (a `Person`); the customer's own words stand in `words`.
    """

    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    turn = models.PositiveSmallIntegerField(default=0, editable=False)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices, editable=False)
    origin = models.CharField(
        _("came by the link"), max_length=20, blank=True, editable=False
    )  # a web report's `?source=`, as the company's site, poster or code named itself
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    drivable = models.CharField(_("can it be driven"), max_length=8, choices=Drivable.choices, blank=True)

    contact = models.ForeignKey(Person, models.PROTECT, related_name="tickets", verbose_name=_("contact"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("customer")
    )
    region = models.CharField(_("province, city, district"), max_length=60, blank=True)
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("vehicle")
    )
    vin = models.CharField(_("VIN"), max_length=40, blank=True, db_index=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    plate = models.CharField(_("plate or own number"), max_length=20, blank=True)
    delivered_on = models.DateField(_("date of delivery"), null=True, blank=True)
    odometer = models.PositiveIntegerField(_("kilometres or hours"), null=True, blank=True)

    reported_at = models.DateTimeField(_("the customer told us"), editable=False)
    received_at = models.DateTimeField(_("received"), editable=False, db_index=True)
    relayed_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("relayed by"),
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("accepted by"),
    )
    engineer = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="tickets",
        editable=False,
        verbose_name=_("responsible engineer"),
    )
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", editable=False)
    private_version = models.PositiveSmallIntegerField(default=1, editable=False)
    privacy_version = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(max_length=10, default="zh-hans", editable=False)
    history = HistoricalRecords()

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ticket")
        indexes = [
            models.Index(fields=["stage", "-id"], name="ticket_stage"),
            models.Index(fields=["engineer", "-id"], name="ticket_engineer"),
            models.Index(fields=["region", "-id"], name="ticket_region"),
            models.Index(fields=["model", "-id"], name="ticket_model"),
            models.Index(fields=["customer", "-id"], name="ticket_customer"),
            models.Index(fields=["vehicle", "-id"], name="ticket_vehicle"),
            # what is kept no longer (nightly): of the tickets that ended, those that nobody has touched for years
            models.Index(fields=["changed_at"], condition=models.Q(stage__in=OVER), name="ticket_over"),
        ]

    def get_absolute_url(self) -> str:
        return _page().replace("NUMBER", self.number)

    # What the clock asks of its subject (deadlines); `clock_fields` are all that title and address need.
    clock_fields = ("number", "stage")

    def clock_cycle(self, rule: str) -> str:
        """contact and plan run anew at each hand-over and re-plan, the others once per round."""
        return str(self.turn) if rule in ("contact", "plan", "appointment") else str(self.round)

    def clock_title(self) -> str:
        return self.number

    def clock_story(self) -> str:
        return " · ".join(x for x in (self.model or self.vin, self.region, str(Stage(self.stage).label)) if x)

    @property
    def mover_id(self) -> int | None:
        return self.engineer_id if self.stage in WITH_ENGINEER else None

    @property
    def mover(self) -> Any:
        """Who must move next, for the reminder `stalled`: the engineer while it is in his hands, else nobody by name."""
        return self.engineer if self.stage in WITH_ENGINEER else None

    #: whether its row is locked by the act that goes on now, and this object is how it stands
    is_held = False
    #: the moment at which the paper is looked at; whoever judges a step sets it
    seen_at: dt.datetime | None = None

    @cached_property
    def away(self) -> dict[int, int]:
        """Who is away at that moment → who stands in; read once."""
        return deputies(self.seen_at)

    def look_at(self, at: dt.datetime) -> None:
        """Judge from now on as of that moment."""
        self.seen_at = at
        self.__dict__.pop("away", None)

    def is_responsible(self, user: Any) -> bool:
        """The engineer, and while he is away whoever stands in for him (domain 1), an engineer too."""
        if self.engineer_id is None or "ENG" not in user.roles:
            return False
        return self.engineer_id == user.pk or stand_in(self.engineer_id, self.away) == user.pk

    def is_own(self, user: Any, action: str) -> bool:
        """The steps are the responsible engineer's; the crew reads and notes, and so does the head of after-sales in his
        department; sales what it relayed or sold; warehouse and administration what they have in hand.

        Each only for the role that the policy gives it to: who holds two has not one's right by the other's tie.
        """
        tied = {role for role in TIES & user.roles if cell(action, [role]) != "-"}
        if "ENG" in tied and (self.is_responsible(user) or self._reads(user, action)):
            return True
        if "SALES" in tied and user.pk in self._sellers():
            return True
        return ("WH" in tied and self.signed_releases > 0) or ("GA" in tied and self.trips_and_parcels > 0)

    def _reads(self, user: Any, action: str) -> bool:
        if action in HEAD_MAY and self.engineer_id is not None and Department.ENGINEERS in user.heads():
            return True
        return action in CREW_MAY and self.crew.filter(user=user, until=None).exists()

    def _sellers(self) -> set[int | None]:
        return {
            self.relayed_by_id,
            self.vehicle.seller_id if self.vehicle else None,
            self.customer.seller_id if self.customer else None,
        }

    @property
    def others_vehicle_of(self) -> Customer | None:
        """The vehicle's owner while somebody else reports it and it is not said for whom
        (a driver, or a stranger who read the VIN)."""
        owner = self.vehicle.customer if self.vehicle else None
        return owner if owner is not None and owner != self.customer else None

    @property
    def erased_entries(self) -> tuple[str, ...]:
        """The entries of form 9.1 that were erased and are not written down anew (PIPL 47)."""
        return (*(PERSON if self.contact.erased_at else ()), *(OWN_WORDS if self.words.erased_at else ()))

    @property
    def is_open(self) -> bool:
        return self.stage not in (Stage.CLOSED, Stage.CANCELLED)

    @property
    def road_index(self) -> int:
        return ROAD.index(Stage(self.stage)) if self.stage in ROAD else -1


@functools.cache
def _page() -> str:
    """The address of a ticket's page, looked up once: a sweep asks thousands of times."""
    return reverse("repairs:ticket", args=["NUMBER"])


TIES = frozenset({"ENG", "SALES", "WH", "GA"})
#: what the head of after-sales may do to the tickets of his department: he answers for their clocks and bad grades
HEAD_MAY = {
    "ticket.view_full",
    "ticket.note",
    "evidence.view",
    "service.step",
    "form.print",
    "release.view",
    "quote.view",
}
CREW_MAY = {
    "ticket.view_full",
    "ticket.view_masked",
    "ticket.note",
    "evidence.upload",
    "evidence.view",
    "customer.phone_reveal",
    "service.step",
}


#: as form 9.1 names them: what stands in the row of its contact, and what in that of his own words
PERSON = ("contact", "phone", "alt_phone", "organisation", "street")
OWN_WORDS = ("symptom", "self_checked", "occurred", "position")


class Words(models.Model):
    """What the customer said in his own words. Outside the history, so that erasing is one overwrite."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="words", primary_key=True)
    symptom = models.TextField(_("what is wrong"))
    self_checked = models.TextField(_("what was tried already"), blank=True)
    occurred = models.CharField(_("when and how it happened"), max_length=200, blank=True)
    tried = models.ForeignKey(
        "repairs.HelpVersion",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("had tried"),
    )
    # where his phone stood when he tapped for it: latitude, longitude (WGS 84, degrees), accuracy in metres
    position = models.CharField(_("position"), max_length=40, blank=True)
    grams = GramsField(default=list, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    def save(self, *args: Any, **kwargs: Any) -> None:
        t = self.ticket
        self.grams = grams(self.symptom, t.number, t.vin, t.plate, t.model)
        super().save(*args, **kwargs)
