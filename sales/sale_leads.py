"""What whoever records or confirms a sale must know of leads (4.2): all that this customer had then, and those of his likely
double, which only a merge makes his."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Part, Table

from .around import Around, came_late, origin
from .lead_flow import LeadStage
from .models import Lead

Banner = tuple[str, Any, Any] | None


class Leads(Around):
    """The leads around one sale, as its page shows them."""

    @property
    def doubles(self) -> list[Lead]:
        """What the page shows of his likely doubles."""
        return [*self.others, *(lead for lead in self.late if lead.customer_id != self.sale.customer_id)]

    def banner(self) -> Banner:
        """What speaks against confirming it as it stands, while nobody has. Another sale's number is not everybody's (J136)."""
        if self.undecided is not None:
            said = _(
                "Another sale of this customer is asked to be cancelled, and the lead that led to it may be this sale's. Until "
                "that is decided nobody confirms this commission (4.2)."
            )
            return "warning", _("The lead of another sale may become free"), said
        if self.others:
            return "warning", _("Perhaps this customer has a lead under another number"), self._of_another()
        if self.late:
            return "warning", _("A lead was there before the sale was written down"), came_late(self.late)
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
        return said.format(other=first.customer.number, lead=first.number, **origin(first))

    def parts(self, user: Any) -> list[Part]:
        note = _(
            "What this customer had when the sale was written down; of those alive that day the first one counts."
        )
        own = Part("leads", _("Purchase leads"), table=self._own(user), note=note)
        note = _(
            "Customer service merges customers that are one; a sale without a lead that nobody has confirmed then finds it."
        )
        others = Part("doubles", _("Perhaps the same customer"), table=self._others(user), note=note)
        return [part for part, rows in ((own, self.own), (others, self.doubles)) if rows]

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
        rows = [(link(x.customer) if opens else x.customer.number, *_row(x, user)) for x in self.doubles]
        return Table([(_("Customer"), ""), *_head()], rows)

    def _standing(self, lead: Lead) -> str:
        if lead.pk == self.sale.lead_id:
            return _("led to this sale")
        if lead.stage == LeadStage.WON:
            return _("led to another sale")
        if self.is_late(lead):
            return _("registered after the day of the sale")
        return _("had lapsed") if lead.last_day < self.sale.sold_on else _("not the first")


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
