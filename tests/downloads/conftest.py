"""A kind of download of these tests' own, and files below a folder of the test."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from accounts import middleware
from aftersales.downloads import writers, writing
from aftersales.xlsx import write
from tests.pages.conftest import as_user

__all__ = ["as_user"]


class Scribe:
    """Writes `rows` rows; what it is asked to do on the way stands in `midway`."""

    def __init__(self) -> None:
        self.rows, self.written, self.midway = 3, 0, lambda: None

    def __call__(self, out: Any, wishes: Any, user: Any, progress: Any, *, at: dt.datetime) -> Any:
        progress.expect(self.rows)
        write(out, "Sheet", ["A"], progress.over([number] for number in range(self.rows)))
        self.midway()
        return self.note

    def note(self) -> None:
        self.written += 1


@pytest.fixture
def scribe(monkeypatch: Any, settings: Any, tmp_path: Any) -> Iterator[Scribe]:
    settings.DATA = tmp_path
    monkeypatch.setattr(writing, "SIGN_OF_LIFE", 0.0)
    scribe = Scribe()
    monkeypatch.setitem(writers.WRITERS, "test", writers.Writer(scribe, ("list.export", "ticket.list")))
    return scribe


@pytest.fixture
def one_factor(monkeypatch: Any) -> None:
    """Pages are asked for what they show; the second factor has tests of its own."""
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)


def files(folder: Any) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in (folder / "downloads").rglob("*") if p.is_file())
