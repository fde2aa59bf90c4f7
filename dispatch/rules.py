"""How to travel (6.1), as a pure decision over five facts; and who bears a fine (8.4)."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from aftersales.money import fen_of, yuan_of


class Means(TextChoices):
    """By what one travels."""

    RIDE = "ride", _("bus, train or taxi")
    CAR = "car", _("company car")


@dataclass(frozen=True)
class Way:
    """What the vehicle manager weighs (6.1). `back_same_day`: there and back within one calendar day."""

    nearby: bool
    easy_access: bool
    severe_weather: bool
    bulky: bool
    back_same_day: bool


@dataclass(frozen=True)
class Advice:
    """What the charter says; `ship`: a bulky part cannot come along and is sent by carrier."""

    clause: str
    means: Means
    why: str | Promise
    ship: bool = False

    def __str__(self) -> str:
        return pgettext("sentence and clause", "{sentence} ({clause})").format(
            sentence=self.why, clause=self.clause
        )


RIDE_NEARBY = Advice("6.1a", Means.RIDE, _("Nearby, easy to reach, no severe weather, no bulky part: ride."))
POOR_ACCESS = Advice(
    "6.1b", Means.CAR, _("Nearby, hard to reach and not back on the same day: a car may go.")
)
BULKY = Advice("6.1c", Means.CAR, _("Nearby with a bulky part: a car may go."))
FAR = Advice("6.1d", Means.RIDE, _("Medium or long distance: ride."))
FAR_BULKY = Advice(
    "6.1d", Means.RIDE, _("Medium or long distance: ride; the bulky part is shipped."), ship=True
)


def advice(way: Way) -> Advice | None:
    """The charter's answer, or None where it is silent: then the vehicle manager decides and says why (domain 6)."""
    if not way.nearby:
        return FAR_BULKY if way.bulky else FAR
    if way.bulky:
        return BULKY
    if not way.easy_access and not way.back_same_day:
        return POOR_ACCESS
    if way.easy_access and not way.severe_weather:
        return RIDE_NEARBY
    return None


def is_nearby(
    city: str, kilometres: int | None, *, cities: tuple[str, ...], limit: int, regions: Iterable[str] = ()
) -> bool | None:
    """In a city of the list, or no farther than `limit` km; None where neither decides: somebody has to say how far it is.

    `city` as it was typed: “南通”, “江苏省南通市”, or “如皋”, which lies in the region “江苏省南通市如皋市” of a ticket.
    """
    name = city.strip()
    around = [region for region in regions if name and name.removesuffix("市") in region]
    if any(_listed(place, cities) for place in (name, *around)):
        return True
    return None if kilometres is None else kilometres <= limit


def city_in(region: str, *, cities: tuple[str, ...]) -> str:
    """The city of a ticket's region (“江苏省泰州市海陵区”), as far as one can tell; "" lets the engineer say it."""
    found = re.search(r"(?:省|自治区|^)([^省区市]{2,6})市", region)
    return _listed(region, cities) or (found.group(1) if found else "")


def _listed(place: str, cities: tuple[str, ...]) -> str:
    """The city of the list that the words name, without its 市; else ""."""
    return next((name for name in (city.removesuffix("市") for city in cities) if name in place), "")


def halves(fine: Decimal) -> tuple[Decimal, Decimal]:
    """(driver, company) of a fine in yuan: half each, the odd fen goes to the company (8.4)."""
    fen = fen_of(fine)
    return yuan_of(fen // 2), yuan_of(fen - fen // 2)


@dataclass(frozen=True)
class Bar:
    """A trip in a week: from which day (1 is Monday) over how many; whether it began before or goes on after it."""

    first: int
    days: int
    before: bool = False
    after: bool = False


def bar(begin: dt.date, end: dt.date, monday: dt.date) -> Bar | None:
    """Where a journey from `begin` to `end` (both included) stands in the week of `monday`; None outside of it."""
    sunday = monday + dt.timedelta(days=6)
    if end < monday or begin > sunday:
        return None
    first, last = max(begin, monday), min(end, sunday)
    return Bar((first - monday).days + 1, (last - first).days + 1, begin < monday, end > sunday)


def week_of(text: str, today: dt.date) -> dt.date:
    """The Monday of “2026-W48”; of the week of `today` where the words name none between 2000 and 2099."""
    found = re.fullmatch(r"(20\d\d)-W(\d\d)", text, re.ASCII)
    try:
        return (
            dt.date.fromisocalendar(int(found.group(1)), int(found.group(2)), 1) if found else _monday(today)
        )
    except ValueError:
        return _monday(today)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def week_name(monday: dt.date) -> str:
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02}"
