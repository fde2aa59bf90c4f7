"""The text of a published help article stays (2.2, SD05): triggers on both engines refuse its change and its removal."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

TABLE, MODELS = "repairs_helpversion", "repairs_helpversion_fits"
TEXT = ("article_id", "number", "title", "symptom", "group", "stop", "keywords", "steps", "drafted_by_id")
SAID = "a published version of a help article does not change"
CHANGED = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in TEXT)
CHANGED_SQLITE = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in TEXT)
NAMES = ("help_text_stays", "help_text_remains", "help_models_stay", "help_models_remain")


def _held(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {TABLE} v WHERE v.id = {row}.helpversion_id AND v.stage <> 'draft')"


ON_POSTGRES = (
    f"""
CREATE OR REPLACE FUNCTION refuse_help_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION refuse_help_models() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {_held("OLD")} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
        RETURN OLD;
    END IF;
    IF {_held("NEW")} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END $$
""",
    f"CREATE OR REPLACE TRIGGER {NAMES[0]} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
    f"WHEN (OLD.stage <> 'draft' AND ({CHANGED} OR NEW.stage = 'draft')) EXECUTE FUNCTION refuse_help_text()",
    f"CREATE OR REPLACE TRIGGER {NAMES[1]} BEFORE DELETE ON {TABLE} FOR EACH ROW "
    "WHEN (OLD.stage <> 'draft') EXECUTE FUNCTION refuse_help_text()",
    f"CREATE OR REPLACE TRIGGER {NAMES[2]} BEFORE INSERT OR UPDATE ON {MODELS} FOR EACH ROW "
    "EXECUTE FUNCTION refuse_help_models()",
    f"CREATE OR REPLACE TRIGGER {NAMES[3]} BEFORE DELETE ON {MODELS} FOR EACH ROW "
    "EXECUTE FUNCTION refuse_help_models()",
)
ABORT = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
ON_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS {name}" for name in NAMES),
    f"CREATE TRIGGER {NAMES[0]} BEFORE UPDATE ON {TABLE} "
    f"WHEN OLD.stage <> 'draft' AND ({CHANGED_SQLITE} OR NEW.stage = 'draft') {ABORT}",
    f"CREATE TRIGGER {NAMES[1]} BEFORE DELETE ON {TABLE} WHEN OLD.stage <> 'draft' {ABORT}",
    f"CREATE TRIGGER {NAMES[2]} BEFORE INSERT ON {MODELS} WHEN {_held('NEW')} {ABORT}",
    f"CREATE TRIGGER {NAMES[3]} BEFORE DELETE ON {MODELS} WHEN {_held('OLD')} {ABORT}",
)


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the triggers on versions and their models; may run any number of times (post_migrate)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= {TABLE, MODELS}:
            return
        for statement in ON_POSTGRES if connection.vendor == "postgresql" else ON_SQLITE:
            cursor.execute(statement)
