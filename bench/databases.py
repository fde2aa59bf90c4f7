"""Two databases beside each other, a large and a small one, and what one piece of work asks of them."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections
from django.test.utils import CaptureQueriesContext

from .servers import can_count

_wrappers: dict[str, Any] = {}


def use(name: str) -> Any:
    """Let Django's default connection be that of the database `name`."""
    if name not in _wrappers:
        wrapper = connections.create_connection("default")
        wrapper.settings_dict = {**wrapper.settings_dict, "NAME": name}
        _wrappers[name] = wrapper
    connections["default"] = _wrappers[name]
    return _wrappers[name]


@contextlib.contextmanager
def using(name: str) -> Iterator[None]:
    use(name)
    try:
        yield
    finally:
        use("large")


def forget_connections() -> None:
    for wrapper in _wrappers.values():
        wrapper.close()


def execute(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def statements(work: Callable[[], Any]) -> list[str]:
    """The SQL that `work` sends."""
    with CaptureQueriesContext(connections["default"]) as seen:
        work()
    return [query["sql"] for query in seen]


def touched(work: Callable[[], Any], times: int = 10) -> tuple[float, float] | None:
    """(8-KiB blocks, ms of database time) per run of `work`, None if this PostgreSQL does not count them."""
    if not can_count():
        return None
    work()
    execute("SELECT pg_stat_statements_reset()")
    for _ in range(times):
        work()
    (row,) = execute(
        "SELECT sum(shared_blks_hit + shared_blks_read), sum(total_exec_time) FROM pg_stat_statements s"
        " JOIN pg_database d ON d.oid = s.dbid WHERE datname = current_database() AND query NOT LIKE '%pg_stat%'"
    )
    return float(row[0]) / times, float(row[1]) / times
