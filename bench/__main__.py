"""`python -m bench [--quick] [part …]`: start servers, seed, measure, print the table, write bench/results.json."""

import argparse
import signal
import sys
import tempfile
import time

from tests.services import Valkey

from . import servers

PARTS = (
    "lists",
    "papers",
    "submits",
    "steps",
    "sweeps",
    "pages",
    "parts",
    "store",
    "exports",
    "months",
    "memory",
    "floods",
    "roadside",
)


def arguments(words: list[str]) -> argparse.Namespace:
    known = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    known.add_argument(
        "--quick", action="store_true", help="10,000 tickets and 100,000 clocks instead of ten times as many"
    )
    known.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[], help="measure these parts only")
    return known.parse_args(words)


def main(asked: argparse.Namespace) -> int:
    began = time.monotonic()
    database, broker = servers.postgres(), Valkey()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as data:
            servers.prepare(database, broker, data)
            from .run import run  # the settings are read now

            over = run(asked.parts or list(PARTS), quick=asked.quick)
    finally:
        broker.stop()
        database.process.send_signal(signal.SIGINT)  # whoever is still connected, after an error say
        database.stop()
    print(f"{over or 'No'} figure{'s' * (over != 1)} over the limit, {time.monotonic() - began:.0f} s.")
    return 0


sys.exit(main(arguments(sys.argv[1:])))
