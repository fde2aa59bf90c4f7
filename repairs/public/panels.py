"""What the departments above show the customer on his private page: each registers a function, the page asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..models import Ticket


@dataclass(frozen=True)
class Panel:
    """`place`: “consent” (read before he agrees to fit the part himself) or “road” (below the solution)."""

    place: str
    template: str
    facts: dict[str, Any]


PANELS: list[Callable[[Ticket], Panel | None]] = []


def panels_of(ticket: Ticket) -> dict[str, list[Panel]]:
    """By place, in the order in which they were registered."""
    found = [panel for panel in (ask(ticket) for ask in PANELS) if panel is not None]
    return {f"{place}_panels": [p for p in found if p.place == place] for place in ("consent", "road")}
