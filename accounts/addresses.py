"""Every address of the portal, flat: for the system check and for the walk over all roles."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Address(NamedTuple):
    """One leaf of the URL tree; `name` as `reverse` and `resolve` say it ("" when it has none)."""

    route: str
    name: str
    view: Any
    arguments: tuple[str, ...]


def addresses(
    resolver: URLResolver | None = None, route: str = "", space: str = "", above: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Walk the tree below `resolver` (default: the whole portal)."""
    for entry in (resolver or get_resolver()).url_patterns:
        here, names = route + str(entry.pattern), above + tuple(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from addresses(
                entry, here, f"{space}{entry.namespace}:" if entry.namespace else space, names
            )
        elif isinstance(entry, URLPattern):
            yield Address(here, f"{space}{entry.name}" if entry.name else "", entry.callback, names)
