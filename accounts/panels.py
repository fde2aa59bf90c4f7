"""Other apps add a panel to the profile (notices: the channels) without being known here.

In their `apps.py`, `ready`: `panels.register(Panel("notices/_channels.html", lambda request: {...}))`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Panel(NamedTuple):
    """A template and what fills it, from the request."""

    template: str
    context: Callable[[Any], dict[str, Any]]


PANELS: list[Panel] = []


def register(panel: Panel) -> None:
    if panel not in PANELS:
        PANELS.append(panel)


def of(request: Any) -> list[dict[str, Any]]:
    """Every panel, ready to be included with `with data=panel.data`."""
    return [{"template": panel.template, "data": panel.context(request)} for panel in PANELS]
