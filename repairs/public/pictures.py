"""The pictures of a customer's form; those that came with a refused one, or before it in pieces, need not be chosen again."""

from typing import Any

from django.utils.translation import gettext as _

from aftersales import files
from aftersales.files import Kept, unseal
from aftersales.problems import Refusal

LIMIT = 9
#: field of the form → what the file shows, as it is kept with it
FIELDS = {"nameplate": "nameplate", "photos": ""}


class Pictures:
    """The pictures of one form: what it remembers, what came now, and one sentence at its field for each that cannot be
    taken (`errors`: field and sentence)."""

    def __init__(self, request: Any, limit: int = LIMIT) -> None:
        self.errors: list[tuple[str, str]] = []
        dropped = set(request.POST.getlist("drop"))
        known = [unseal(text) for text in request.POST.getlist("kept")[: 2 * LIMIT] if text not in dropped]
        self.kept: list[Kept] = []
        for kept in known:
            self._add(kept)
        fresh = [(field, upload) for field in FIELDS for upload in request.FILES.getlist(field)]
        many = len(fresh) + len(self.kept) > limit
        self.kept = self.kept[:limit]
        for field, upload in fresh[: limit - len(self.kept)]:
            self._judge(field, upload)
        if many:
            self.errors.append(
                ("photos", _("At most nine pictures belong to one report; the others were left out."))
            )

    def _judge(self, field: str, upload: Any) -> None:
        try:
            stored = files.take(upload, "image" if field == "nameplate" else "any", field)
        except Refusal as refusal:
            self.errors.append((field, f"{upload.name[:60]}: {refusal}"))
            return
        self._add(Kept(stored.sha256, stored.kind, stored.size, upload.name[-60:], FIELDS[field]))

    def _add(self, kept: Kept | None) -> None:
        """The same file is kept once, however often it came."""
        if kept is not None and all(kept.sha256 != other.sha256 for other in self.kept):
            self.kept.append(kept)

    def told(self, form: Any) -> None:
        """Put the sentences into the form, each at its field or, where it has none of them, at the pictures."""
        for field, sentence in self.errors:
            form.add_error(field if field in form.fields else "photos", sentence)
