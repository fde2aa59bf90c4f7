"""The fixtures of the pages and of the API serve here too; finance and the warehouse come with their second factor."""

import pytest

from accounts.services import enrol_totp
from tests.api.conftest import program
from tests.pages.conftest import as_user as any_user

__all__ = ["any_user", "program"]


@pytest.fixture
def as_user(any_user):
    """A client signed in as that person, who has set up whatever his role asks of him."""

    def sign_in(user, language="en"):
        if user.needs_second_factor and not user.authenticator_set.exists():
            enrol_totp(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        return any_user(user, language)

    return sign_in


@pytest.fixture(autouse=True)
def _sentences_in_english(english: None) -> None:
    """What the services refuse is compared in English here."""
