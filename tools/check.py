"""`make check`: every check, one line each; what failed is shown whole and the last line says how many did."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aftersales.translations import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
MODULE = [sys.executable, "-m"]

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "mypy"), "."],
    "layers": [str(BIN / "lint-imports"), "--no-logo"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "templates": [*MODULE, "tools.templates"],
    "translations": [*MODULE, "tools.translations"],
    "texts": [*MODULE, "tools.texts"],
    "deployment": [*MODULE, "tools.deployment"],
    "charter": [*MANAGE, "charter", "--check"],
}


def environment(name: str, data: str) -> dict[str, str]:
    """Of this machine only what a program needs: a developer's own settings change no result."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR", "TERM") if key in os.environ}
    if name == "deployment":
        real = {"SECRET_KEY": secrets.token_urlsafe(64), "ALLOWED_HOSTS": "service.example.com"}
        return kept | real | {"DATA": data, "MODE": "production"}
    return kept | {"DATA": data, "MODE": "demo"}


def passes(name: str, data: str) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environment(name, data),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<13} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def main(names: list[str]) -> int:
    if unknown := set(names) - set(CHECKS):
        raise SystemExit(
            f"There is no check named {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}."
        )
    compile_catalogues()
    with tempfile.TemporaryDirectory() as data:
        failed = [name for name in names or CHECKS if not passes(name, data)]
    print(
        f"{len(failed)} of {len(names or CHECKS)} checks failed: {', '.join(failed)}"
        if failed
        else "Every check passed."
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
