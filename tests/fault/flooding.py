"""A flood of reports from many addresses: `python -m tests.fault.flooding PORT POSTS POSTS_A_SECOND [COOKIE]`.

It fetches the form once, as a program does, then posts whole reports, each with an address, a phone and a key of its own;
COOKIE is the name of one that it leaves at home.
Prints how often which status was answered, as JSON, at the end or when it is told to stop. Imports nothing of the portal.
"""

import http.client
import json
import os
import re
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

SENDERS = 8
HOST = {"Host": "localhost"}


def form(port: int) -> tuple[str, str]:
    """(cookies, token) of the report's form."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/report/", headers=HOST)
    answer = line.getresponse()
    page = answer.read().decode()
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page[:300]
    return "; ".join(cookies), token[1]


def report(number: int, token: str) -> dict[str, str]:
    return {
        "contact": "某人", "phone": f"139{number:08d}", "symptom": "假的", "operation": str(uuid.uuid4()),
        "csrfmiddlewaretoken": token,
    }  # fmt: skip


def post(
    line: http.client.HTTPConnection, fields: dict[str, str], cookies: str, address: str, **headers: str
) -> http.client.HTTPResponse:
    known = HOST | {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "X-Forwarded-For": address,
    }  # fmt: skip
    line.request("POST", "/report/", urlencode(fields), known | headers)
    answer = line.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    return answer


def flood(port: int, posts: int, a_second: float, seen: Counter[int], without: str = "") -> None:
    brought, token = form(port)
    cookies = "; ".join(one for one in brought.split("; ") if one.split("=")[0] != without)
    began, numbers = time.monotonic(), iter(range(posts))
    lock = threading.Lock()

    def send() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (number := _next(numbers, lock)) is not None:
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            try:
                seen[post(line, report(number, token), cookies, address).status] += 1
            except (OSError, http.client.HTTPException):
                seen[0] += 1
                line.close()

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def _next(numbers: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(numbers, None)


def main(port: str, posts: str, a_second: str, without: str = "") -> None:
    seen: Counter[int] = Counter()

    def tell(*_signal: object) -> None:
        sys.stdout.write(json.dumps(dict(seen)) + "\n")
        sys.stdout.flush()
        os._exit(0)  # the senders still wait for their answers

    signal.signal(signal.SIGTERM, tell)
    flood(int(port), int(posts), float(a_second), seen, without)
    tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
