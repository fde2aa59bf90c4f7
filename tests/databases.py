"""Databases of a test's own: migrated once a run on each engine, then copied, because migrating takes ten seconds."""

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "portal_template"


def own_database(engine: str, folder: Path) -> str:
    """The address of a migrated database of this engine; `folder` holds the file of an SQLite one."""
    if engine == "sqlite":
        _once("sqlite", _migrate_sqlite)
        shutil.copyfile(_patterns() / "sqlite", folder / "portal.sqlite3")
        return f"sqlite:///{folder}/portal.sqlite3"
    name = f"own_{uuid.uuid4().hex[:12]}"
    _on_the_server(f"CREATE DATABASE {name} TEMPLATE {template()}")
    return f"{_server()}/{name}"


def environment_of(engine: str, folder: Path, **settings: str) -> dict[str, str]:
    """What a program needs to work on such a database."""
    url = own_database(engine, folder)
    module = {"DJANGO_SETTINGS_MODULE": "aftersales.settings", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **module, "DATABASE_URL": url, "DATA": str(folder), **settings}


def template() -> str:
    """The name of the migrated database on the tests' PostgreSQL that others are copied from; TEST_TEMPLATE names one that
    stands on the server of TEST_DATABASE_URL already, and saves the migrating."""
    if ready := os.environ.get("TEST_TEMPLATE"):
        return ready
    _once(TEMPLATE, _migrate_postgresql)
    return _of_this_run()


def _of_this_run() -> str:
    return f"{TEMPLATE}_{_patterns().name.replace('-', '_').lower()}"


def _patterns() -> Path:
    return Path(os.environ["TEST_PATTERNS"])


def _server() -> str:
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0]


def _once(name: str, make: Callable[[], None]) -> None:
    """By whichever process of the run asks first; the others wait for it."""
    done = _patterns() / f"{name}.done"
    with (_patterns() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make()
            done.touch()


def _migrate_sqlite() -> None:
    _migrate(f"sqlite:///{_patterns()}/sqlite")


def _migrate_postgresql() -> None:
    name = _of_this_run()
    _on_the_server(f"DROP DATABASE IF EXISTS {name}")
    _on_the_server(f"CREATE DATABASE {name}")
    _migrate(f"{_server()}/{name}")


def _migrate(url: str) -> None:
    here = {**os.environ, "DATABASE_URL": url, "DATA": str(_patterns())}
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=here, check=True, timeout=600)


def _on_the_server(statement: str) -> None:
    address = f"{_server()}/postgres".replace("postgres://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(statement)
