"""The ledger, what came in, what is owed, what is borne by whom, travel, and the months."""

from .claims import BY_RECEIPT, COLUMN, ENDED, Claim, ClaimLine, LineKind, MealDay, TravelCost
from .fees import Fee
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
from .wages import Assessment, Deduction, MinimumWage, Payroll, Refund, Wage, Waiver

__all__ = [
    "BY_RECEIPT", "COLUMN", "ENDED", "Account", "AccountRow", "Assessment", "BankImport", "BankRow", "Chase", "Claim",
    "ClaimLine", "ClosedMonth", "Column", "CustomerRefund", "Deduction", "Fee", "Invoice", "Kind", "LineKind", "MealDay",
    "MinimumWage", "MonthReopening", "Payroll", "Receipt", "ReceiptUse", "Receivable", "Reconciliation", "Refund", "Reversal",
    "SiteMoney", "Statement", "StatementAdjustment", "Transfer", "TravelCost", "Unlocking", "Wage", "Waiver", "WriteOff",
    "YearEnd", "YearShare", "month_name",
]  # fmt: skip
