"""The ledger, what came in, and what is owed."""

from .ledger import Account, Kind, Reversal, Transfer
from .receipts import Receipt, ReceiptUse, Receivable

__all__ = ["Account", "Kind", "Receipt", "ReceiptUse", "Receivable", "Reversal", "Transfer"]
