"""One life of the catalogue on whatever database the environment names: `python -m tests.catalogue.one_life` prints what it found.

Also two people at one paper at once: threads approve the same proposal and publish the same list.
"""

import datetime as dt
import json
import os
import sys
import threading
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
django.setup()

from django.db import connection  # noqa: E402  # after setup

from aftersales.problems import Refusal  # noqa: E402
from catalogue import services  # noqa: E402
from catalogue.models import Part, PartVersion, VehicleModel  # noqa: E402
from catalogue.selectors import find_parts, price_lines  # noqa: E402
from tests import build  # noqa: E402

NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)
THREADS = 4


def life() -> dict[str, Any]:
    VehicleModel.objects.create(code="FY-6", name="飞跃 6")
    clerk = build.person("FIN")
    rows = [{"code": f"BP-{n}", "name": "刹车片", "valuable": n == 1, "fits": ["FY-6"]} for n in range(3)]
    batch = services.propose_parts(rows, reason="开业", by=clerk, at=NOW)
    approved = at_once(services.approve_parts, batch, "TECH")
    part = Part.objects.get(code="BP-1")
    indexed = (part.initials, list(part.grams))
    part.save()
    part.refresh_from_db()
    paper = services.draft_prices(
        "一", DAY, prices=[(part, Decimal("58.50"), None)], rates=[], by=clerk, at=NOW
    )
    published = at_once(services.publish_prices, paper, "FINS")
    return {
        "approved": approved, "published": published, "valuable": part.valuable, "fits": [m.code for m in part.fits.all()],
        "same index": indexed == (part.initials, list(part.grams)), "found": [p.code for p in find_parts("scp").order_by("code")],
        "price": str(price_lines([part.pk], DAY)[part.pk].price), "versions are kept": kept(), "fits of a version": PartVersion.objects.all()[0].fits,
    }  # fmt: skip


def at_once(act: Any, paper: Any, role: str) -> list[str]:
    """How it ended for each of several people who do the same at once."""
    people, said = [build.person(role) for _ in range(THREADS)], []

    def one(user: Any) -> None:
        try:
            act(paper, by=user, at=NOW)
            said.append("done")
        except Refusal as refusal:
            said.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def kept() -> bool:
    """No version is ever changed."""
    try:
        PartVersion.objects.update(name="x")
    except Exception:  # each engine has its own
        return True
    return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(life()) + "\n")
