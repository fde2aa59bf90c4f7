"""The audit trail."""

import datetime as dt
from typing import Any

from ..models import AuditEvent, User


def audit(verb: str, *, by: User | None, at: dt.datetime, subject: Any = "", **data: Any) -> AuditEvent:
    """Write one event; `subject` a text key or a saved object; `data` ids and reasons, never a customer's data."""
    return AuditEvent.objects.create(verb=verb, by=by, at=at, subject=key_of(subject), data=data)


def key_of(subject: Any) -> str:
    """`user:7` for a saved object, the text itself for a text."""
    return subject if isinstance(subject, str) else f"{subject._meta.model_name}:{subject.pk}"
