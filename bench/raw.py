"""The other limit: psycopg and hand-written SQL, a bare WSGI function, no Django in the request."""

import datetime as dt
import json
import os
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.contrib.contenttypes.models import ContentType

from aftersales.grams import grams
from aftersales.limits import local_day
from deadlines.models import Deadline, DeadlineEvent
from notices.models import Notification
from repairs.models import Ticket, TicketEvent, Words
from sales.models import Person

from .tables import insert_select


def connect() -> Any:
    url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")
    return psycopg.connect(url, prepare_threshold=2, cursor_factory=psycopg.Cursor)


def sentence(model: Any, /, **given: str) -> str:
    """INSERT … SELECT one row of expressions and %(names)s."""
    return insert_select(model, "(SELECT 1) one", **given)


def insert_ticket() -> str:
    given = {
        "number": "%(number)s", "stage": "'reported'", "round": "1", "channel": "'web'", "urgency": "'normal'", "revision": "1",
        "contact_id": "%(person)s", "vin": "%(vin)s", "model": "%(model)s", "region": "%(region)s", "reported_at": "%(at)s",
        "received_at": "%(at)s", "made_at": "%(at)s", "changed_at": "%(at)s", "language": "'zh-hans'",
    }  # fmt: skip
    return sentence(Ticket, **given) + " RETURNING id"


class Submit:
    """A report of the public site: the same rows as the portal's, in one transaction."""

    def __init__(self) -> None:
        history = {str(f.column): f"t.{f.column}" for f in Ticket._meta.concrete_fields}
        self.ticket = insert_ticket()
        self.person = sentence(
            Person, name="%(contact)s", phone="%(phone)s", street="%(street)s", grams="%(person_grams)s"
        )
        self.person += " RETURNING id"
        self.words = sentence(
            Words,
            ticket_id="%(ticket)s",
            symptom="%(symptom)s",
            occurred="%(occurred)s",
            grams="%(word_grams)s",
        )
        self.history = insert_select(
            Ticket.history.model, "repairs_ticket t WHERE id = %(ticket)s", **history, history_date="%(at)s", history_type="'+'",
        )  # fmt: skip
        self.event = sentence(TicketEvent, ticket_id="%(ticket)s", at="%(at)s", actor="'customer'", name="'report'",
                              clause="'3.1'", round="1")  # fmt: skip
        kind = ContentType.objects.get_for_model(Ticket).pk
        rules = "(VALUES ('collect', 20), ('handover', 32), ('stalled', 168)) r (rule, hours)"
        due = "%(at)s + r.hours * interval '1 hour'"
        self.clocks = insert_select(
            Deadline, rules, rule="r.rule", subject_type_id=str(kind), subject_id="%(ticket)s", cycle="'1'",
            department="'service'", opened_at="%(at)s", due_at=due, raw_due_at=due, next_fire_at=due,
        )  # fmt: skip

    def __call__(self, line: Any, form: dict[str, str]) -> str:
        at = dt.datetime.now(dt.UTC)
        with line.transaction(), line.cursor() as cursor:
            cursor.execute(RATES, [f"raw:{uuid.uuid4()}", at, f"raw:{form['phone']}", at, "raw", at])
            cursor.execute(KEY, [form["operation"], at])
            key = cursor.fetchone()[0]
            cursor.execute(
                "SELECT id, model_id, customer_id FROM sales_vehicle WHERE vin = %s", [form["vin"]]
            )
            cursor.execute(
                "SELECT customer_id FROM sales_person WHERE phone = %s AND customer_id IS NOT NULL",
                [form["phone"]],
            )
            cursor.execute(NUMBER, [local_day(at)])
            number = f"BX{local_day(at):%Y%m%d}-{cursor.fetchone()[0]:04d}"
            values: dict[str, Any] = {
                **form,
                "at": at,
                "number": number,
                "person_grams": grams(form["contact"], form["phone"]),
            }
            values["word_grams"] = grams(form["symptom"], number, form["vin"], form["model"])
            values["person"] = cursor.execute(self.person, values).fetchone()[0]
            values["ticket"] = cursor.execute(self.ticket, values).fetchone()[0]
            for sql in (self.history, self.words, self.event, self.clocks):
                cursor.execute(sql, values)
            cursor.execute(
                "UPDATE aftersales_operationkey SET status = 302, result = %s WHERE id = %s",
                [values["ticket"], key],
            )
        return number


RATES = (
    'INSERT INTO aftersales_ratebucket (name, "window", used) VALUES (%s, %s, 1), (%s, %s, 1), (%s, %s, 1)'
    ' ON CONFLICT (name, "window") DO UPDATE SET used = aftersales_ratebucket.used + 1 RETURNING used'
)
KEY = (
    'INSERT INTO aftersales_operationkey (scope, "key", fingerprint, created_at, status, content_type, location, body, result)'
    " VALUES ('raw', %s, '', %s, 0, '', '', '', '') ON CONFLICT (scope, \"key\") DO NOTHING RETURNING id"
)
NUMBER = (
    "INSERT INTO aftersales_counter (series, day, last) VALUES ('BX', %s, 1)"
    " ON CONFLICT (series, day) DO UPDATE SET last = aftersales_counter.last + 1 RETURNING last"
)


class Application:
    """The bare WSGI function around `Submit`, a connection per thread."""

    def __init__(self) -> None:
        import threading

        self.submit, self.local = Submit(), threading.local()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not hasattr(self.local, "line"):
            self.local.line = connect()
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode()
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        if not form.get("contact") or not form.get("symptom") or len(form.get("phone", "")) < 7:
            start_response("422 Unprocessable", [])
            return [b""]
        number = self.submit(self.local.line, form)
        start_response("302 Found", [("Location", f"/t/{number}/")])
        return [b""]


class Sweep:
    """What came due, by hand: claim, events, overtaken warnings, notices, next moment; batches of 1,000."""

    def __init__(self) -> None:
        self.line = connect()
        self.events = insert_select(
            DeadlineEvent, "unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) d (id, at, owner)", deadline_id="d.id",
            stage="'breach'", edition="1", true_at="d.at", recorded_at="now()", owner_id="d.owner",
        ) + " ON CONFLICT DO NOTHING"  # fmt: skip
        self.notices = insert_select(
            Notification,
            "unnest(%s::text[], %s::bigint[], %s::jsonb[], %s::text[]) d (key, person, params, url),"
            " (VALUES ('app', 'sent'), ('email', 'pending')) c (channel, status)",
            event_key="d.key", recipient_id="d.person", channel="c.channel", kind="'deadline'",
            title="'Missed: {duty}, {title}'", params="d.params", url="d.url", urgent="true", status="c.status",
            sent_at="CASE WHEN c.channel = 'app' THEN now() END",
        ) + " ON CONFLICT DO NOTHING"  # fmt: skip

    def __call__(self) -> int:
        swept, size = 0, 1000
        while size == 1000:
            with self.line.transaction(), self.line.cursor() as cursor:
                rows = cursor.execute(CLAIM).fetchall()
                size = len(rows)
                if rows:
                    self._write(cursor, rows)
            swept += size
        return swept

    def _write(self, cursor: Any, rows: list[Any]) -> None:
        ids = [row[0] for row in rows]
        people = sorted({row[1] for row in rows})
        cursor.execute("SELECT id, email, is_active FROM accounts_user WHERE id = ANY(%s)", [people])
        cursor.execute(self.events, [ids, [row[2] for row in rows], [row[1] for row in rows]])
        still = [f"deadline:{pk}" for pk in ids]
        cursor.execute(OVERTAKEN, [still])
        params = [
            json.dumps(
                {
                    "duty": {"words": row[3]},
                    "title": row[4],
                    "clause": "4.3",
                    "due_at": {"moment": row[2].isoformat()},
                }
            )
            for row in rows
        ]
        keys = [f"deadline:{pk}:breach" for pk in ids]
        cursor.execute(
            self.notices, [keys, [r[1] for r in rows], params, [f"/tickets/{r[4]}/" for r in rows]]
        )
        cursor.execute(
            "UPDATE deadlines_deadline SET next_fire_at = due_at + interval '4 hours' WHERE id = ANY(%s)",
            [ids],
        )


CLAIM = (
    "SELECT d.id, d.assignee_id, d.due_at, d.rule, t.number FROM deadlines_deadline d JOIN repairs_ticket t"
    " ON t.id = d.subject_id WHERE d.next_fire_at <= now() - interval '60 s'"
    " ORDER BY d.next_fire_at LIMIT 1000 FOR UPDATE OF d SKIP LOCKED"
)
OVERTAKEN = (
    "UPDATE notices_notification SET status = 'superseded', superseded_by = 'deadline:later' WHERE still_key = ANY(%s)"
    " AND still_key > '' AND (status IN ('pending', 'held') OR (status = 'sent' AND channel = 'app'))"
)
