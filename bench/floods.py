"""P20: a page of the colleagues while 10,000 reports a minute arrive, beside the same page in a quiet minute."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from .people import Company
from .report import Table
from .submits import forget_rates, served

A_SECOND, ROUNDS, VIEWS = 10_000 / 60, 5, 25
LIMIT = 2.0


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    for what, usual, limit in (
        ("with the gate", "30", LIMIT),
        ("gate open, for comparison", "1000000", None),
    ):
        os.environ["REPORTS_A_MINUTE"] = usual
        with served("aftersales.wsgi:application") as port:
            rounds = [_round(port, company.agent_cookie) for _ in range(ROUNDS)]
        quiet, flooded = (median(times) * 1000 for times in zip(*rounds, strict=True))
        ratio = median(under / calm for calm, under in rounds)
        beside = f"{flooded:.1f} : {quiet:.1f} ms"
        table.add("P20", f"staff page in a flood : quiet, {what}", ratio, limit, beside=beside)
    forget_rates()


def _round(port: int, cookie: str) -> tuple[float, float]:
    """(quiet, flooded) seconds of a page, one after the other."""
    forget_rates()
    calm = _page(port, cookie)
    with _flood(port):
        time.sleep(1.5)
        return calm, _page(port, cookie)


@contextmanager
def _flood(port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.fault.flooding", str(port), "1000000", str(A_SECOND)]
    source = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        source.kill()
        source.wait()


def _page(port: int, cookie: str) -> float:
    """The median of some views, in seconds."""
    times = []
    for _ in range(VIEWS):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        began = time.perf_counter()
        line.request("GET", "/tickets/", headers={"Host": "localhost", "Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == 200
    return median(times)
