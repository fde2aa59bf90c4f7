"""A fault that repeats is told to technical when it does (7.1): once for each time that it reaches the company's figure."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department

from .. import learning
from ..models import Report
from .core import tell_departments


def suggest(report: Report, *, at: dt.datetime) -> bool:
    """Whether this report was the one that made its part and model a repeated fault; technical is then told."""
    count = learning.cases(report, at)
    if count != learning.limit(at):
        return False
    title = _("{part} of {model} failed {count} times in 90 days: consider a rectification notice (7.2).")
    tell_departments(
        report,
        "repeated",
        title,
        Department.TECHNICAL,
        at=at,
        part=report.part_name,
        model=report.model,
        count=str(count),
    )
    return True
