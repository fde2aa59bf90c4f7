"""A closed month takes no more rows: triggers on both engines refuse a transfer whose day lies in or before one, or a month
that the liable engineer has reconciled, and a cost of a trip in a closed month (domain 5; reliability of
money). Installed after every migrate, checked at start-up.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from .services.booking import LOCK

TABLE, TRIGGER = "finance_transfer", "finance_transfer_open_month"
SAID = "closed month"

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK}, to_char(m, 'YYYYMM')::int) FROM generate_series(
        date_trunc('month', NEW.day), greatest(NEW.day, least(NEW.at::date, (NEW.day + interval '2 years')::date)),
        interval '1 month') m;
    IF EXISTS (SELECT 1 FROM finance_closedmonth c
               WHERE c.reopened_at IS NULL AND c.month >= date_trunc('month', NEW.day)::date)
       OR EXISTS (SELECT 1 FROM finance_account a JOIN finance_receivable v ON v.key = a."of"
                  JOIN finance_reconciliation r ON r.engineer_id = v.engineer_id
                  WHERE a.id IN (NEW.source_id, NEW.target_id) AND a.kind = 'receivable'
                  AND r.stage = 'locked' AND r.month >= date_trunc('month', NEW.day)::date) THEN
        RAISE EXCEPTION '{SAID}: % takes no more rows', to_char(NEW.day, 'YYYY-MM')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
POSTGRES = f'CREATE OR REPLACE TRIGGER "{TRIGGER}" BEFORE INSERT ON "{TABLE}" FOR EACH ROW EXECUTE FUNCTION refuse_closed_month()'
SQLITE = f"""
CREATE TRIGGER "{TRIGGER}" BEFORE INSERT ON "{TABLE}"
WHEN EXISTS (SELECT 1 FROM finance_closedmonth c
             WHERE c.reopened_at IS NULL AND c.month >= date(NEW.day, 'start of month'))
  OR EXISTS (SELECT 1 FROM finance_account a JOIN finance_receivable v ON v.key = a."of"
             JOIN finance_reconciliation r ON r.engineer_id = v.engineer_id
             WHERE a.id IN (NEW.source_id, NEW.target_id) AND a.kind = 'receivable'
             AND r.stage = 'locked' AND r.month >= date(NEW.day, 'start of month'))
BEGIN SELECT RAISE(ABORT, '{SAID}: it takes no more rows'); END
"""
COSTS, COSTS_TRIGGER = "finance_travelcost", "finance_travelcost_open_month"
POSTGRES_COSTS_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_closed_cost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK}, to_char(NEW.day, 'YYYYMM')::int);
    IF EXISTS (SELECT 1 FROM finance_closedmonth c
               WHERE c.reopened_at IS NULL AND c.month >= date_trunc('month', NEW.day)::date) THEN
        RAISE EXCEPTION '{SAID}: % takes no more rows', to_char(NEW.day, 'YYYY-MM')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
POSTGRES_COSTS = f"""
CREATE OR REPLACE TRIGGER "{COSTS_TRIGGER}" BEFORE INSERT ON "{COSTS}" FOR EACH ROW EXECUTE FUNCTION refuse_closed_cost()
"""
SQLITE_COSTS = f"""
CREATE TRIGGER "{COSTS_TRIGGER}" BEFORE INSERT ON "{COSTS}"
WHEN EXISTS (SELECT 1 FROM finance_closedmonth c
             WHERE c.reopened_at IS NULL AND c.month >= date(NEW.day, 'start of month'))
BEGIN SELECT RAISE(ABORT, '{SAID}: it takes no more rows'); END
"""
NEEDS = {TABLE, COSTS, "finance_closedmonth", "finance_reconciliation"}
TRIGGERS = (TRIGGER, COSTS_TRIGGER)
ON_POSTGRES = (POSTGRES_FUNCTION, POSTGRES, POSTGRES_COSTS_FUNCTION, POSTGRES_COSTS)
ON_SQLITE = (*(f'DROP TRIGGER IF EXISTS "{name}"' for name in TRIGGERS), SQLITE, SQLITE_COSTS)


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the triggers on ledger and costs; may run any number of times (post_migrate)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= NEEDS:
            return
        for statement in ON_POSTGRES if connection.vendor == "postgresql" else ON_SQLITE:
            cursor.execute(statement)


def is_installed(using: str = DEFAULT_DB_ALIAS) -> bool:
    connection = connections[using]
    asked = (
        "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'D' AND tgname IN (%s, %s)"
        if connection.vendor == "postgresql"
        else "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, TRIGGERS)
        return int(cursor.fetchone()[0]) == len(TRIGGERS)
