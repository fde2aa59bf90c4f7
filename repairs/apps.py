from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "repairs"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import exports, frozen, handlers  # noqa: F401  # importing connects the listeners and registers the writers

        post_migrate.connect(frozen.install, dispatch_uid="help articles stay")
