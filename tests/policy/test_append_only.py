"""Tables that only grow, on both engines: no UPDATE, no DELETE, no TRUNCATE, no INSERT OR REPLACE."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from aftersales import appendonly
from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]

TRY = """
import django, json
django.setup()
from django.db import DatabaseError, connection
from aftersales import appendonly
table = "accounts_auditevent"
def refused(sql):
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False
with connection.cursor() as cursor:
    cursor.execute(f"INSERT INTO {table} (id, at, verb, subject, data) VALUES (1, '2026-03-02 10:00:00', 'x', '', '{{}}')")
answers = {
    "missing": appendonly.check_triggers(),
    "update": refused(f"UPDATE {table} SET verb = 'y'"),
    "delete": refused(f"DELETE FROM {table}"),
    "replace": refused(f"INSERT OR REPLACE INTO {table} (id, at, verb, subject, data) VALUES (1, '2026-03-02', 'z', '', '{{}}')"),
}
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER accounts_auditevent_no_update")
    answers["noticed"] = appendonly.check_triggers()
    appendonly.install()
    answers["mended"] = appendonly.check_triggers()
    cursor.execute("PRAGMA recursive_triggers=OFF")
    answers["without the pragma"] = appendonly.check_triggers()
    answers["control"] = refused(f"INSERT OR REPLACE INTO {table} (id, at, verb, subject, data) VALUES (1, '2026-03-02', 'z', '', '{{}}')")
print(json.dumps(answers))
"""


def test_sqlite_refuses_update_delete_and_replace(tmp_path):
    env = environment_of("sqlite", tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", TRY], cwd=ROOT, env=env, check=True, timeout=60, capture_output=True, text=True
    )
    assert json.loads(told.stdout) == {
        "missing": [], "update": True, "delete": True, "replace": True, "noticed": ["accounts_auditevent_no_update"],
        "mended": [], "without the pragma": ["recursive_triggers"], "control": False,
    }  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize(
    "table", ["deadlines_deadlineevent", "deadlines_pause", "deadlines_excuse", "accounts_auditevent"]
)
def test_postgresql_refuses_update_delete_and_truncate(db, statement, table):
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        columns = fill(cursor, table)
        assert columns
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table))


def fill(cursor, table):
    """One row of anything: constraints apart, a trigger for each row needs a row."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND column_default IS NULL",
        [table],
    )
    values = {
        "bigint": "1", "integer": "1", "timestamp with time zone": "now()", "jsonb": "'{}'", "boolean": "false",
    }  # fmt: skip
    columns = [
        (name, "now() + interval '1 hour'" if name == "ends_at" else values.get(kind, "'x'"))
        for name, kind in cursor.fetchall()
    ]
    columns = [(name, value) for name, value in columns if name != "id"]
    names, given = (", ".join(part) for part in zip(*columns, strict=True))
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({given})")
    cursor.execute("SET session_replication_role = origin")
    return columns


def test_without_its_trigger_a_table_is_emptied(db):
    """The control: it is the trigger that refuses."""
    with connection.cursor() as cursor:
        fill(cursor, "accounts_auditevent")
        cursor.execute("DROP TRIGGER accounts_auditevent_no_truncate ON accounts_auditevent")
        cursor.execute("TRUNCATE accounts_auditevent")
        cursor.execute("SELECT count(*) FROM accounts_auditevent")
        assert cursor.fetchone() == (0,)


def test_no_trigger_is_missing_after_migrate(db):
    assert appendonly.check_triggers() == []
    assert "deadlines_deadlineevent" in appendonly.tables()


def test_a_missing_trigger_is_noticed(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER deadlines_excuse_no_delete ON deadlines_excuse")
    assert appendonly.check_triggers() == ["deadlines_excuse_no_delete"]
    appendonly.install()
    assert appendonly.check_triggers() == []
