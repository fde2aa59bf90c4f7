"""The pictures of a customer's form; those that came with a refused one need not be chosen again."""

from typing import Any

from django.utils.translation import gettext as _

from aftersales import files
from aftersales.files import Kept, unseal
from aftersales.problems import Refusal

LIMIT = 9


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
