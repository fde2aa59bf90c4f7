"""The raw limit behind gunicorn; Django is set up for the models' columns, the requests do not touch it."""

import django

django.setup()

from .raw import Application  # noqa: E402  # after setup

application = Application()
