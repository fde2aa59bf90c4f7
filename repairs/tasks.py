"""What the worker does for the repairs desk. A task carries no facts: it looks at what is missing."""

from celery import shared_task

from aftersales import files
from notices.doorbell import ring


@shared_task
def derive(sha256: str) -> None:
    """Make the picture that people see: upright, without metadata (GPS!)."""
    files.make_derivatives(sha256)


def ring_derive(sha256: str) -> None:
    """After the commit; a hung broker costs nothing, the picture is then made when first looked at."""
    ring(derive, sha256)
