"""The two papers of the sales desk as pages and endpoints: lead and sale."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deadlines.papers import PaperDesk

from .. import lead_sheets as sheets
from ..lead_selectors import leads_for, sales_for
from ..lead_steps import LEAD_ACTS, LEAD_STEPS, SALE_ACTS, SALE_STEPS
from ..models import Lead, Sale


def lead_payload(lead: Lead, user: Any) -> dict[str, Any]:
    """Facts of a lead; the phone is masked here, whoever asks."""
    return {
        "customer": lead.customer.number, "contact": lead.contact.shown_name, "organisation": lead.contact.organisation,
        "phone": lead.contact.masked_phone, "source": lead.source, "ticket": lead.ticket, "registered_at": lead.registered_at,
        "registered_by": lead.registered_by.username if lead.registered_by else None, "by_engineer": lead.by_engineer,
        "last_day": lead.last_day, "lapsed": lead.is_lapsed, "model": lead.model.code if lead.model else None,
        "quantity": lead.quantity, "wanted": lead.wanted, "words": lead.words, "consent_how": lead.consent_how,
        "consent_at": lead.consent_at, "seller": lead.seller.username if lead.seller else None,
        "follow_up_at": lead.follow_up_at, "lost_why": lead.lost_why,
    }  # fmt: skip


def sale_payload(sale: Sale, user: Any) -> dict[str, Any]:
    """Facts of a sale; amounts are strings of yuan."""
    return {
        "customer": sale.customer.number, "seller": sale.seller.username, "sold_on": sale.sold_on,
        "model": sale.model.code if sale.model else None, "quantity": sale.quantity,
        "vehicles": [vehicle.vin for vehicle in sale.vehicles.all()],
        "price": None if sale.price is None else str(sale.price), "commission": str(sale.commission),
        "lead": sale.lead.number if sale.lead else None, "fee": str(sale.fee), "why": sheets.why(sale),
        "informant": sale.informant.username if sale.informant else None, "confirmed_at": sale.confirmed_at,
    }  # fmt: skip


LEADS = PaperDesk(
    app="sales", name="lead", plural="leads", steps=LEAD_STEPS, view="lead.view", step_action="sale.step", rows=leads_for,
    sheet=sheets.lead_sheet, payload=lead_payload, home=("sales:leads", _("Purchase leads")), acts=LEAD_ACTS,
)  # fmt: skip
SALES = PaperDesk(
    app="sales", name="sale", plural="sales", steps=SALE_STEPS, view="sale.view", step_action="sale.step", rows=sales_for,
    sheet=sheets.sale_sheet, payload=sale_payload, home=("sales:sold", pgettext_lazy("sales list", "Sales")), acts=SALE_ACTS,
)  # fmt: skip
