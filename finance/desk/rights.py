"""Whose wage one may see (C31), and which month an address speaks of."""

import datetime as dt
from typing import Any

from django.http import Http404


def sees_wage(user: Any, person: Any) -> bool:
    """All wages, or his own. The cap and what fits under it tell the wage, so they are shown to nobody else."""
    letter = user.cell("wage.view")
    return letter == "Y" or (letter == "O" and user.pk == person.pk)


def month_of(text: str) -> dt.date | None:
    """The first day of “2026-11”; None for anything else."""
    if len(text) != 7 or not text.isascii():
        return None
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 9000 else None


def month_or_404(text: str) -> dt.date:
    found = month_of(text)
    if found is None:
        raise Http404
    return found
