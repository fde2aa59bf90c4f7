"""P5 and P6: the page of one ticket with everything on it, and one person's duties."""

import datetime as dt
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from repairs.models import Attachment, ContactAttempt, Message, Note, Ticket, TicketEvent

from . import databases, floor
from .lists import asking, compare
from .people import Company
from .report import Table
from .site import Site


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    portal = Site(WSGIHandler(), company.agent_cookie)
    paper = full_ticket(company)
    address = f"/tickets/{paper.number}/"
    asking(portal, address)()  # the first look of the day is written down
    compare(
        table,
        "P5",
        "ticket page, everything on it",
        portal,
        address,
        lambda page: floor.ticket_template(page, paper.number),
        1.5,
    )
    few = Ticket.objects.filter(stage="closed").exclude(pk=paper.pk).latest("pk")
    asking(portal, f"/tickets/{few.number}/")()
    for name, one in {"everything": paper, "little": few}.items():
        asked = databases.statements(asking(portal, f"/tickets/{one.number}/"))
        table.add("P5", f"statements of a ticket page with {name} on it", len(asked), 14, "SQL")
    engineer = Site(portal.application, company.engineer_cookie)
    compare(table, "P6", "home of an engineer", engineer, "/desk/", floor.home_template, 1.5)
    table.add("P6", "statements of home", len(databases.statements(asking(engineer, "/desk/"))), 7, "SQL")
    blocks = databases.touched(asking(engineer, "/desk/"))
    if blocks:
        table.add("P6", "blocks of home", blocks[0], None, "blocks")


def full_ticket(company: Company) -> Ticket:
    """The newest closed ticket with 24 more entries: calls, notes, messages and pictures."""
    paper = Ticket.objects.filter(stage="closed").latest("pk")
    at = timezone.now() - dt.timedelta(hours=30)
    agent, engineer = company.agent, company.engineer
    for n in range(6):
        at += dt.timedelta(minutes=20)
        own: dict[str, Any] = {"ticket": paper, "at": at, "by": engineer}
        ContactAttempt.objects.create(
            **own, round=1, purpose="contact", tried_at=at, result="no_answer", note="无人接听"
        )
        Note.objects.create(**own | {"by": agent}, text=f"已与仓库核对第 {n} 次")
        Message.objects.create(**own | {"by": None}, text="什么时候来？")
        Attachment.objects.create(**own, key=f"{n:032d}", kind="image", sha256=f"{n:064d}", size=100_000)
        acts = {"attempt": {"result": "no_answer"}, "note": {}, "message": {}, "attach": {}}
        for name, data in acts.items():
            TicketEvent.objects.create(**own, actor="staff", name=name, round=1, data=data)
    return paper
