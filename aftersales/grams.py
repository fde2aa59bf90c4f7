"""Search by any two characters in a row, Chinese included: pairs in an array with a GIN index on PostgreSQL,
a plain text with LIKE on SQLite (performance P11: trigrams find no two-character word)."""

import re
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

LIMIT = 2000


def normalise(text: str) -> str:
    """Lower case, without the signs that people type now and then."""
    return re.sub(r"[\s\-+()（），,。.·:：]+", "", text).lower()


def grams(*texts: str) -> list[str]:
    """The distinct pairs of neighbouring characters of each text (a single character stands for itself), and of its
    digits and Latin letters also the fours: a pair of digits stands in every phone number and narrows nothing."""
    found: dict[str, None] = {}
    for text in texts:
        word = normalise(text)[:LIMIT]
        found |= dict.fromkeys([*_parts(word, 2), *_fours(word)])
    return list(found)


def asked(text: str) -> list[str]:
    """The grams that whatever holds `text` has: fours where it runs on in digits or Latin letters, else pairs."""
    word, runs = normalise(text)[:LIMIT], [run.span() for run in RUN.finditer(normalise(text)[:LIMIT])]
    inside = {at for begin, end in runs for at in range(begin, end - 1)}
    pairs = [pair for at, pair in enumerate(_parts(word, 2)) if at not in inside]
    return list(dict.fromkeys([*pairs, *_fours(word)]))


RUN = re.compile("[0-9a-z]{4,}")


def _parts(word: str, size: int) -> list[str]:
    return [word[at : at + size] for at in range(max(len(word) - size + 1, 1))] if word else []


def _fours(word: str) -> list[str]:
    return [four for run in RUN.findall(word) for four in _parts(run, 4)]


class GramsField(models.Field):
    """text[] on PostgreSQL; on SQLite the pairs joined by blanks."""

    def db_type(self, connection: Any) -> str:
        return "text[]" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str]:
        return value.split(" ") if isinstance(value, str) else (value or [])

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value or []
        return list(value) if connection.vendor == "postgresql" else f" {' '.join(value)} "


@GramsField.register_lookup
class HasGrams(models.Lookup):
    """`grams__has="刹车"`: every gram of the word is there. Recheck with the text itself if order matters."""

    lookup_name = "has"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", (asked(value),)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @> %s::text[]", (*params, asked(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        pairs = asked(self.rhs)
        test = " AND ".join([f"{lhs} LIKE %s ESCAPE '\\'"] * len(pairs)) or "1=1"
        values: list[Any] = []
        for pair in pairs:
            values += [*params, "% " + re.sub(r"([%_\\])", r"\\\1", pair) + " %"]
        return f"({test})", tuple(values)


class GinIndex(Operation):
    """CREATE INDEX … USING gin on PostgreSQL; nothing on SQLite."""

    reversible = True

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return "GinIndex", [self.table, self.column], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE INDEX {self.table}_{self.column}_gin ON {self.table} USING gin ({self.column})"
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {self.table}_{self.column}_gin")
