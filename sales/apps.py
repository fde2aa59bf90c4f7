from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        from . import exports, forgetting, plain  # noqa: F401  # importing registers the writers, and who names files
