"""How a help article looks at the desk (2.2): its versions, what changed between two, who did what, what it was good for."""

from typing import Any

from django.db.models import Sum
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from aftersales.display.marks import by_at, yes_no
from aftersales.display.sheet import Table
from repairs.models import HelpArticle, HelpVersion
from repairs.models.helped import COUNTED
from repairs.timeline import Entry


def versions(rows: list[HelpVersion], shown: HelpVersion) -> Table:
    """All versions, each with the way to it and to what it changed."""
    head = [(_("Version"), "tight"), (_("Stage"), "tight"), (_("Drafted by"), ""), (_("Published by"), ""),
            (_p("help article", "Ended"), ""), (_("Reason"), ""), ("", "tight")]  # fmt: skip
    return Table(head, [_version(row, shown, _before(row, rows)) for row in rows])


def _before(row: HelpVersion, rows: list[HelpVersion]) -> int:
    """The number of the version before that somebody published; 0 for none."""
    return max((old.number for old in rows if old.number < row.number and old.published_at), default=0)


def _version(row: HelpVersion, shown: HelpVersion, before: int) -> tuple[Any, ...]:
    is_shown = "true" if row.pk == shown.pk else "false"
    number = format_html(
        '<a class="number" href="?version={0}" aria-current="{1}">{0}</a>', row.number, is_shown
    )
    way = '<a href="?version={}&amp;against={}#compared">{}</a>'
    compare = format_html(way, row.number, before, _("What changed")) if before else ""
    return (
        number, row.get_stage_display(), by_at(row.drafted_by, row.drafted_at), by_at(row.published_by, row.published_at),
        by_at(row.ended_by, row.ended_at), row.why, compare,
    )  # fmt: skip


def compared(before: HelpVersion, after: HelpVersion) -> Table:
    """Field by field and step by step, only what differs."""
    pairs = zip(_told(before), _told(after), strict=True)
    steps = max(len(before.steps), len(after.steps))
    lines = [(_("Step {n}").format(n=n + 1), _step(before, n), _step(after, n)) for n in range(steps)]
    rows = [*((label, old, new) for (label, old), (_same, new) in pairs), *lines]
    head = [
        ("", "tight"),
        (_("Version {n}").format(n=before.number), ""),
        (_("Version {n}").format(n=after.number), ""),
    ]
    return Table(head, [row for row in rows if row[1] != row[2]])


def _told(row: HelpVersion) -> list[tuple[str, str]]:
    fits = "、".join(fit.code for fit in row.fits.all()) or _("All")
    return [
        (_p("help article", "Title"), row.title), (_("Symptom"), row.symptom), (_("Group"), str(row.get_group_display())),
        (_("Other words for it"), row.keywords), (_("Models"), fits), (_("Stop at once"), str(yes_no(row.stop))),
    ]  # fmt: skip


def _step(row: HelpVersion, place: int) -> str:
    if place >= len(row.steps):
        return ""
    step = row.steps[place]
    shown = [step["caption"] or _("picture")] if step["picture"] else []
    return "\n".join([step["text"], *(f"[{word}]" for word in shown)])


DONE = {
    "draft": lambda: _("drafted"), "edit": lambda: _("changed"), "publish": lambda: _p("help article", "published"),
    "replaced": lambda: _("replaced by the next version"), "withdrawn": lambda: _("withdrawn"), "dropped": lambda: _("dropped"),
}  # fmt: skip


def history(rows: list[HelpVersion]) -> list[Entry]:
    """Who did what to which version, the newest first."""
    past = HelpVersion.history.filter(id__in=[row.pk for row in rows]).select_related("history_user")
    newest = past.order_by("-history_date", "-history_id")[:60]
    return [
        Entry(each.history_date, str(each.history_user or ""), _what(each), icon="pencil-square")
        for each in newest
    ]


def _what(each: Any) -> str:
    return _("Version {n}: {what}").format(n=each.number, what=_done(each))


def _done(each: Any) -> str:
    said = DONE.get(each.history_change_reason or "")
    return said() if said else ""


def counts(article: HelpArticle) -> dict[str, int]:
    """All that was ever counted."""
    found = article.counts.aggregate(**{name: Sum(name) for name in COUNTED})
    return {name: value or 0 for name, value in found.items()}
