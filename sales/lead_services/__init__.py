"""Acts on leads and sales; each is one transaction."""

from .forgetting import forget
from .handling import assign, follow, lose, take
from .lapsing import lapse
from .registering import Consent, Wish, register
from .selling import ask_cancel, cancel, confirm, correct, let_stand, record, send_back

__all__ = [
    "Consent", "Wish", "ask_cancel", "assign", "cancel", "confirm", "correct", "follow", "forget", "lapse",
    "let_stand", "lose", "record", "register", "send_back", "take",
]  # fmt: skip
