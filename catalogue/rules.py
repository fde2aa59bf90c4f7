"""When a warranty ends (4.5a; domain 1 and 11): pure decisions."""

import calendar
import datetime as dt


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def in_warranty(reported_on: dt.date, ends_on: dt.date, reading: int | None, limit: int | None) -> bool:
    """The day of the report counts, the last day is included; a reading above its limit ends the warranty earlier."""
    if reported_on > ends_on:
        return False
    return limit is None or reading is None or reading <= limit


def initials_of(name: str) -> str:
    """Pinyin initials by which a part is typed: 刹车片 → scp; letters and digits stay."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda text: text.lower()))[:80]
