"""Many people sign the same sheets at once: `python -m tests.fault.sign_race` on the database of the environment.

Reads one JSON line ({"clients": 8, "sheets": 6, "protected": true}), answers with one: how many signatures were given.
"""

import datetime as dt
import json
import os
import sys
import threading
from typing import Any
from unittest import mock

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()

from django.db import connection, models  # after setup

from aftersales.problems import Refusal
from finance.services import signing
from parts.models import Release
from parts.services import releases
from tests import build
from tests.finance.conftest import Shop

NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)


def race(clients: int, sheets: int) -> dict[str, Any]:
    """Every client signs every sheet; {"signed": calls that came back signed, "sheets": sheets that carry a signature}."""
    shop = Shop(build.Company(), NOW)
    part = shop.part("30.00")
    papers = [shop.release("warranty", (part, 1)) for _sheet in range(sheets)]
    people = [build.person("FINS") for _client in range(clients)]
    signed = 0
    for paper in papers:
        signed += at_once([lambda who=who, paper=paper: sign(paper, who) for who in people])
    return {
        "signed": signed,
        "sheets": Release.objects.filter(pk__in=[p.pk for p in papers], stage="signed").count(),
    }


def at_once(acts: list[Any]) -> int:
    """Run them through one gate; how many came back true."""
    gate, won = threading.Barrier(len(acts)), []

    def work(act: Any) -> None:
        gate.wait()
        try:
            won.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(won)


def sign(paper: Release, who: Any) -> bool:
    try:
        signing.sign(paper, by=who, at=NOW + dt.timedelta(hours=1))
    except Refusal:
        return False
    return True


def unprotected() -> Any:
    """Negative control: nobody waits for the row, and a save overwrites whatever it finds."""
    read = Release.objects.select_related("ticket", "order")
    one = mock.patch.object(releases, "locked", lambda release: read.get(pk=release.pk))
    two = mock.patch.object(Release, "_do_update", models.Model._do_update)
    return one, two


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps(measured(**asked)) + "\n")


def measured(clients: int, sheets: int, protected: bool) -> dict[str, Any]:
    if protected:
        return race(clients, sheets)
    one, two = unprotected()
    with one, two:
        return race(clients, sheets)


if __name__ == "__main__":
    main()
