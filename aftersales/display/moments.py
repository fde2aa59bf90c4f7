"""Dates, times and countdowns as people read them, always in the company's time zone."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORMATS = {"full": "%Y-%m-%d %H:%M", "short": "%m-%d %H:%M", "date": "%Y-%m-%d", "time": "%H:%M"}
MIDNIGHT = dt.time(0)
MINUTE, HOUR, DAY = 60, 3600, 86400

LEFT, OVER = _("{t} left"), _("{t} over")
DAYS, HOURS, MINUTES = _("{d} d {h} h"), _("{h} h {m} min"), _("{m} min")


def local(moment: dt.datetime) -> dt.datetime:
    """The same moment on the wall clock of the company."""
    return timezone.localtime(moment)


def when(moment: dt.date | None, style: str = "full") -> str:
    """2026-11-23 14:05; a plain date has no time, nothing is a dash."""
    if moment is None:
        return "–"
    if isinstance(moment, dt.datetime):
        wall = local(moment)
        return wall.strftime(FORMATS[_named(wall, style)])
    return moment.isoformat()


def _named(wall: dt.datetime, style: str) -> str:
    """A short moment of another year names its year."""
    return "full" if style == "short" and wall.year != local(timezone.now()).year else style


def due(moment: dt.datetime | None, style: str = "full") -> str:
    """A due time: what ends with the day is written 24:00 of that day, as the charter counts."""
    if moment is None:
        return "–"
    wall = local(moment)
    if wall.time() != MIDNIGHT:
        return wall.strftime(FORMATS[_named(wall, style)])
    day = wall - dt.timedelta(days=1)
    shape = FORMATS[_named(day, style)].split()[0]
    return day.strftime(shape) if style == "date" else f"{day.strftime(shape)} 24:00"


def span(seconds: float) -> str:
    """A length of time in its two largest units; the same rounding as static/js/moments.js."""
    left = int(abs(seconds))
    days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
    if days:
        return DAYS.format(d=days, h=hours)
    return HOURS.format(h=hours, m=minutes) if hours else MINUTES.format(m=minutes)


def countdown(moment: dt.datetime, at: dt.datetime) -> str:
    """How long is left until `moment`, or how long it has been over."""
    seconds = (moment - at).total_seconds()
    return (LEFT if seconds >= 0 else OVER).format(t=span(seconds))
