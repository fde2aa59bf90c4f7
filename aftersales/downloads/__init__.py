"""Long exports: a worker writes them, and they stay in the person's downloads for seven days.

The row is the memory, the task only a bell. A worker takes a row by compare-and-set and counts the attempt; every second
of writing renews its lease. Whoever comes after the lease ran out takes the row again, and the first one's word counts no
more: every later change asks for the number of the attempt.
"""

from .answering import answer
from .asking import LONG, PAGE, ask, is_long, may_fetch
from .keeping import KEPT, fetchable, path_of, tidy
from .writers import Note, Unwatched, Watch, writer
from .writing import take_away, write_waiting

__all__ = [
    "KEPT", "LONG", "PAGE", "Note", "Unwatched", "Watch", "answer", "ask", "fetchable", "is_long", "may_fetch", "path_of",
    "take_away", "tidy", "write_waiting", "writer",
]  # fmt: skip
