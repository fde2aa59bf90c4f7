"""Words of quality that screens, paper and endpoints share."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftersales.money import plain


def percent(value: Decimal) -> str:
    return f"{plain(value)} %"


def place_of(exhibit: Any) -> str:
    """Where a piece lies; of an old part of a release whether it has come."""
    if exhibit.line is None:
        return str(exhibit.place)
    came = _("in the zone of old parts") if exhibit.line.old_in else _("still to come back")
    return " · ".join(word for word in (exhibit.place, exhibit.line.release.number, came) if word)


def title(report: Any, *, public: bool = False) -> str:
    """车型-零件-失效模式 (9.6); `public`: no single vehicle is named."""
    car = report.model or ("" if public else report.vin)
    mode = report.get_failure_mode_display() if report.failure_mode else ""
    return " – ".join(word for word in (car, report.part_name, mode) if word)
