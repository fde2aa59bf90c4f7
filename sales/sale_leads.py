"""What whoever records or confirms a sale must know of leads (4.2): all that this customer had then, and those of his likely
double, which only a merge makes his."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Part, Table
from aftersales.limits import local_day

from .duplicates import likely
from .lead_flow import LeadStage, SaleStage
from .lead_rules import lives
from .models import Lead, Sale

Banner = tuple[str, Any, Any] | None


class Leads:
    """The leads around one sale, read once."""

    def __init__(self, sale: Sale) -> None:
        self.sale = sale
        self.own = list(_before(sale).filter(customer=sale.customer_id))
        self.open = sale.confirmed_at is None and sale.stage != SaleStage.CANCELLED
        self.others = self._of_doubles() if self.open else []

    def _of_doubles(self) -> list[Lead]:
        """Those that would come first if the two were one customer."""
        sale, found = self.sale, _before(self.sale).filter(customer__in=likely(self.sale.customer))
        alive = [lead for lead in found if lives(lead.as_rule(), sale.sold_on, sale.made_at)]
        return [lead for lead in alive if sale.lead is None or _place(lead) < _place(sale.lead)]

    def banner(self) -> Banner:
        """What speaks against confirming it as it stands, while nobody has."""
        if self.others:
            return "warning", _("Perhaps this customer has a lead under another number"), self._of_another()
        late = [lead for lead in self.own if self._is_late(lead)]
        if self.open and self.sale.lead is None and late:
            return "warning", _("A lead was there before the sale was written down"), _(
                "Lead {lead} was registered on {day} by {person}, after the day that the sale gives. Is that day right? (4.2)"
            ).format(lead=late[0].number, **_origin(late[0]))  # fmt: skip
        return None

    def _of_another(self) -> str:
        first = self.others[0]
        if self.sale.lead is None:
            said = _(
                "Customer {other} shares his phone or his name; lead {lead} was registered there on {day} by {person}. If they "
                "are one, customer service merges them before the commission is confirmed: the sale then finds the lead (4.2)."
            )  # fmt: skip
        else:
            said = _(
                "Customer {other} shares his phone or his name; lead {lead} was registered there on {day} by {person}. If they "
                "are one, it came first: customer service merges them, and the sale is cancelled and written down anew (4.2)."
            )  # fmt: skip
        return said.format(other=first.customer.number, lead=first.number, **_origin(first))

    def _is_late(self, lead: Lead) -> bool:
        return lead.stage != LeadStage.WON and local_day(lead.registered_at) > self.sale.sold_on

    def parts(self, user: Any) -> list[Part]:
        note = _(
            "What this customer had when the sale was written down; of those alive that day the first one counts."
        )
        own = Part("leads", _("Purchase leads"), table=self._own(user), note=note)
        note = _(
            "Customer service merges customers that are one; a sale without a lead that nobody has confirmed then finds it."
        )
        others = Part("doubles", _("Perhaps the same customer"), table=self._others(user), note=note)
        return [part for part, rows in ((own, self.own), (others, self.others)) if rows]

    def ways(self, user: Any) -> list[tuple[str, str]]:
        """Where whoever may merge does it."""
        if not self.others or not may(user, "customer_vehicle.merge"):
            return []
        return [(_("Merge the two customers"), self.sale.customer.get_absolute_url())]

    def _own(self, user: Any) -> Table:
        rows = [(*_row(lead, user), self._standing(lead)) for lead in self.own]
        return Table([*_head(), (_p("lead", "For this sale"), "")], rows)

    def _others(self, user: Any) -> Table:
        opens = may(user, "customer.view", self.sale.customer)
        rows = [(link(x.customer) if opens else x.customer.number, *_row(x, user)) for x in self.others]
        return Table([(_("Customer"), ""), *_head()], rows)

    def _standing(self, lead: Lead) -> str:
        if lead.pk == self.sale.lead_id:
            return _("led to this sale")
        if lead.stage == LeadStage.WON:
            return _("led to another sale")
        if self._is_late(lead):
            return _("registered after the day of the sale")
        return _("had lapsed") if lead.last_day < self.sale.sold_on else _("not the first")


def _before(sale: Sale) -> QuerySet[Lead]:
    """Whatever was registered before the sale was written down, in the order that decides."""
    rows = Lead.objects.filter(registered_at__lt=sale.made_at).order_by("registered_at", "pk")
    return rows.select_related("customer", "registered_by")


def _place(lead: Lead) -> tuple[Any, int]:
    return lead.registered_at, lead.pk


def _origin(lead: Lead) -> dict[str, str]:
    day = local_day(lead.registered_at).isoformat()
    return {"day": day, "person": str(lead.registered_by or _("the customer himself"))}


def _head() -> list[tuple[Any, str]]:
    return [(_("Number"), ""), (_("Registered"), "tight"), (_("By"), ""), (_("Counts until"), "tight")]


def _row(lead: Lead, user: Any) -> tuple[Any, ...]:
    opens = may(user, "lead.view", lead)
    who = str(lead.registered_by or _("the customer himself"))
    return (
        link(lead) if opens else lead.number,
        moments.when(lead.registered_at),
        who,
        moments.when(lead.last_day),
    )
