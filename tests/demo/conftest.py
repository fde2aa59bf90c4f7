"""Who looks at the demonstration company."""

from tests.finance.conftest import one_factor
from tests.pages.conftest import as_user

__all__ = ["as_user", "one_factor"]
