"""INSERT statements made from the models' own columns, for the seed and for the hand-written limits."""

from typing import Any

from django.db import models

#: SQL for a column that nobody named, by kind of field
NEUTRAL = {
    "CharField": "''", "TextField": "''", "EmailField": "''", "FSMField": "''", "GramsField": "'{}'", "JSONField": "'{}'",
    "BooleanField": "false", "DateTimeField": "now()", "DateField": "current_date", "BinaryField": "''::bytea",
}  # fmt: skip


def neutral(field: Any) -> str:
    if isinstance(field.default, (str, int)) and not isinstance(field.default, bool):
        return f"'{field.default}'"
    if field.null:
        return "NULL"
    return NEUTRAL.get(field.get_internal_type(), NEUTRAL.get(type(field).__name__, "0"))


def columns(model: type[models.Model], given: dict[str, str]) -> dict[str, str]:
    """Column → SQL expression, for every column that the database does not fill itself."""
    found: dict[Any, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column in given:
            found[field.column] = given[field.column]
        elif not isinstance(field, models.AutoField):
            found[field.column] = neutral(field)
    if unknown := set(given) - set(found):
        raise ValueError(f"{model.__name__} has no column {sorted(unknown)}")
    return found


def insert_select(model: type[models.Model], source: str, /, **given: str) -> str:
    """INSERT … SELECT an SQL expression per column FROM `source`."""
    found = columns(model, given)
    names = ", ".join(f'"{name}"' for name in found)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(found.values())} FROM {source}'


def insert_values(model: type[models.Model], *names: str, rows: int = 1, after: str = "") -> str:
    """INSERT … VALUES with a placeholder for each of `names`, the neutral value for the rest."""
    found = columns(model, dict.fromkeys(names, "%s"))
    named = [name for name in found if found[name] == "%s"]
    assert named == list(names), f"write them in the order of the table: {named}"
    marks = ", ".join([f"({', '.join(found.values())})"] * rows)
    heads = ", ".join(f'"{name}"' for name in found)
    return f'INSERT INTO "{model._meta.db_table}" ({heads}) VALUES {marks} {after}'
