"""Starts the process that opens pictures: what it eats is bounded, what it breaks is its own."""

import json
import logging
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from . import limits

log = logging.getLogger(__name__)
PROGRAM = Path(__file__).with_name("decoder.py")


@dataclass(frozen=True)
class Answer:
    """`problem`: "", pixels or broken; the size is that of the upright picture."""

    problem: str
    width: int = 0
    height: int = 0


def run(task: str, format: str, source: Path, *targets: Path) -> Answer:
    """`judge` decodes the picture, `derive` writes the large and the small JPEG to the targets."""
    bounds = [
        limits.PIXELS,
        limits.MEMORY_BYTES,
        limits.CPU_SECONDS,
        limits.OUTPUT_BYTES,
        limits.LARGE,
        limits.THUMB,
    ]
    command = [
        sys.executable,
        "-I",
        "-S",
        str(PROGRAM),
        sysconfig.get_path("purelib"),
        task,
        format,
        json.dumps(bounds),
    ]
    try:
        done = subprocess.run(
            [*command, str(source), *map(str, targets)],
            capture_output=True, timeout=limits.WALL_SECONDS, env={"LC_ALL": "C.UTF-8"}, cwd=os.sep,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Answer("broken")
    return _read(done, task)


def _read(done: subprocess.CompletedProcess[bytes], task: str) -> Answer:
    """A process that died or ran out of memory has found a picture that nobody can read."""
    try:
        return Answer(**json.loads(done.stdout))
    except (ValueError, TypeError):
        log.info(
            "files: %s ended with %s: %s", task, done.returncode, done.stderr[-200:].decode(errors="replace")
        )
        return Answer("broken")
