from django.apps import AppConfig


class TechnicalConfig(AppConfig):
    name = "technical"
