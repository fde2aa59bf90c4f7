"""Told to gunicorn beside its command line: a worker that ends takes its figures out of /metrics."""

import os
from typing import Any


def child_exit(server: Any, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
