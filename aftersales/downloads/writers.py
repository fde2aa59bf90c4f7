"""Who writes what: each kind of download with the rights that it asks."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol, TypeVar

T = TypeVar("T")
#: what is written down once the file is kept (the audit's event, say); called inside the transaction that keeps it
Note = Callable[[], Any]


class Watch(Protocol):
    """What a writer says about its progress."""

    def expect(self, total: int) -> None:
        """There will be so many rows."""

    def over(self, rows: Iterable[T], /) -> Iterator[T]:
        """The rows as they are, counted."""
        ...


class Unwatched:
    """Nobody waits: the answer is written at once."""

    def expect(self, total: int) -> None:
        pass

    def over(self, rows: Iterable[T], /) -> Iterator[T]:
        return iter(rows)


Write = Callable[..., Note]


class Writer(NamedTuple):
    """`write(out, wishes, user, progress, at=…)` fills `out` with a workbook of what `user` may see now."""

    write: Write
    actions: tuple[str, ...]

    def allowed(self, user: Any) -> bool:
        """Every action is asked, of a person who still works here."""
        return user.is_active and all(user.has_perm(action) for action in self.actions)


WRITERS: dict[str, Writer] = {}


def writer(kind: str, *actions: str) -> Callable[[Write], Write]:
    """Register the function that writes downloads of this `kind`; who asks, waits and fetches must hold all `actions`."""

    def register(write: Write) -> Write:
        WRITERS[kind] = Writer(write, actions)
        return write

    return register
