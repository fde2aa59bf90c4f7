from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "aftersales"

    def ready(self) -> None:
        from django.core.checks import Tags, register
        from django.db.models.signals import post_migrate

        from . import appendonly, tables

        register(tables.none_between_two_replaced_migrations, Tags.database)
        post_migrate.connect(appendonly.install, dispatch_uid="append-only triggers")
