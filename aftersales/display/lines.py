"""What a page repeats (duties, clocks, cells, timeline entries), drawn without templates: their loop costs more than the rest.

Everything that people typed is escaped here, cell by cell; `language` is that of the thread (performance P5, P6).
"""

import datetime as dt
import functools
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import icons, moments
from .marks import chip

TIME = '<time datetime="{}">{}</time>'
COUNTDOWN = '<time class="countdown" data-countdown datetime="{}">{}</time>'
CLAUSE, QUIET, LINK = (
    '<span class="clause">{}</span>',
    ' <span class="quiet">· {}</span>',
    '<a href="{}" data-open>{}</a>',
)
STEP = '<a class="button{}" href="{}">{}</a>'
DUTY = (
    '<article class="duty tone-edge-{state}" data-item><p class="duty-time">{chip}<strong>{left}</strong><span class="quiet">'
    '{due}{provisional}</span></p><div class="duty-what"><h3>{label}{clause}</h3><p><span class="number">{title}</span> {story}'
    "{whose}</p></div>{step}</article>"
)
CLOCK = (
    '<li class="clock tone-edge-{state}"><p class="clock-head"><span>{label}</span>{clause}{chip}</p><p class="clock-time">'
    '{met}<span class="quiet">{word} {due}{provisional}</span>{owner}</p>{excuse}</li>'
)
ENTRY = (
    '<li class="entry{tone}"><span class="entry-icon" aria-hidden="true">{icon}</span><div class="entry-body">'
    '<p class="entry-head">{who}<span>{what}</span>{clause}{at}</p>{text}{changes}{files}</div></li>'
)
CHANGES = '<details class="changes"><summary>{}</summary><dl>{}</dl></details>'
CHANGE = "<div><dt>{}</dt><dd>{}<ins>{}</ins></dd></div>"
FILE = '<li><a href="{}" target="_blank" rel="noopener">{}<span class="thumb-name">{}</span></a></li>'
THUMB = '<img src="{}" alt="{}" loading="lazy" width="96" height="96">'
BLANK = '<span class="thumb-blank">{}</span>'
#: states in which a clock still counts down
RUNNING = ("running", "soon", "overdue", "provisional")


def _time(moment: dt.datetime, style: str) -> str:
    return TIME.format(moment.isoformat(), moments.when(moment, style))


def _due(moment: dt.datetime) -> str:
    return TIME.format(moment.isoformat(), moments.due(moment, "short"))


def _left(moment: dt.datetime, at: dt.datetime) -> str:
    return COUNTDOWN.format(moment.isoformat(), moments.countdown(moment, at))


def _if(form: str, value: Any) -> str:
    return form.format(escape(str(value))) if value else ""


def _provisional(clock: Any) -> str:
    return f" · {escape(_('provisional'))}" if getattr(clock, "provisional", False) else ""


def duty(shown: Any, at: dt.datetime, language: str) -> SafeString:
    """One clock of a person: label clause title story url due_at state step_url step_label, optional whose provisional."""
    label, state = escape(str(shown.label)), shown.state
    url, step_url = (getattr(shown, name, "") for name in ("url", "step_url"))
    step = ""
    if step_url:
        kind = " primary" if state in ("overdue", "soon") else ""
        step = STEP.format(
            kind, escape(step_url), escape(str(getattr(shown, "step_label", "") or shown.label))
        )
    return mark_safe(DUTY.format(
        state=state, chip=chip(state, language), left=_left(shown.due_at, at), due=_due(shown.due_at),
        provisional=_provisional(shown), label=LINK.format(escape(url), label) if url else label,
        clause=_if(CLAUSE, shown.clause), title=escape(str(shown.title)), story=escape(str(shown.story)),
        whose=_if(QUIET, getattr(shown, "whose", "")), step=step,
    ))  # fmt: skip


def clock(shown: Any, at: dt.datetime, language: str) -> SafeString:
    """One clock of a paper: label clause due_at state, optional met_at owner excuse provisional."""
    met, state = getattr(shown, "met_at", None), shown.state
    running = f"<strong>{_left(shown.due_at, at)}</strong>" if state in RUNNING else ""
    return mark_safe(CLOCK.format(
        state=state, label=escape(str(shown.label)), clause=_if(CLAUSE, shown.clause), chip=chip(state, language),
        met=f"<span>{_time(met, 'short')}</span>" if met else running, word=escape(_("due")), due=_due(shown.due_at),
        provisional=_provisional(shown), owner=_if('<span class="quiet">{}</span>', getattr(shown, "owner", "")),
        excuse=_if('<p class="clock-note">{}</p>', getattr(shown, "excuse", "")),
    ))  # fmt: skip


def entry(shown: Any) -> SafeString:
    """One entry of a timeline: at what, optional who icon clause text changes [(label, before, after)] files tone."""
    text = escape(getattr(shown, "text", "") or "").replace("\r\n", "\n").replace("\n", "<br>")
    return mark_safe(ENTRY.format(
        tone=_if(" tone-{}", getattr(shown, "tone", "")), who=_if("<b>{}</b> ", getattr(shown, "who", "")),
        icon=icons.icon(getattr(shown, "icon", "") or "document-text", 16), what=escape(str(shown.what)),
        clause=_if(CLAUSE, getattr(shown, "clause", "")), at=_time(shown.at, "full"),
        text=f'<p class="entry-text">{text}</p>' if text else "", changes=_changes(getattr(shown, "changes", ())),
        files=_files(getattr(shown, "files", ())),
    ))  # fmt: skip


def _changes(rows: Any) -> str:
    if not rows:
        return ""
    lines = (
        CHANGE.format(escape(str(label)), _if("<del>{}</del> ", before), escape(str(after or "–")))
        for label, before, after in rows
    )
    return CHANGES.format(escape(_("What changed")), "".join(lines))


def _files(files: Any) -> str:
    return f'<ul class="thumbs">{"".join(map(_file, files))}</ul>' if files else ""


def _file(file: dict[str, str]) -> str:
    url, name, thumb = escape(file["url"]), escape(str(file["name"])), file.get("thumb")
    drawn = THUMB.format(escape(thumb), name) if thumb else BLANK.format(_blank(file.get("kind", "")))
    return FILE.format(url, drawn, name)


@functools.cache
def _blank(kind: str) -> SafeString:
    return icons.icon({"video": "film", "image": "photo"}.get(kind, "paper-clip"), 24)


def cells(rows: Any) -> SafeString:
    """The cells of a section: (label, value) or (label, value, class); a value that is safe stays as it is."""
    return mark_safe("".join(map(_cell, rows)))


def _cell(row: Any) -> str:
    label, value, *kind = row
    shown = value if isinstance(value, SafeString) else escape("" if value is None else str(value))
    return CELL.format(_if(' class="{}"', kind[0] if kind else ""), escape(str(label)), shown)


CELL = "<div{}><dt>{}</dt><dd>{}</dd></div>"
