"""The pages' fixture, for people whose second factor is set up: who moves stock or money must have one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.services import enrol_totp
from tests.pages.conftest import as_user as signed_in

__all__ = ["signed_in"]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def as_user(signed_in: Callable[..., Client]) -> Callable[..., Client]:
    def sign_in(user: Any, language: str = "en") -> Client:
        if user.needs_second_factor and not user.has_second_factor:
            enrol_totp(user, SECRET)
        return signed_in(type(user).objects.get(pk=user.pk), language)

    return sign_in


@pytest.fixture(autouse=True)
def _sentences_in_english(english: None) -> None:
    """What the services refuse is compared in English here."""
