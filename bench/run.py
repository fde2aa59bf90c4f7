"""The whole bench once the servers run: two databases, the seed, then part after part."""

import importlib
import logging
import os
import time

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from aftersales.translations import compile_catalogues

from . import databases
from .report import Table

SIZES = {"large": (100_000, 1_000_000), "small": (1_000, 10_000)}
QUICK = {"large": (10_000, 100_000), "small": (1_000, 10_000)}


def run(parts: list[str], *, quick: bool) -> int:
    """Measure `parts`; returns how many figures are over their limit."""
    sizes = QUICK if quick else SIZES
    company = prepare(sizes)
    table = Table()
    for name in parts:
        importlib.import_module(f"bench.{name}").measure(table, company, *sizes["large"])
    databases.forget_connections()
    table.write(tickets=sizes["large"][0], deadlines=sizes["large"][1], processors=os.cpu_count())
    return len(table.over())


def prepare(sizes: dict[str, tuple[int, int]]) -> object:
    """Migrate and found the company once, then copy the database and fill both."""
    compile_catalogues()
    get_wsgi_application()
    _log_to_nowhere()
    from . import people, seed

    with said("migrated, static files collected"):
        _create("large", "template1")
        databases.use("large")
        _migrate()
        company = people.found()
        _create("small", "large")
    for name, (tickets, deadlines) in sizes.items():
        with (
            said(f"{tickets:,} tickets and {deadlines:,} clocks in the {name} database"),
            databases.using(name),
        ):
            seed.everything(tickets, deadlines)
    databases.use("large")
    return company


class said:  # reads like a sentence: with said("…")
    """Says what has been done and how long it took."""

    def __init__(self, what: str) -> None:
        self.what, self.began = what, time.monotonic()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_error: object) -> None:
        print(f"{self.what}: {time.monotonic() - self.began:.0f} s", flush=True)


def _create(name: str, template: str) -> None:
    import psycopg

    databases.forget_connections()
    server = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://").rsplit("/", 1)[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _migrate() -> None:
    from django.core.management import call_command

    from .servers import can_count

    call_command("migrate", verbosity=0, interactive=False)
    call_command(
        "collectstatic", verbosity=0, interactive=False, ignore_patterns=["rest_framework/*", "*.map"]
    )
    if can_count():
        databases.execute("CREATE EXTENSION pg_stat_statements")


def _log_to_nowhere() -> None:
    """Every line of the production log is made, and thrown away; an error is shown."""
    assert settings.MODE == "production"
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(open(os.devnull, "w"))  # noqa: SIM115  # as long as the process lives
    trouble = logging.StreamHandler()
    trouble.setLevel(logging.ERROR)
    logging.getLogger("django.request").addHandler(trouble)
