"""The ledger, what came in, what is owed, what is borne by whom, and the months."""

from .ledger import Account, Kind, Reversal, Transfer
from .months import (
    AccountRow,
    ClosedMonth,
    Column,
    MonthReopening,
    Reconciliation,
    Statement,
    StatementAdjustment,
    Unlocking,
    YearEnd,
    YearShare,
    month_name,
)
from .owed import BankImport, BankRow, Chase, CustomerRefund, Invoice, SiteMoney, WriteOff
from .receipts import Receipt, ReceiptUse, Receivable
from .wages import Assessment, Deduction, MinimumWage, Payroll, Refund, Wage

__all__ = [
    "Account", "AccountRow", "Assessment", "BankImport", "BankRow", "Chase", "ClosedMonth", "Column", "CustomerRefund",
    "Deduction", "Invoice", "Kind", "MinimumWage", "MonthReopening", "Payroll", "Receipt", "ReceiptUse", "Receivable",
    "Reconciliation", "Refund", "Reversal", "SiteMoney", "Statement", "StatementAdjustment", "Transfer", "Unlocking", "Wage",
    "WriteOff", "YearEnd", "YearShare", "month_name",
]  # fmt: skip
