"""P20: a page of the colleagues while 10,000 reports a minute arrive, beside the same page in a quiet minute."""

import http.client
import json
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
        quiet, flooded, posts = (median(column) for column in zip(*rounds, strict=True))
        ratio = median(under / calm for calm, under, _posts in rounds)
        beside = f"{1000 * flooded:.1f} : {1000 * quiet:.1f} ms, {posts:,.0f} posts a minute answered"
        table.add("P20", f"staff page in a flood : quiet, {what}", ratio, limit, beside=beside)
    forget_rates()


def _round(port: int, cookie: str) -> tuple[float, float, float]:
    """(quiet, flooded) seconds of a page, one after the other, and how many posts a minute were answered beside it."""
    forget_rates()
    calm, began = _page(port, cookie), time.perf_counter()
    with _flood(port) as answered:
        time.sleep(1.5)
        under = _page(port, cookie)
    return calm, under, 60 * answered[0] / (time.perf_counter() - began)


@contextmanager
def _flood(port: int) -> Iterator[list[int]]:
    """The list holds, afterwards, how many posts were answered."""
    command = [sys.executable, "-m", "tests.fault.flooding", str(port), "1000000", str(A_SECOND)]
    source = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    answered: list[int] = []
    try:
        yield answered
    finally:
        source.terminate()
        told = json.loads(source.communicate()[0])
        answered.append(sum(count for status, count in told.items() if status != "0"))


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
