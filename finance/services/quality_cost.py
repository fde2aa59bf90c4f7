"""损失 CoPQ (9.6): what one case of quality cost the company, from the same rows as sheet 9.3."""

import datetime as dt
from decimal import Decimal

from technical.models import Report

from .. import logbook, rows
from ..models import Column
from ..rules import ZERO

#: the columns of 9.3 that are money gone for a failure; half of a fine is the driver's fault, not the part's
COLUMNS = (
    Column.WARRANTY_COST, Column.TRAVEL, Column.KILOMETRES, Column.LODGING, Column.MEALS, Column.FREIGHT,
    Column.NO_RECEIPT,
)  # fmt: skip


def of(report: Report, at: dt.datetime) -> dict[str, Decimal]:
    """Column → yuan of the round of the ticket that this report analyses, as known at that moment; only what is more than 0.00.

    Parts are what those cost that the company gave; what a customer buys is no loss. Travel, kilometres and freight are the
    ticket's share of its trips and parcels. Labour that the company gives is not priced by the charter and counts nothing.
    """
    done = logbook.of_rounds([(report.ticket_id, report.round)])
    found = rows.rows_for(done, at)
    amounts = found[0].amounts if found else {}
    return {column: amounts[column] for column in COLUMNS if amounts.get(column, ZERO)}


def total(costs: dict[str, Decimal]) -> Decimal:
    """The loss of the case, yuan."""
    return sum(costs.values(), ZERO)
