"""A browser for each person, without the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client


@pytest.fixture
def as_user(db: Any) -> Callable[..., Client]:
    """`as_user(people.cs)`: a client signed in as that person, what a process remembers already warm."""
    from deadlines.models import CollectionRound
    from policy import figures
    from repairs.models import Ticket

    for model in (Ticket, CollectionRound):
        ContentType.objects.get_for_model(model)
    figures.value("warranty_months")

    def sign_in(user: Any, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user, backend="accounts.backend.GrantsBackend")
        return client

    return sign_in
