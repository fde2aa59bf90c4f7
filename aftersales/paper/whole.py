"""A whole sheet of any paper as plain data: head of the charter, numbers, parts, hands, QR back to the record."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import pgettext as _p

from aftersales.display import moments

from . import drawings, heads
from .sheets import Plain
from .texts import clean


def whole(
    title: str, paper: Any, parts: list[Plain], *, by: Any, at: dt.datetime, form: str = "", row: float = 8.4,
    numbers: dict[str, str] | None = None,
) -> Plain:  # fmt: skip
    """`paper` has number, made_at, made_by, changed_*, revision and an address; `row`: height of a row in millimetres."""
    company = heads.company()
    where = f"{settings.SITE_URL}{paper.get_absolute_url()}"
    lines = [(label, clean(value)) for label, value in (numbers or {}).items()]
    return {
        "lang": "en" if get_language() == "en" else "zh-Hans", "form": form, "title": title, "company": company,
        "over": company, "running": f"{company} · {title}", "cover": [list(f) for f in heads.head(form).fields()],
        "number": paper.number, "numbers": [list(p) for p in [*lines, (_p("form", "Revision"), str(paper.revision))]],
        "qr": drawings.qr(where) | {"alt": where}, "address": where, "row": row, "parts": parts, "hands": hands(paper),
        "page": _p("form", "Page {page} of {pages}"), "printed": printed(by, at), "at": int(at.timestamp()),
        "source": _p("form", "After-sales service charter {form}").format(form=form).strip(),
    }  # fmt: skip


def hands(paper: Any) -> str:
    """Who wrote the sheet and who changed it last; what nobody did the portal did by itself."""
    written = _p("form", "Written: {who} {when}").format(
        who=paper.made_by or _p("form", "portal"), when=moments.when(paper.made_at))  # fmt: skip
    if paper.revision < 2:
        return written
    changed = _p("form", "Changed: {who} {when}").format(
        who=paper.changed_by or _p("form", "portal"), when=moments.when(paper.changed_at))  # fmt: skip
    return f"{written}    {changed}"


def printed(by: Any, at: dt.datetime) -> str:
    return _p("form", "Printed: {who} {when}").format(who=clean(by.get_full_name()), when=moments.when(at))
