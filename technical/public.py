"""What a customer is shown of his dispute, and how he raises one (4.5a, F11)."""

from django.utils.translation import gettext_lazy as _

from repairs.models import Ticket
from repairs.public.panels import ACTS, PANELS, Act, Panel

from . import selectors
from .forms.disputes import DisputeForm
from .services import disputes


def dispute(ticket: Ticket) -> Panel | None:
    """His last disputes with their answers; a new one while none is open and something is charged or judged."""
    rows = list(ticket.disputes.order_by("pk"))
    is_open = any(row.answered_at is None for row in rows)
    may_raise = not is_open and selectors.disputable(ticket)
    if not rows and not may_raise:
        return None
    return Panel("dispute", "technical/_dispute.html", {"disputes": rows, "may_raise": may_raise})


def register() -> None:
    """Called once, when the app is ready."""
    PANELS.append(dispute)
    ACTS["dispute"] = Act(
        DisputeForm,
        disputes.raise_,
        _("Your objection has reached us. Technical looks at it and answers here."),
    )
