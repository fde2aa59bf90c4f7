"""Reading tickets: lists, suggestion whom to assign, timeline."""

import datetime as dt
import re
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from accounts.selectors import absent_ids
from aftersales.charter import Department

from . import rules
from .flow import OPEN, WITH_ENGINEER
from .models import Attachment, CallbackSurvey, Message, PartsOrder, Quotation, QuotationLine, Ticket

RECENT = dt.timedelta(days=60)
VIN_SIGNS = 6  # fewer of a VIN fit many vehicles
LIST_FIELDS = ("contact", "engineer")


def tickets_for(user: Any) -> QuerySet[Ticket]:
    """The rows of the ticket list that `user` may see."""
    return (
        Ticket.objects.visible_to(user)
        .select_related("contact", "engineer")
        .only(
            "number",
            "stage",
            "urgency",
            "channel",
            "region",
            "model",
            "vin",
            "received_at",
            "round",
            "plan_type",
            "contact__name",
            "contact__organisation",
            "contact__erased_at",
            "engineer__name",
            "engineer__username",
        )
    )


def own_attachments(ticket: Ticket) -> QuerySet[Attachment]:
    """What the customer sent himself and is still kept, the oldest first: what came over with a duplicate is another's."""
    return ticket.attachments.filter(by=None, origin=None, erased_at=None).order_by("pk")


def suggested_engineers(ticket: Ticket | None, at: dt.datetime | None = None) -> Any:
    """Engineers, the most suitable first (4.0): region and experience, less the tickets they have; absent ones last.

    Each carries `offer`, the words for the list.
    """
    from accounts.selectors import members

    now = at or dt.datetime.now(dt.UTC)
    here = User.objects.filter(pk__in=members(Department.ENGINEERS, now).values("pk"), is_active=True)
    running = FilteredRelation(
        "tickets", condition=Q(tickets__stage__in=WITH_ENGINEER)
    )  # few of all they ever had
    people = list(here.alias(running=running).annotate(load=Count("running")))
    absent = absent_ids([p.pk for p in people], now)
    region = ticket.region if ticket else ""
    for person in people:
        person.absent = person.pk in absent  # type: ignore[attr-defined]  # read by services.core.hands
        person.fit = _fit(person, region, person.pk in absent)  # type: ignore[attr-defined]
        person.offer = _offer(person, person.pk in absent)  # type: ignore[attr-defined]
    return _Ordered(people)


class _Ordered:
    """A ready list that a ModelChoiceField may read like a queryset, in the order of fitness."""

    def __init__(self, people: list[Any]) -> None:
        self.people = sorted(people, key=lambda p: (-p.fit, p.name))
        self.model = User

    def all(self) -> "_Ordered":
        return self

    def __iter__(self) -> Any:
        return iter(self.people)

    def iterator(self) -> Any:
        return iter(self.people)

    _prefetch_related_lookups = ()

    def __len__(self) -> int:
        return len(self.people)

    def get(self, **lookup: Any) -> Any:
        ((name, value),) = lookup.items()
        for person in self.people:
            if str(getattr(person, name)) == str(value):
                return person
        raise User.DoesNotExist

    def exists(self) -> bool:
        return bool(self.people)


def _fit(person: Any, region: str, absent: bool) -> int:
    regions = [r for r in re.split(r"[,，、\s]+", person.regions or "") if r]
    knows = person.chassis_experience or person.electrics_experience
    return rules.how_fit(
        regions=regions,
        region=region,
        years=person.years_in_trade or 0,
        load=person.load,
        absent=absent,
        knows=bool(knows),
    )


def _offer(person: Any, absent: bool) -> str:
    words = [person.get_full_name(), _("{count} open").format(count=person.load)]
    if person.regions:
        words.append(person.regions)
    if absent:
        words.append(_("absent"))
    return " · ".join(words)


#: most of these rows: the pairs of the search, the text of a help article, and of three colleagues all but their names
UNREAD_HERE = (
    "contact__grams", "words__grams",
    *(f"words__tried__{name}" for name in ("symptom", "keywords", "steps", "words", "sounds", "initials")),
    *(
        f"{who}__{field.name}" for who in ("engineer", "accepted_by", "relayed_by") for field in User._meta.concrete_fields
        if field.name not in ("id", "name") and (who, field.name) != ("engineer", "mobile")  # who calls from where
    ),
)  # fmt: skip


def for_page(user: Any) -> QuerySet[Ticket]:
    """Tickets that `user` may see, each with everything that stands on its head and, as `lately_number` and
    `lately_at`, the report of the same vehicle in the 90 days before (all in one statement). A report that was joined with
    another goes on there, and a few signs typed for a VIN name no vehicle."""
    since = OuterRef("received_at") - dt.timedelta(days=90)
    earlier = Ticket.objects.alias(signs=Length("vin")).filter(
        vin=OuterRef("vin"), signs__gte=VIN_SIGNS, merged_into=None, pk__lt=OuterRef("pk"),
        received_at__gte=since, received_at__lte=OuterRef("received_at"),
    ).order_by("-pk")  # fmt: skip
    rows = Ticket.objects.visible_to(user).select_related(
        "contact",
        "words__tried__article",
        "engineer",
        "vehicle__model",
        "customer",
        "intake",
        "accepted_by",
        "relayed_by",
    )
    return rows.defer(*UNREAD_HERE).annotate(
        lately_number=Subquery(earlier.values("number")[:1]),
        lately_at=Subquery(earlier.values("received_at")[:1]),
    )


def surveys_for(user: Any, ticket: Ticket) -> list[CallbackSurvey] | None:
    """Form 9.5 for whom G02 names, else None: engineers see aggregates only (SD10)."""
    if not may(user, "revisit.view", ticket):
        return None
    return list(ticket.surveys.select_related("words", "made_by"))


def quotations(user: Any) -> QuerySet[Quotation]:
    """The quotations that this person may see, with what stands on their sheets (a fixed number of statements)."""
    rows = Quotation.objects.visible_to(user).select_related(
        "ticket__contact", "ticket__engineer", "ticket__vehicle__customer__person", "order__contact", "order__engineer",
        "customer__person", "made_by", "changed_by", "approved_by", "answered_by",
    )  # fmt: skip
    return rows.prefetch_related(Prefetch("lines", QuotationLine.objects.select_related("part")))


def orders(user: Any) -> QuerySet[PartsOrder]:
    """The parts-only orders that this person may see."""
    return PartsOrder.objects.visible_to(user).select_related(
        "customer__person", "contact", "engineer", "made_by"
    )


# --- what a customer wishes on his page
def open_wishes(at: dt.datetime) -> QuerySet[Message]:
    """Wishes to withdraw and about personal data of the last 60 days (A16, A21) to which nobody has written back; a withdrawal
    only while there is something to withdraw."""
    answers = Message.objects.filter(ticket=OuterRef("ticket"), by__isnull=False, at__gte=OuterRef("at"))
    answers = answers.exclude(kind="judgement")  # written by the portal, about something else
    rows = Message.objects.filter(
        Q(kind="rights") | Q(kind="withdraw") & Q(ticket__stage__in=OPEN), by=None, erased_at=None,
        at__gte=at - RECENT,
    )  # fmt: skip
    return rows.filter(~Exists(answers)).select_related("ticket").order_by("at", "pk")
