"""What others may do with notices: tell people, take back what was overtaken, deliver what waits."""

from .delivering import deliver, retry_dead
from .reading import mark_all_read, mark_read, prefer
from .telling import Word, supersede, tell, tell_many

__all__ = [
    "Word",
    "deliver",
    "mark_all_read",
    "mark_read",
    "prefer",
    "retry_dead",
    "supersede",
    "tell",
    "tell_many",
]
