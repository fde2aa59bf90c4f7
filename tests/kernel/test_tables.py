"""All tables of an app in one operation: made and taken away, whatever the order; each model rendered once; whoever migrated
step by step before is taken over as he stands."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from aftersales.tables import Tables


def probes(crosswise=True):
    """Three models, the first of which names the last, or not."""
    key = ("id", models.BigAutoField(primary_key=True))
    chief = models.ForeignKey("kernel.Third", models.PROTECT, null=True)
    owner = models.ForeignKey("kernel.First", models.PROTECT)
    return [
        CreateModel("First", [key, *([("chief", chief)] if crosswise else [])]),
        CreateModel("Second", [key, ("owner", owner)]),
        CreateModel("Third", [key, ("owner", owner)]),
    ]


def applied(operations):
    """The states before and after; what is committed is taken away again by the test's transaction."""
    migration = Migration("probe", "kernel")
    migration.operations = operations
    before = ProjectState()
    assert before.apps  # an executor renders all before it begins
    with connection.schema_editor(atomic=True) as editor:
        after = migration.apply(before.clone(), editor)
    return migration, before, after


def tables():
    return {name for name in connection.introspection.table_names() if name.startswith("kernel_")}


@pytest.mark.django_db
def test_tables_are_made_and_taken_away():
    migration, before, _after = applied([Tables(probes())])
    assert tables() == {"kernel_first", "kernel_second", "kernel_third"}
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, "kernel_first")
    assert ("kernel_third", "id") in [constraint["foreign_key"] for constraint in keys.values()]
    with connection.schema_editor(atomic=True) as editor:
        migration.unapply(before, editor)
    assert tables() == set()


@pytest.mark.django_db
def test_each_model_is_rendered_once(monkeypatch):
    """Control: made one by one, a model is rendered again for every later one that it has to do with."""
    render, counted = ModelState.render, []

    def count(state, apps):
        counted.append(state.name)
        return render(state, apps)

    monkeypatch.setattr(ModelState, "render", count)
    applied([Tables(probes(crosswise=False))])
    assert sorted(counted) == ["First", "Second", "Third"]
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"DROP TABLE {table} CASCADE")
    counted.clear()
    applied(probes(crosswise=False))
    assert len(counted) > 3


@pytest.mark.django_db
def test_who_migrated_step_by_step_has_nothing_left_to_do():
    """The first migrations replace those of before the first release."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(name="0001_tables").delete()
    assert recorder.migration_qs.filter(app="repairs", name="0014_ticket_over").exists()
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db
def test_halfway_between_them_migrate_says_so():
    MigrationRecorder(connection).migration_qs.filter(
        app="repairs", name__in=("0001_tables", "0014_ticket_over")
    ).delete()
    with pytest.raises(SystemCheckError, match="before the first release"):
        call_command("migrate", verbosity=0, skip_checks=False)
    MigrationRecorder(connection).record_applied("repairs", "0014_ticket_over")
    call_command("migrate", verbosity=0, skip_checks=False)
