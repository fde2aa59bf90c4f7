"""The shell that joins the departments, and the kernel they all stand on."""

from .celery import app as celery_app

__all__ = ["celery_app"]
