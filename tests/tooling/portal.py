"""Programs of the portal, started as a person or a server would start them."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
#: of this machine only what a program needs
PLAIN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


def processes_of(folder: Path) -> list[str]:
    """Command lines and environments that name the folder: whatever was started for it and still runs."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            about = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if (
            words
            and (f"{folder}/" in words or f"DATA={folder}\0" in about)
            and entry.name != str(os.getpid())
        ):
            found.append(f"{entry.name} {words}")
    return found


class Launched:
    """`make run` without make, on a folder and a port of its own."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        environment = PLAIN | {"DATA": str(data), "PORT": str(self.port)} | settings
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "aftersales.up"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until(self, path: str, status: int = 200, patience: float = 90) -> float:
        """Seconds from the start until the address answered so."""
        while time.monotonic() - self.began < patience:
            if self.get(path)[0] == status:
                return time.monotonic() - self.began
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(40)
