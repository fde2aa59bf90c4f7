"""What the worker does for the kernel. A task carries no facts: it looks at what waits."""

from celery import shared_task

from aftersales import clock, downloads, files


@shared_task(time_limit=580, soft_time_limit=550)  # below the broker's visibility time-out
def write_downloads() -> int:
    """Every half minute, and when somebody asks: long exports that wait."""
    return downloads.write_waiting()


@shared_task
def tidy_downloads() -> int:
    """Every night: what was kept for seven days goes."""
    return downloads.tidy(clock.now())


@shared_task
def tidy_uploads() -> int:
    """Every quarter of an hour: files in pieces that nobody has continued for a day."""
    return files.tidy_pieces(clock.now())
