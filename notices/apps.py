from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from . import handlers  # noqa: F401  # importing connects the listeners
