"""The Chromium of this machine, for the tests and the bench."""

import os
import shutil
from typing import Any

from tools.environment import CHROMIUM

#: a telephone at the roadside: 1.6 Mbit/s and 300 ms
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 200_000}

QUIET = (
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def launching() -> dict[str, Any]:
    """How Playwright starts it: without its sandbox (it refuses root) and quiet on the network."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert program, "There is no Chromium here: `make test` installs it; --no-browser leaves these tests out."
    return {"executable_path": program, "chromium_sandbox": False, "args": list(QUIET)}
