"""Many people at once take the last pieces of a part: `python -m tests.parts.racer honest|unlocked|unguarded` on any engine.

Prints what came of it as JSON: how many got one, what the stock says, what the movements say.
"""

import datetime as dt
import itertools
import json
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
PEOPLE = 32
Meet = Callable[[], Any]


def honest(part: Any, by: Any, _meet: Meet) -> None:
    from parts.services import move

    move(part, 1, "good", "customer", paper="CK", by=by, at=AT)


def unlocked(part: Any, by: Any, meet: Meet) -> None:
    """Negative control: reads, thinks (until all have read), writes what it has read."""
    from parts.models import Movement, Stock

    row = Stock.objects.get(part=part, zone="good")
    if row.quantity < 1:
        raise LookupError
    meet()
    row.quantity -= 1
    row.save()
    Movement.objects.create(part=part, quantity=1, source="good", target="customer", paper="CK", at=AT, by=by)


def unguarded(part: Any, by: Any, meet: Meet) -> None:
    """Negative control: looks first, then subtracts, with nothing in the database that would refuse."""
    from django.db.models import F

    from parts.models import Movement, Stock

    if Stock.objects.get(part=part, zone="good").quantity < 1:
        raise LookupError
    meet()
    Stock.objects.filter(part=part, zone="good").update(quantity=F("quantity") - 1)
    Movement.objects.create(part=part, quantity=1, source="good", target="customer", paper="CK", at=AT, by=by)


MANNERS: dict[str, Callable[[Any, Any, Meet], None]] = {
    "honest": honest,
    "unlocked": unlocked,
    "unguarded": unguarded,
}


def race(
    act: Callable[[Any, Any, Meet], None], part: Any, by: Any, *, atomic: bool = True, people: int = PEOPLE
) -> dict[str, Any]:
    """So many at the same instant; `won` got a piece."""
    from django.db import connection, transaction

    from parts.models import Stock
    from parts.services import drift

    gate, meet, won = threading.Barrier(people), partial(threading.Barrier(people).wait, 60), []

    def one() -> None:
        gate.wait()
        try:
            if atomic:
                with transaction.atomic():
                    act(part, by, meet)
            else:
                act(part, by, meet)
            won.append(1)
        except Exception:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stock = Stock.objects.get(part=part, zone="good").quantity
    return {"won": len(won), "stock": stock, "drift": [row[3:] for row in drift() if row[0] == part.pk]}


def main(manner: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    from catalogue.models import Part
    from tests import build

    build._count = itertools.count(1 + 1000 * Part.objects.count())  # an earlier race may have been run here
    by = build.person("WH")
    part: Part = build.spare(good=1, by=by, at=AT)
    sys.stdout.write(json.dumps(race(MANNERS[manner], part, by, atomic=manner == "honest")))


if __name__ == "__main__":
    main(sys.argv[1])
