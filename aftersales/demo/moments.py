"""When people of the demonstration company do things."""

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def hours(value: float) -> dt.timedelta:
    return dt.timedelta(hours=value)


def by_day(moment: dt.datetime) -> dt.datetime:
    """The same moment if people are at work, else the next morning."""
    local = moment.astimezone(SHANGHAI)
    if local.hour < 8:
        return local.replace(hour=8, minute=local.minute % 50)
    if local.hour >= 19:
        return (local + dt.timedelta(days=1)).replace(hour=8, minute=local.minute % 50)
    return local


def collection(moment: dt.datetime) -> dt.datetime:
    """Some minutes into the next collection window."""
    local = moment.astimezone(SHANGHAI)
    for hour in (9, 14):
        if local.hour < hour:
            return local.replace(hour=hour, minute=5 + local.minute % 45)
    return (local + dt.timedelta(days=1)).replace(hour=9, minute=5 + local.minute % 45)
