"""差旅报销 FY (8.2–8.5): written by who went, checked by finance, decided by a leader where the standard ends, paid, and taken
back by two persons."""

from .deciding import apart, check, decide, send_back
from .journeys import days, journey_of, may_claim, nights, people_of
from .lines import Entry
from .paying import pay
from .reversing import done_of, let_stand, proposal_of, propose_reversal, take_back
from .writing import add_line, hold, must_be_back, remove_line, submit, withdraw, write

__all__ = [
    "Entry", "add_line", "apart", "check", "days", "decide", "done_of", "hold", "journey_of", "let_stand", "may_claim",
    "must_be_back", "nights", "pay", "people_of", "proposal_of", "propose_reversal", "remove_line", "send_back", "submit",
    "take_back", "withdraw", "write",
]  # fmt: skip
