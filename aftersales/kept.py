"""Statements whose shape never changes, written once per process: building one anew costs more than asking it.

What a page asks each time by one key alone (performance P1, P5, P6); whatever narrows by a reader's wishes stays a queryset.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

#: stands for the key while the statement is written; no row has this id
MARK = 4_611_686_018_427_387_847


class _Written(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    converters: list[tuple[int, list[Any], Any]]


class Kept:
    """`Kept(lambda key: Note.objects.filter(ticket=key).values_list("at", "text"))`, then `notes(17)`: a list of tuples."""

    def __init__(self, build: Callable[[int], QuerySet[Any, Any]]) -> None:
        self.build = build
        self.written: dict[str, _Written] = {}

    def __call__(self, key: int) -> list[tuple[Any, ...]]:
        vendor = connection.vendor
        if vendor not in self.written:
            self.written[vendor] = self._write()
        sql, params, converters = self.written[vendor]
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if value == MARK else value for value in params])
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _write(self) -> _Written:
        compiler = self.build(MARK).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return _Written(sql, tuple(params), [(place, *found[place]) for place in found])


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, functions, expression in converters:
        for convert in functions:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
