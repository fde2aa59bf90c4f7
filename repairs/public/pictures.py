"""Pictures that arrived with a form that was refused: kept in the store, remembered in the form itself.

A sealed reference travels in a hidden field: no session, no JavaScript, and nobody can name a file that is not his.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.core import signing
from django.utils.translation import gettext as _

from aftersales import files
from aftersales.problems import Refusal

SALT, KEEP, LIMIT = "public.pictures", dt.timedelta(days=1), 9


class Kept(NamedTuple):
    """A judged file in the store; `name` is what the customer called it, for his eyes only."""

    sha256: str
    kind: str
    size: int
    name: str

    @property
    def seal(self) -> str:
        return signing.dumps(list(self), salt=SALT, compress=True)


def unseal(text: str) -> Kept | None:
    """The file behind a sealed reference of the last day, or None."""
    try:
        return Kept(*signing.loads(text, salt=SALT, max_age=KEEP))
    except (signing.BadSignature, TypeError):
        return None


class Pictures:
    """The pictures of one form: what it remembers, what came now, and one sentence for each that cannot be taken."""

    def __init__(self, request: Any, limit: int = LIMIT) -> None:
        self.errors: list[str] = []
        dropped = set(request.POST.getlist("drop"))
        known = [unseal(text) for text in request.POST.getlist("kept") if text not in dropped]
        self.kept = [kept for kept in known if kept is not None][:limit]
        fresh = request.FILES.getlist("photos")
        for upload in fresh[: limit - len(self.kept)]:
            self._judge(upload)
        if len(fresh) + len(known) > limit:
            self.errors.append(_("At most nine pictures belong to one report; the others were left out."))

    def _judge(self, upload: Any) -> None:
        try:
            stored = files.take(upload)
        except Refusal as refusal:
            self.errors.append(f"{upload.name[:60]}: {refusal}")
            return
        kept = Kept(stored.sha256, stored.kind, stored.size, upload.name[-60:])
        if all(kept.sha256 != other.sha256 for other in self.kept):
            self.kept.append(kept)
