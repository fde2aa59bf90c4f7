"""Files that arrived with a form that was refused: kept in the store, remembered in the form itself.

A sealed reference travels in a hidden field: no session, no JavaScript, and nobody can name a file that is not his.
"""

import datetime as dt
from typing import NamedTuple

from django.core import signing

SALT, KEEP = "files.kept", dt.timedelta(days=1)


class Kept(NamedTuple):
    """A judged file in the store; `name` is what its sender called it, for his eyes only; `about` what it shows, as a code."""

    sha256: str
    kind: str
    size: int
    name: str
    about: str = ""

    @property
    def seal(self) -> str:
        return signing.dumps(list(self), salt=SALT, compress=True)


def unseal(text: str) -> Kept | None:
    """The file behind a sealed reference of the last day, or None."""
    try:
        return Kept(*signing.loads(text, salt=SALT, max_age=KEEP))
    except (signing.BadSignature, TypeError):
        return None
