"""Technical (charter 7)."""

from django.apps import AppConfig


class TechnicalConfig(AppConfig):
    name = "technical"

    def ready(self) -> None:
        from . import handlers, public  # noqa: F401  # importing connects the listeners

        public.register()
