"""People who can be written to."""

import itertools
from typing import Any

import pytest

from accounts.models import User
from tests import build

_number = itertools.count(1)


@pytest.fixture
def reader(db) -> Any:
    """`reader("CS")`: somebody of that role with an e-mail address."""

    def made(*roles: str, **facts: Any) -> User:
        return build.person(*(roles or ("ENG",)), **{"email": f"reader{next(_number)}@example.com", **facts})

    return made
