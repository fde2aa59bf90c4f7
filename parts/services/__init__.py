"""Acts of the warehouse and of purchasing, and the papers of parts."""

from .codes import adopt_old_code, known_code, new_code, note_code, take_code
from .store import Short, drift, move, on_hand, receive_goods

__all__ = [
    "Short",
    "adopt_old_code",
    "drift",
    "known_code",
    "move",
    "new_code",
    "note_code",
    "on_hand",
    "receive_goods",
    "take_code",
]
