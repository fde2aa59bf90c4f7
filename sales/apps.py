from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        from . import exports, forgetting  # noqa: F401  # importing registers the writers, and who names files
