"""Acts on people's rights, and the audit trail."""

import datetime as dt
from typing import Any

from .models import AuditEvent


def audit(verb: str, *, by: Any, at: dt.datetime, subject: str = "", **data: Any) -> AuditEvent:
    """Keep who did what, when, to which subject; `data` holds codes and numbers, never personal data."""
    return AuditEvent.objects.create(at=at, by=by, verb=verb, subject=subject, data=data)
