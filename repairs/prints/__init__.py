"""What the printed forms 9.1, 9.2, 9.4 and 9.5 say: `read` fetches the records, the rest assembles them into a plain sheet."""

from collections.abc import Callable
from typing import Any

from . import intake, order, quote, survey
from .quote import QuoteRecord
from .read import Beside, Record, Signed, read

SHEETS: dict[str, Callable[[Record], dict[str, Any]]] = {
    "9.1": intake.sheet,
    "9.2": order.sheet,
    "9.5": survey.sheet,
}

quotation = quote.sheet

__all__ = ["SHEETS", "Beside", "QuoteRecord", "Record", "Signed", "quotation", "read"]
