"""A customer with a mobile, and a gateway that takes his messages."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.pages.conftest import as_user

from .gateway import Gateway

__all__ = ["as_user"]


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    found = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SITE_URL = (
        found.url,
        "key-1",
        "https://service.example.com",
    )
    yield found
    found.close()
