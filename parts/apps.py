"""Warehouse and purchasing (charter 5)."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "parts"

    def ready(self) -> None:
        from . import handlers, public  # noqa: F401  # importing connects the listeners

        public.register()
