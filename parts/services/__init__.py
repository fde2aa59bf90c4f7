"""Acts of the warehouse and of purchasing, and the papers of parts."""

from .asking import answer, ask, set_minimum, set_shelf
from .codes import adopt_old_code, new_code, note_code, take_code
from .consuming import confirm_consumption
from .counting import approve_count, propose_count, refuse_count
from .disposing import approve_disposal, propose_disposal, refuse_disposal
from .monthly import open_lists, submit_list
from .shipping import deliver, pack, send, send_back
from .store import Short, drift, move, on_hand, receive_goods, write_costs
from .taking_over import take_over

__all__ = [
    "Short",
    "adopt_old_code",
    "answer",
    "approve_count",
    "approve_disposal",
    "ask",
    "confirm_consumption",
    "deliver",
    "drift",
    "move",
    "new_code",
    "note_code",
    "on_hand",
    "open_lists",
    "pack",
    "propose_count",
    "propose_disposal",
    "receive_goods",
    "refuse_count",
    "refuse_disposal",
    "send",
    "send_back",
    "set_minimum",
    "set_shelf",
    "submit_list",
    "take_code",
    "take_over",
    "write_costs",
]
