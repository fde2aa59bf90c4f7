"""First migrations: all tables of an app in one operation, in place of those that stood before (decision 0031)."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """Makes the tables of all these models. Django renders every model that is related to a new one again, for each table;
    here once for all of them, which makes migrating an empty database several times as fast. The models may name each other
    in any order: foreign keys are made at the end."""

    reversible = True
    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "Tables", [], {"models": self.models}

    def state_forwards(self, app_label: str, state: Any) -> None:
        # without what was rendered so far, which would be brought up to date model by model
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} tables"


def none_between_two_replaced_migrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A check of the databases: `migrate` says so in a sentence before it fails at models that it cannot put together."""
    return [error for name in kwargs.get("databases") or [] for error in _halfway(name)]


def _halfway(database: str) -> list[CheckMessage]:
    loader = MigrationLoader(connections[database], replace_migrations=False)
    applied = set(loader.applied_migrations)
    for migration in loader.disk_migrations.values():
        had = [replaced in applied for replaced in migration.replaces]
        if any(had) and not all(had):
            sentence = (
                "This database was made by a version of before the first release that nothing leads on from."
            )
            hint = "Begin with an empty one: make run with DATA=another-folder, or another DATABASE_URL."
            return [Error(sentence, hint, id="aftersales.E001")]
    return []
