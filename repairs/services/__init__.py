"""Acts on a ticket. Each is one transaction: all of it happens, or none."""

from .closing import call_back, close_unreached, reopen, write_off
from .contacting import attempt, contact, edit_sheet
from .core import locked
from .intake import (
    accept,
    call_in,
    cancel,
    edit_record,
    hand_over,
    match_vehicle,
    merge,
    phone_in,
    relay,
    report,
)
from .orders import change_order, end_order, open_order, order_from_before
from .people import ask_replacement, crew_add, crew_leave, log_unreachable, reassign
from .planning import consent, pause_plan, plan, replan
from .serving import begin, complete
from .talk import (
    attach,
    detach_metadata,
    message,
    note,
    prefer_telling,
    rights_wish,
    survey_by_customer,
    withdraw_wish,
)

__all__ = [
    "accept",
    "ask_replacement",
    "attach",
    "attempt",
    "begin",
    "call_back",
    "call_in",
    "cancel",
    "change_order",
    "close_unreached",
    "complete",
    "consent",
    "contact",
    "crew_add",
    "crew_leave",
    "detach_metadata",
    "edit_record",
    "edit_sheet",
    "end_order",
    "hand_over",
    "locked",
    "log_unreachable",
    "match_vehicle",
    "merge",
    "message",
    "note",
    "open_order",
    "order_from_before",
    "pause_plan",
    "phone_in",
    "prefer_telling",
    "plan",
    "reassign",
    "relay",
    "reopen",
    "replan",
    "rights_wish",
    "report",
    "survey_by_customer",
    "withdraw_wish",
    "write_off",
]
