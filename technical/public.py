"""What a customer is shown of his dispute, and how he raises one (4.5a, F11)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.problems import OutOfTurn
from repairs.models import Ticket
from repairs.public.kept import GROUPS, Group, when
from repairs.public.panels import ACTS, PANELS, Act, Panel

from . import selectors
from .forms.disputes import DisputeForm
from .models import Dispute
from .services import disputes


def dispute(ticket: Ticket) -> Panel | None:
    """His last disputes with their answers; a new one while none is open and something is charged or judged."""
    rows = list(ticket.disputes.order_by("pk"))
    is_open = any(row.answered_at is None for row in rows)
    may_raise = not is_open and selectors.disputable(ticket)
    if not rows and not may_raise:
        return None
    return Panel("dispute", "technical/_dispute.html", {"disputes": rows, "may_raise": may_raise})


def raise_(ticket: Ticket, **entries: Any) -> Dispute:
    """His own, where the page offers it: without a charge or a judgement there is nothing to dispute (F11)."""
    if not selectors.disputable(ticket):
        raise OutOfTurn(
            _("Nothing is charged and no damage was judged; there is nothing to object to."), disputes.CLAUSE
        )
    return disputes.raise_(ticket, **entries)


def kept(ticket: Ticket) -> Group | None:
    """What he objected to, and our answers."""
    rows = ticket.disputes.order_by("pk")
    said = [(when(row.at), " · ".join(filter(None, [row.words, row.answer]))) for row in rows]
    return Group(gettext("Your objections"), said) if said else None


def register() -> None:
    """Called once, when the app is ready."""
    PANELS.append(dispute)
    GROUPS.append(kept)
    ACTS["dispute"] = Act(
        DisputeForm,
        raise_,
        _("Your objection has reached us. Technical looks at it and answers here."),
    )
