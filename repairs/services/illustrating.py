"""Pictures of help articles: judged, kept and measured; named as long as their article is there."""

import datetime as dt
import secrets
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales import files
from aftersales.problems import BadEntry

from ..models import HelpArticle, HelpPicture
from .articles import WRITE


def show(article: HelpArticle, photo: Any, *, by: Any, at: dt.datetime) -> HelpPicture:
    """Keep a picture for a step of this article (A25): an upload, or one that a refused form remembers; without metadata
    it is shown. The same picture again is the one that is there. Raises `BadEntry` at `steps`."""
    demand(by, WRITE)
    sha256 = (photo if isinstance(photo, files.Kept) else files.take(photo, "image", "steps")).sha256
    known = article.pictures.filter(sha256=sha256).first()
    if known is not None:
        return known
    size = files.size_of(sha256)
    if size is None:
        raise BadEntry(
            _("The picture is damaged and cannot be read. Please take or send it again."), field="steps"
        )
    return HelpPicture.objects.create(
        article=article, sha256=sha256, key=secrets.token_hex(16), width=size[0], height=size[1], at=at, by=by
    )


@files.names_files
def illustrated(digests: list[str]) -> Any:
    """Pictures of help articles stay as long as their versions can be read."""
    return HelpPicture.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
