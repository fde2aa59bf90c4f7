"""Everything a make target needs, brought about once: `python3 tools/environment.py run|test|fault|check|bench`.

Runs on the Python of the machine with nothing installed, so it uses the standard library only. What has
been done is written down in .venv/.done and skipped until uv.lock changes.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DONE = VENV / ".done"
UV = "uv==0.13.9"
GROUPS = {
    "run": ["embedded"],
    "test": ["embedded", "test", "dev"],  # the layers are a test too
    "bench": ["embedded", "test"],
    "fault": ["embedded", "test", "dev"],
    "check": ["embedded", "test", "dev"],
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE = ("soffice", "libreoffice")
FORK = "django-fsm-2==4.2.4"
FORK_FOLDER = VENV / "fork"


def done() -> dict[str, Any]:
    """What the environment holds: the lock it was made from, its groups."""
    try:
        return json.loads(DONE.read_text())
    except (OSError, ValueError):
        return {}


def write_done(**entries: object) -> None:
    DONE.write_text(json.dumps(done() | entries))


def lock_digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for name in ("uv.lock", "pyproject.toml"):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def call(*words: object, **more: Any) -> None:
    """Run a program; when it fails, its own words stand on the screen already."""
    if subprocess.run([str(word) for word in words], cwd=ROOT, **more).returncode:
        raise SystemExit(f"This did not work: {' '.join(map(str, words))}")


def stands() -> bool:
    """Whether .venv is there and made by this very Python (a moved folder or an upgraded Python breaks it)."""
    if not PYTHON.exists() or not (VENV / "bin" / "uv").exists():
        return False
    said = subprocess.run([PYTHON, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
    return said.returncode == 0 and said.stdout.strip() == sys.version


def make_venv() -> None:
    print("Making the environment in .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV]).returncode:
        raise SystemExit("Python's venv module is incomplete here: `apt install python3-venv` completes it.")
    call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)


def sync(groups: list[str]) -> None:
    """The packages of uv.lock, and nothing that the lock does not name (groups asked for earlier stay)."""
    digest, held = lock_digest(), done()
    fresh = held.get("lock") == digest
    if fresh and set(groups) <= set(held.get("groups", [])):
        return
    wanted = sorted({*groups, *held.get("groups", [])})
    print(f"Installing the packages of uv.lock ({', '.join(wanted)}) …", flush=True)
    # the interpreter is named: a search would find shims that answer “command not found”
    chosen = [word for group in wanted for word in ("--group", group)]
    call(
        VENV / "bin" / "uv", "sync", "--quiet", "--frozen", "--no-default-groups", "--python", PYTHON, *chosen
    )
    write_done(lock=digest, groups=wanted)


def browser() -> None:
    """Chromium and Chinese fonts, by apt where this is root's own machine."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, CHROMIUM)):
        return
    by_apt(
        "chromium fonts-noto-cjk",
        "Chromium and Chinese fonts",
        "The tests need a Chromium. Type: {} (or name one: CHROMIUM=/path make test)",
    )


def office() -> None:
    """LibreOffice Calc, which calculates again what our workbooks say."""
    if os.environ.get("SOFFICE") or any(map(shutil.which, OFFICE)):
        return
    by_apt(
        "libreoffice-calc",
        "LibreOffice Calc",
        "The fault tests need LibreOffice Calc. Type: {} (or name one: SOFFICE=/path make fault)",
    )


def by_apt(packages: str, what: str, otherwise: str) -> None:
    """Install by apt as root; anybody else is told the one command to type."""
    command = f"apt-get install -y --no-install-recommends {packages}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(otherwise.format(f"sudo {command}"))
    print(f"Installing {what} …", flush=True)
    quiet: dict[str, Any] = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
    }
    call("apt-get", "update", "-qq", **quiet)
    call(*command.split(), "-qq", **quiet)


def fork() -> None:
    """django-fsm-2 in a folder of its own: it bears the same import name, so it may not stand beside django-fsm."""
    if done().get("fork") == FORK and FORK_FOLDER.exists():
        return
    shutil.rmtree(FORK_FOLDER, ignore_errors=True)
    call(
        VENV / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--python",
        PYTHON,
        "--target",
        FORK_FOLDER,
        FORK,
    )
    write_done(fork=FORK)


def main(target: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # told by whatever Python `make` found
        raise SystemExit(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 {target}"
        )
    began = time.monotonic()
    if not stands():
        make_venv()
    sync(GROUPS[target])
    if target in ("test", "bench"):
        browser()
    if target == "test":
        fork()
    if target == "fault":
        office()
    if (spent := time.monotonic() - began) > 2:
        print(f"The environment stands ({spent:.0f} s).", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
