"""Warehouse and purchasing (charter 5)."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "parts"

    def ready(self) -> None:
        from . import handlers  # noqa: F401  # its receivers register themselves
