"""How a page answers an act: done, or refused with its sentence at the field or above."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from aftersales.problems import Refusal


def done(request: HttpRequest, act: Callable[[], Any], said: Any, form: Any = None) -> bool:
    """Run `act`; say `said`, or put the refusal's sentence where it belongs."""
    try:
        act()
    except Refusal as refusal:
        if form is not None:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.error(request, str(refusal))
        return False
    messages.success(request, said)
    return True
