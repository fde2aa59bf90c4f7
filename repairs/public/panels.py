"""What the departments above show the customer on his private page: each registers a function, the page asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from ..models import Ticket


@dataclass(frozen=True)
class Panel:
    """`place`: “consent” (read before he agrees to fit the part himself), “road” (below the solution) or “dispute” (with the
    form of the act of that name). `ahead`: a template for “what happens next”, while there is something to do about it."""

    place: str
    template: str
    facts: dict[str, Any]
    ahead: str = ""


@dataclass(frozen=True)
class Act:
    """What a department above does with an entry of his: `do(ticket, at=…, **entries)`; `thanks` is said afterwards."""

    form: type[forms.Form]
    do: Callable[..., Any]
    thanks: Any


#: by name; the page offers it through the panel of that name
ACTS: dict[str, Act] = {}
PANELS: list[Callable[[Ticket], Panel | None]] = []


def panels_of(ticket: Ticket) -> dict[str, list[Panel]]:
    """By place, in the order in which they were registered."""
    found = [panel for panel in (ask(ticket) for ask in PANELS) if panel is not None]
    return {
        f"{place}_panels": [p for p in found if p.place == place] for place in ("consent", "road", "dispute")
    }
