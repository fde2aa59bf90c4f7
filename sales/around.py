"""The leads around one sale (4.2): its customer's then, and those of his likely double, which only a merge makes his."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.limits import local_day

from .duplicates import likely
from .lead_flow import LeadStage, SaleStage
from .lead_rules import lives
from .models import Lead, Sale


class Around:
    """Read once: `own`; `others` of a double that would decide if the two were one customer; `late`: what came between the day
    of the sale and its entry, where another day could find another lead; `undecided`: the sale that may still lose its lead to
    this one. All but the first only while nobody has confirmed it."""

    def __init__(self, sale: Sale) -> None:
        self.sale = sale
        self.own = list(_before(sale).filter(customer=sale.customer_id))
        self.open = sale.confirmed_at is None and sale.stage != SaleStage.CANCELLED
        theirs = list(_before(sale).filter(customer__in=likely(sale.customer))) if self.open else []
        self.others = [lead for lead in theirs if self._comes_first(lead)]
        late = [lead for lead in (*self.own, *theirs) if self.is_late(lead)]
        self.late = late if self.open and self._day_decides() else []
        self.undecided = undecided(sale) if self.open else None

    def _comes_first(self, lead: Lead) -> bool:
        sale = self.sale
        alive = lives(lead.as_rule(), sale.sold_on, sale.made_at)
        return alive and is_ahead(lead, sale.lead)

    def is_late(self, lead: Lead) -> bool:
        return lead.stage != LeadStage.WON and local_day(lead.registered_at) > self.sale.sold_on

    def _day_decides(self) -> bool:
        """Whether a later day of the sale, up to its entry, could find another lead than it has."""
        lead = self.sale.lead
        return lead is None or lead.last_day < local_day(self.sale.made_at)


def undecided(sale: Sale) -> Sale | None:
    """Another sale of this customer whose cancellation is asked for, with a lead that `sale` would follow if it were free."""
    rows = Sale.objects.filter(customer=sale.customer_id, stage=SaleStage.CANCELLING, lead__isnull=False)
    for other in rows.exclude(pk=sale.pk).select_related("lead").order_by("pk"):
        if other.lead is not None and _would_lead(other.lead, sale):
            return other
    return None


def _would_lead(lead: Lead, sale: Sale) -> bool:
    alive = lives(replace(lead.as_rule(), is_used=False), sale.sold_on, sale.made_at)
    return alive and is_ahead(lead, sale.lead)


def _before(sale: Sale) -> QuerySet[Lead]:
    """Whatever was registered before the sale was written down, in the order that decides."""
    rows = Lead.objects.filter(registered_at__lt=sale.made_at).order_by("registered_at", "pk")
    return rows.select_related("customer", "registered_by")


def is_ahead(lead: Lead, other: Lead | None) -> bool:
    """Whether the fee follows it rather than `other`: the first registrant wins, ties by entry (4.2)."""
    return other is None or place(lead) < place(other)


def place(lead: Lead) -> tuple[Any, int]:
    return lead.registered_at, lead.pk


def origin(lead: Lead) -> dict[str, str]:
    """Day and person, for a sentence."""
    day = local_day(lead.registered_at).isoformat()
    return {"day": day, "person": str(lead.registered_by or _("the customer himself"))}


def came_late(leads: list[Lead]) -> str:
    """What whoever confirms the sale must answer; of several leads the first."""
    first = min(leads, key=place)
    return _(
        "Lead {lead} was registered on {day} by {person}, after the day that the sale gives. Is that day right? Whoever confirms "
        "the sale writes down why (4.2)."
    ).format(lead=first.number, **origin(first))  # fmt: skip
