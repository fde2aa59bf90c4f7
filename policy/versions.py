"""What is read all the time and changed once a year: kept per process, forgotten when its version row moves."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

T = TypeVar("T")


def fresh_seconds() -> float:
    """How long a process may go on with what it knows before it looks at the version row again."""
    return getattr(settings, "FIGURES_FRESH_SECONDS", 5.0)


def number_of(name: str) -> int:
    """The version row's number; 0 before the first change."""
    from .models import Version

    numbers = Version.objects.filter(name=name).order_by().values_list("number", flat=True)
    return next(iter(numbers[:1]), 0)


class Versioned(Generic[T]):
    """One value, loaded by `load`, shared by the process.

    A transaction that changed it reads its own change without sharing it, so that a rollback leaves nothing behind.
    """

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name, self.load = name, load
        self.forget()

    def forget(self) -> None:
        """Look again at the next reading."""
        self._value: T | None = None
        self._changer: object | None = None
        self._number, self._until = -1, 0.0

    def assume(self, value: T) -> None:
        """Go on with this value without asking the database (each test begins with an empty one)."""
        self.forget()
        self._value, self._number, self._until = value, 0, float("inf")

    def get(self) -> T:
        """The value in force: no SQL while fresh, one to look at the version, two to load."""
        if self._changer is not None:
            if self._changer is _outermost():
                return self.load()
            self.forget()
        if self._value is None or time.monotonic() >= self._until:
            self._look()
        assert self._value is not None
        return self._value

    def _look(self) -> None:
        number = number_of(self.name)
        if self._value is None or number != self._number:
            self._value = self.load()
        self._number, self._until = number, time.monotonic() + fresh_seconds()

    def changed(self) -> None:
        """Tell every process; call inside the transaction that changed the rows."""
        from .models import Version

        Version.objects.get_or_create(name=self.name)
        Version.objects.filter(name=self.name).update(number=F("number") + 1)
        self.forget()
        self._changer = _outermost()
        transaction.on_commit(self.forget)


def _outermost() -> object | None:
    """The transaction that this connection is in, if any."""
    return connection.atomic_blocks[0] if connection.atomic_blocks else None
