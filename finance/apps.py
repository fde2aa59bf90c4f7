from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import closing, exports, handlers, public  # noqa: F401  # its receivers listen, its writers write from now on
        from .services import receipt_files  # noqa: F401  # its photos are named from now on
        from .sheets import disputes

        public.register()
        disputes.register()
        post_migrate.connect(closing.install, dispatch_uid="closed months")
