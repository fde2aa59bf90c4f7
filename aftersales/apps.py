from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "aftersales"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import appendonly, tables  # noqa: F401  # the latter registers its check

        post_migrate.connect(appendonly.install, dispatch_uid="append-only triggers")
