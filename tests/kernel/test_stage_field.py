"""The field of a stage, as models and as migrations have it."""

from django.apps.registry import Apps
from django.db import models
from django.db.models.signals import class_prepared

from aftersales.flow import FSMField, PlainField


def rendered(field):
    """A model as a migration renders it: how many listeners it leaves behind."""
    before = len(class_prepared.receivers)
    meta = type("Meta", (), {"app_label": "kernel_probe", "apps": Apps()})
    model = type("Probe", (models.Model,), {"__module__": "__fake__", "stage": field, "Meta": meta})
    return len(class_prepared.receivers) - before, model


def test_a_model_that_a_migration_renders_leaves_no_listener_behind():
    """Hundreds are rendered one after the other; with each listener every next one would take longer."""
    assert rendered(FSMField())[0] == 0
    assert rendered(PlainField())[0] == 1  # the control: as django-fsm does it
