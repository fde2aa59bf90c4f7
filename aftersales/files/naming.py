"""Who still needs a kept file: every app that keeps files says here which of them it names, so that none is tidied away."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Namer = Callable[[list[str]], Iterable[str]]
N = TypeVar("N", bound=Namer)

_namers: dict[str, Namer] = {}


def names_files(namer: N) -> N:
    """Register a function: of these digests (SHA-256), those that its rows still refer to. Imported when the app is ready."""
    _namers[f"{namer.__module__}.{namer.__qualname__}"] = namer
    return namer


def namers() -> list[str]:
    """Who has registered, for the test that holds the list."""
    return sorted(_namers)


def named(digests: Iterable[str]) -> set[str]:
    """Of these digests, those that any app still names."""
    wanted = list(digests)
    return {digest for namer in _namers.values() for digest in namer(wanted)} if wanted else set()
