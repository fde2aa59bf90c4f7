"""`/api/v1/` of debts: what finance's pages show and take, amounts as strings of yuan."""

from . import bank, credit, debts, site

SCHEMAS = debts.SCHEMAS | site.SCHEMAS | credit.SCHEMAS | bank.SCHEMAS

__all__ = ["SCHEMAS", "bank", "credit", "debts", "site"]
