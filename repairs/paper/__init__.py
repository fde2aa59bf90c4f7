"""The ticket as the paper: its sections, each a list of (label, value[, "wide"]) for `_section.html`."""

from .head import head
from .reading import Cell, Read, Round, Section
from .rounds import rounds

__all__ = ["Cell", "Read", "Round", "Section", "head", "rounds"]
