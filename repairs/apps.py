from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "repairs"

    def ready(self) -> None:
        from . import exports, handlers  # noqa: F401  # importing connects the listeners and registers the writers
