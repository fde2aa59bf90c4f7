"""Fixtures that every test may ask for."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
hypothesis.settings.register_profile("suite", deadline=None, max_examples=60)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process of the run copies its database from the one that was migrated."""
    from django.conf import settings

    from tests.databases import template

    if "postgres" in settings.DATABASES["default"]["ENGINE"]:
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's own server may still hold a thread's connection when all is over: it does not keep the database."""
    from django.db import connection

    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            connection.cursor().execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            )


@pytest.fixture
def monday() -> dt.datetime:
    """A Monday morning without any holiday near: 2 March 2026, 10:00 in Shanghai."""
    return dt.datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True, scope="session")
def tables_that_only_grow_end_with_their_test() -> Iterator[None]:
    """A test with real transactions empties all tables behind it; to the triggers that emptying is a replica's."""
    from django.db import connection
    from django.test import TransactionTestCase

    empty = TransactionTestCase._fixture_teardown

    def as_replica(case: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        empty(case)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", as_replica)
        yield


@pytest.fixture(autouse=True, scope="session")
def static_files_are_listed_once() -> Iterator[None]:
    """WhiteNoise lists all of them for every client that a test makes, some 40 ms each time."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def remember(middleware: Any) -> None:
        if middleware.static_prefix not in known:
            look(middleware)
            known[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(known[middleware.static_prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remember)
        yield


@pytest.fixture(autouse=True)
def no_connection_to_a_broker_of_before() -> Iterator[None]:
    """Celery keeps its connections; one to a broker that another test stopped or invented must not live on."""
    yield
    from celery import current_app
    from kombu import pools

    if current_app._pool is not None or current_app.amqp._producer_pool is not None:
        pools.reset()
        current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture(autouse=True)
def the_portals_own_language() -> None:
    """A request of the test before leaves its reader's language to the thread."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def figures_at_their_defaults() -> None:
    """What a process remembers of figures and working days belongs to the test before; counting SQL needs it warm."""
    from deadlines.calendar import WorkCalendar, calendar
    from policy.figures import defaults, figures

    figures.assume(defaults())
    calendar.assume(WorkCalendar())


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences are compared in English, whatever language the portal speaks first."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def people(db):
    """One person per role, made when first asked for: `people.cs`, `people.eng`, `people.eng_head` …"""
    from tests import build

    return build.Company()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine."""
    from tests.browsers import launching

    return {**browser_type_launch_args, **launching()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def portal_environment(transactional_db: None) -> dict[str, str]:
    """The environment with which another process joins the test's own database and broker."""
    from django.db import connection

    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    return {**os.environ, "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}


@pytest.fixture
def worker(portal_environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on the test's own database; it stops with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "aftersales", "worker", "-c", "2", "-l", "WARNING",
         "--without-gossip", "--without-mingle"],
        cwd=ROOT, env=portal_environment,
    )  # fmt: skip
    yield process
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
