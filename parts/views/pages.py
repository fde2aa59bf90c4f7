"""What the store's pages share: a list page by key, and a page with a form that does one act."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display.paging import word_of
from aftersales.display.sheet import Table
from aftersales.problems import Refusal

from ..selectors import openable_numbers


def opening(url: str, text: Any) -> SafeString:
    """The link that opens a row of a list."""
    return mark_safe(f'<a href="{escape(url)}" data-open class="number">{escape(str(text))}</a>')


def link(paper: Any, named: str = "number", *, closed: bool = False) -> Any:
    """A way from a row to another paper, beside the one that opens it; its name alone where it is closed to the reader,
    nothing if there is none."""
    if not paper:
        return ""
    if closed:
        return getattr(paper, named)
    return opening_beside(paper.get_absolute_url(), getattr(paper, named))


def mark(paper: Any) -> SafeString:
    """Where a paper stands, as lists show it."""
    return format_html('<span class="stage-small stage-{}">{}</span>', paper.stage, paper.stage_label())


def tabs_of(choices: Iterable[tuple[str, Any]], asked: str, url: str = "") -> list[dict[str, Any]]:
    """All, and each stage, one tap away."""
    return [
        {"label": word, "url": f"{url}?stage={key}" if key else url or "?", "current": key == asked}
        for key, word in [("", _("All")), *choices]
    ]


#: the first letters of a number tell whose paper it is: its address
PAPERS = {
    "LL": "parts:release", "CK": "parts:slip", "JC": "parts:slip", "TK": "parts:return", "JJ": "parts:return",
    "WL": "parts:shipment",
}  # fmt: skip


def paper_links(numbers: Iterable[str], user: Any) -> dict[str, Any]:
    """Number → the paper that moved something, as a way to it for whom it opens."""
    wanted = set(numbers)
    opened = openable_numbers(user, wanted)
    ways = {number: reverse(PAPERS[number[:2]], args=[number]) for number in opened}
    if may(user, "parts.page"):
        ways |= {n: reverse("parts:receipt", args=[n]) for n in wanted if n.startswith("RK")}
    return {n: opening_beside(ways[n], n) if n in ways else n for n in wanted}


def opening_beside(url: str, text: Any) -> SafeString:
    return format_html('<a href="{}" class="number">{}</a>', url, text)


def table(head: Iterable[tuple[Any, str]], rows: Iterable[Sequence[Any]]) -> Table:
    return Table(list(head), list(rows))


def listed(
    request: Any, title: Any, head: Sequence[tuple[Any, str]], rows: Sequence[Sequence[Any]], **more: Any
) -> HttpResponse:
    """`parts/list.html`; `more`: next empty icon tabs clause, buttons [(word, url)], fields [(name, word, value, choices)]."""
    context = {"title": title, "table": table(head, rows), "empty": _("Nothing here"), **more}
    return render(request, "parts/list.html", context)


def if_empty(request: Any, filters: Iterable[str], empty: Any) -> dict[str, Any]:
    """What a list without rows says; where one of these words of the address narrows it, that nothing fits."""
    if any(word_of(request, name) for name in filters):
        return {
            "empty": _("Nothing fits"),
            "hint": _("Loosen a filter, or clear them all."),
            "clear": request.path,
        }
    return {"empty": empty}


def fill(
    request: Any, form: Any, act: Callable[..., Any], *, title: Any, back: str, template: str = "parts/form.html", **more: Any
) -> HttpResponse:  # fmt: skip
    """Show the form, or do its act and go to the paper that came of it; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(done if hasattr(done, "get_absolute_url") else back)
    context = {"form": form, "title": title, "back": back, "label": _("Save"), **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def bound(request: Any, form: type[Any], **kwargs: Any) -> Any:
    """The form as sent, or empty."""
    if request.method == "POST":
        kwargs.pop("initial", None)
        return form(request.POST, request.FILES, **kwargs)
    return form(**kwargs)
