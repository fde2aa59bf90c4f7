"""Tables of people: who they are, where they are posted, what they were granted, when they are away or on duty."""

from .audit import AuditEvent
from .duty import Absence, DutyShift
from .postings import FactorReset, Grant, Posting
from .tokens import ApiToken
from .user import User

__all__ = ["Absence", "ApiToken", "AuditEvent", "DutyShift", "FactorReset", "Grant", "Posting", "User"]
