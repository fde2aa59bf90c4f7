from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "repairs"

    def ready(self) -> None:
        from . import handlers  # noqa: F401  # importing connects the listeners
