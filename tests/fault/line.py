"""A line to a process that plays rounds (`nursery.serve`), on a database of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]


class Line:
    """`usual`: what a round is asked unless it says otherwise."""

    def __init__(self, module: str, engine: str, folder: Path, **usual: Any) -> None:
        self.usual = usual
        self.process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environment_of(engine, folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def round(self, **what: Any) -> dict[str, int]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(self.usual | what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)
