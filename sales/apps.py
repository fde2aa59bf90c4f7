from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        from . import exports, forgetting, handlers, plain  # noqa: F401  # importing registers writers, listeners, and who names files
