"""P8: a step of the road, taken through its page, beside the same rows written by hand."""

import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler

from deadlines.models import Deadline
from notices.models import Notification
from repairs.models import Ticket, TicketEvent

from . import databases, raw
from .people import Company
from .report import Table
from .site import Site, good
from .tables import insert_select
from .turns import in_turn


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    """Handing over: from recorded to assigned, two clocks, one notice by two channels."""
    portal = Site(WSGIHandler(), company.agent_cookie)
    papers = iter(recorded(9 * 8 * 2 + 4))
    step = HandOver(portal, company, papers)
    step()
    sql = [
        s for s in databases.statements(step) if not s.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    table.add("P8", "a step (hand over), statements", len(sql), 20, "SQL")
    found = in_turn(step, RawHandOver(company, papers), each=8)
    table.ratio("P8", "a step (hand over) : raw", found, None)


def recorded(many: int) -> list[tuple[int, str]]:
    """Tickets that wait for their engineer; more of them are put back to that stage."""
    databases.execute("SET session_replication_role = replica")
    databases.execute(
        "UPDATE repairs_ticket SET stage = 'recorded', engineer_id = NULL, turn = 0 WHERE id IN (SELECT id FROM repairs_ticket"
        " WHERE stage = 'closed' ORDER BY id LIMIT %s)", [many],
    )  # fmt: skip
    databases.execute("SET session_replication_role = DEFAULT")
    rows = databases.execute(
        "SELECT id, number FROM repairs_ticket WHERE stage = 'recorded' ORDER BY id LIMIT %s", [many]
    )
    kind = ContentType.objects.get_for_model(Ticket)
    Deadline.objects.filter(
        subject_type=kind, subject_id__in=[row[0] for row in rows], rule__in=["contact", "plan"]
    ).delete()
    return [(row[0], row[1]) for row in rows]


class HandOver:
    def __init__(self, portal: Site, company: Company, papers: Any) -> None:
        self.portal, self.papers, self.engineer = portal, papers, company.engineer.username
        portal.cookies += "; csrftoken=" + "a" * 32

    def __call__(self) -> None:
        _pk, number = next(self.papers)
        fields = {
            "engineer": self.engineer,
            "operation": str(uuid.uuid4()),
            "csrfmiddlewaretoken": "a" * 32,
        }
        good(self.portal.post(f"/tickets/{number}/steps/hand_over/", fields), 302)


class RawHandOver:
    """The same rows in one transaction of plain SQL."""

    def __init__(self, company: Company, papers: Any) -> None:
        self.line, self.papers, self.engineer = raw.connect(), papers, company.engineer.pk
        history = {str(f.column): f"t.{f.column}" for f in Ticket._meta.concrete_fields}
        kind = ContentType.objects.get_for_model(Ticket).pk
        self.history = insert_select(Ticket.history.model, "repairs_ticket t WHERE id = %(pk)s", **history,
                                     history_date="now()", history_type="'~'", history_user_id="%(by)s")  # fmt: skip
        self.event = raw.sentence(TicketEvent, ticket_id="%(pk)s", at="now()", by_id="%(by)s", actor="'staff'",
                                  name="'hand_over'", clause="'3.2'", from_stage="'recorded'", to_stage="'assigned'",
                                  round="1")  # fmt: skip
        self.clocks_of = f"SELECT * FROM deadlines_deadline WHERE subject_type_id = {kind} AND subject_id = %(pk)s FOR UPDATE"
        due = "now() + r.hours * interval '1 hour'"
        self.clocks = insert_select(
            Deadline, "(VALUES ('contact', 12), ('plan', 24)) r (rule, hours)", rule="r.rule", subject_type_id=str(kind),
            subject_id="%(pk)s", cycle="'1'", department="'engineers'", assignee_id="%(engineer)s", opened_at="now()",
            due_at=due, raw_due_at=due, next_fire_at=due,
        )  # fmt: skip
        self.notice = insert_select(
            Notification, "(VALUES ('app', 'sent'), ('email', 'pending')) c (channel, status)",
            event_key="'ticket:' || %(pk)s || ':handed:1'", recipient_id="%(engineer)s", channel="c.channel", kind="'notice'",
            title="'Ticket {number} was handed to you'", params="jsonb_build_object('number', %(number)s::text)",
            url="'/tickets/' || %(number)s || '/'", urgent="true", status="c.status",
        )  # fmt: skip

    def __call__(self) -> None:
        pk, number = next(self.papers)
        values = {"pk": pk, "number": number, "engineer": self.engineer, "by": self.engineer + 42}
        with self.line.transaction(), self.line.cursor() as cursor:
            cursor.execute("SELECT * FROM django_session LIMIT 1")
            cursor.execute("SELECT * FROM accounts_user WHERE id = %(by)s", values)
            cursor.execute(
                raw.KEY.replace("%s", "%(key)s", 1).replace("%s", "now()"), {"key": str(uuid.uuid4())}
            )
            cursor.execute("SELECT * FROM repairs_ticket WHERE id = %(pk)s FOR UPDATE", values)
            cursor.execute("UPDATE repairs_ticket SET stage = 'assigned', engineer_id = %(engineer)s, turn = 1,"
                           " revision = revision + 1 WHERE id = %(pk)s AND stage = 'recorded'", values)  # fmt: skip
            cursor.execute(self.clocks_of, values)
            for sql in (self.history, self.event, self.clocks, self.notice):
                cursor.execute(sql, values)
