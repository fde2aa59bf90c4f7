"""People and a completed ticket for the tests of quality."""

import datetime as dt
from typing import Any

import pytest

from accounts import middleware
from tests import build
from tests.api.conftest import program
from tests.conftest import SHANGHAI
from tests.parts.conftest import as_user, signed_in
from tests.technical import quality

__all__ = ["as_user", "program", "signed_in"]

NOW = dt.datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


@pytest.fixture
def who(db: Any) -> Any:
    """One person per role; a leader who may approve; a head of the warehouse."""
    company = build.Company()
    company._people["mgr"] = build.person("MGR", grants=("leader_approve",))
    return company


@pytest.fixture
def ticket(who: Any) -> Any:
    quality.standard()
    return build.ticket("completed", at=NOW, company=who)


@pytest.fixture
def later() -> Any:
    """`later(days=2)`: a moment after the completion."""
    return lambda **gap: NOW + dt.timedelta(**({"hours": 1} | gap))


@pytest.fixture
def one_factor(monkeypatch: Any) -> None:
    """Pages are asked for what they show; the second factor has tests of its own."""
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)
