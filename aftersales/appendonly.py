"""Tables that only grow: triggers on both engines refuse UPDATE and DELETE, on PostgreSQL TRUNCATE too (SQLite has none).

Installed after every migrate (a table rebuilt by SQLite loses its triggers) and checked at start-up. On SQLite
`INSERT OR REPLACE` deletes without asking the triggers unless `recursive_triggers` is on, so that is checked too.
"""

from typing import Any, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models

M = TypeVar("M", bound=type[models.Model])

_registered: list[type[models.Model]] = []


def append_only(model: M) -> M:
    """Class decorator: rows of this model are written once and stay."""
    _registered.append(model)
    return model


def tables() -> list[str]:
    """The tables that only grow: those that say so, and every history."""
    known = apps.get_models()
    histories = [model for model in known if hasattr(model, "history_id") and hasattr(model, "instance_type")]
    return [model._meta.db_table for model in [*_registered, *histories] if model in known]


def triggers(table: str, postgres: bool) -> dict[str, str]:
    """The triggers that a table must have: name → what it refuses."""
    refused = ("UPDATE", "DELETE", "TRUNCATE") if postgres else ("UPDATE", "DELETE")
    return {f"{table}_no_{what.lower()}": what for what in refused}


POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRES = 'CREATE OR REPLACE TRIGGER "{name}" BEFORE {what} ON "{table}" FOR EACH {unit} EXECUTE FUNCTION refuse_change()'
UNIT = {"TRUNCATE": "STATEMENT"}  # it knows no rows
SQLITE = """
CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {what} ON "{table}"
BEGIN SELECT RAISE(ABORT, 'append-only: {what} on {table} is refused'); END
"""


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the triggers on every table that exists by now; may run any number of times (post_migrate)."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor)) & set(tables())
        if present and postgres:
            cursor.execute(POSTGRES_FUNCTION)
        for table in sorted(present):
            for name, what in triggers(table, postgres).items():
                words = {"name": name, "what": what, "table": table, "unit": UNIT.get(what, "ROW")}
                cursor.execute((POSTGRES if postgres else SQLITE).format(**words))


def check_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What is missing: names of triggers (and SQLite's pragma); [] when every such table is guarded."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
            if postgres
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        found = {name for (name,) in cursor.fetchall()}
        missing = [name for table in tables() for name in triggers(table, postgres) if name[:63] not in found]
        if not postgres:
            cursor.execute("PRAGMA recursive_triggers")
            missing += [] if cursor.fetchone()[0] else ["recursive_triggers"]
    return missing
