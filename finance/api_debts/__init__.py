"""`/api/v1/` of debts: what finance's pages show and take, amounts as strings of yuan."""

from . import bank, claims, credit, debts, site

SCHEMAS = debts.SCHEMAS | site.SCHEMAS | credit.SCHEMAS | bank.SCHEMAS | claims.SCHEMAS

__all__ = ["SCHEMAS", "bank", "claims", "credit", "debts", "site"]
