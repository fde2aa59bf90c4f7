"""The acts on a parts-only order (8.7)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.steps import Step, Steps
from deadlines.papers import EmptyForm

from . import order_forms, quote_forms
from .models import OrderStage, PartsOrder, Quotation
from .services import quotations
from .services.orders import change_order, end_order


def quote(order: PartsOrder, *, by: Any, at: dt.datetime, **facts: Any) -> Quotation:
    """A draft of a quotation for the order."""
    return quotations.draft(order, by=by, at=at, **facts)


OPEN = (OrderStage.OPEN,)
STEPS = Steps(PartsOrder, [
    Step("quote", _("Quotation"), "9.4", "quote.create", quote_forms.FactsForm, quote, OPEN),
    Step("edit", _("Correct the order"), "8.7", "parts_order.open", order_forms.EditOrderForm, change_order, OPEN),
    Step("end", _("End the order"), "8.7", "parts_order.open", EmptyForm, end_order, OPEN, danger=True),
])  # fmt: skip
