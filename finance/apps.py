from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import closing, handlers  # noqa: F401  # its receivers listen from now on

        post_migrate.connect(closing.install, dispatch_uid="closed months")
