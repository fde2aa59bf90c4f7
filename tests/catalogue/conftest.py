"""The fixtures of the pages serve here too."""

from tests.api.conftest import program
from tests.pages.conftest import as_user

__all__ = ["as_user", "program"]
