"""Many rows handed to one statement as ONE parameter: a table of JSON that both engines read.

A placeholder per value costs more than the statement itself once there are thousands (performance P10).
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection


def recordset(columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> tuple[str, str]:
    """(SQL of a table `v` with these columns, its parameter). `columns`: name → PostgreSQL type.

    Moments are aware datetimes; a `jsonb` column takes what json can write. On SQLite end the SELECT with a WHERE
    before ON CONFLICT, as it demands.
    """
    moment = connection.ops.adapt_datetimefield_value
    body = json.dumps(list(rows), ensure_ascii=False, default=lambda value: str(moment(value)))
    if connection.vendor == "postgresql":
        cells = ", ".join(_cell(place, name, kind) for place, (name, kind) in enumerate(columns.items()))
        return f"(SELECT {cells} FROM jsonb_array_elements(%s::jsonb)) AS v", body
    cells = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
    return f"(SELECT {cells} FROM json_each(%s)) AS v", body


def _cell(place: int, name: str, kind: str) -> str:
    return f"value -> {place} AS {name}" if kind == "jsonb" else f"(value ->> {place})::{kind} AS {name}"
