"""Lists page by page: newest first and by key, so that page 2,000 is as fast as page 1; and what the address asks of them."""

from typing import Any

PAGE = 50


def word_of(request: Any, name: str, limit: int = 80) -> str:
    """A word of the query, without what no database can hold."""
    return _storable(request.GET.get(name, ""), limit)


def any_word(request: Any, limit: int = 80) -> str:
    """The first word of the query, whatever its name: what somebody types into a field that looks it up."""
    return _storable(next(iter(request.GET.values()), ""), limit)


def _storable(word: str, limit: int) -> str:
    return str(word).replace("\x00", "").strip()[:limit]


def by_key(request: Any, rows: Any) -> tuple[list[Any], str]:
    """A page, newest first, by key; and the query of the page after it, blank on the last."""
    before = request.GET.get("before", "")
    if before.isdecimal() and before.isascii() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], going_on(request, before=found[PAGE - 1].pk) if len(found) > PAGE else ""


def paged(request: Any, rows: Any) -> dict[str, Any]:
    """The same as a template's `rows` and `next`."""
    found, more = by_key(request, rows)
    return {"rows": found, "next": more}


def going_on(request: Any, **more: Any) -> str:
    """The query of this address with some of its words said anew."""
    params = request.GET.copy()
    for name, value in more.items():
        params[name] = str(value)
    return f"?{params.urlencode()}"
