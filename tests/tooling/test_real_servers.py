"""The tests run on what production runs on; they can never fall back in silence."""

import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from aftersales.celery import app


def test_the_database_is_postgresql(db):
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_the_cache_is_a_real_server():
    cache.set("tests", "here", 10)
    assert cache.get("tests") == "here"
    assert settings.REDIS_URL.startswith("redis://127.0.0.1:")


def test_a_task_runs_in_a_real_worker_on_the_tests_own_database(worker):
    from aftersales.heartbeats import age

    app.send_task("deadlines.tasks.sweep")
    with connection_to_broker() as broker:
        until = time.monotonic() + 30
        while time.monotonic() < until and (broker.llen("celery") or age("worker") is None):
            time.sleep(0.1)
        assert broker.llen("celery") == 0
    assert age("worker") is not None


def connection_to_broker():
    import redis

    return redis.Redis.from_url(settings.REDIS_URL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True), ("task_reject_on_worker_lost", True), ("task_ignore_result", True), ("task_time_limit", 120),
        ("task_soft_time_limit", 90), ("worker_prefetch_multiplier", 1), ("broker_connection_retry_on_startup", True),
    ],
)  # fmt: skip
def test_celerys_figures_are_those_that_lost_nothing(name: str, value: object):
    assert app.conf[name] == value


def test_the_brokers_figures_are_those_that_lost_nothing():
    options = app.conf.broker_transport_options
    assert {name: options[name] for name in ("visibility_timeout", "unacked_restore_throttle", "unacked_restore_interval")} == {
        "visibility_timeout": 600, "unacked_restore_throttle": 1, "unacked_restore_interval": 10,
    }  # fmt: skip
    assert app.conf.get("CELERY_DB_REUSE_MAX") == 500
