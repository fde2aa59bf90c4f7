"""`check --deploy` on a fresh database: the description of the API reads the choices of its forms from there."""

import os

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("check", deploy=True, fail_level="WARNING")
