"""P16: what a worker holds after a thousand mixed requests, beside what it held after the first of each."""

import itertools
import multiprocessing
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from repairs.models import Ticket

from . import databases
from .people import Company
from .report import Table
from .site import Site, good
from .submits import Visitor, forget_rates

REQUESTS = 1000


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    """In a process of its own, which has answered nothing before."""
    databases.forget_connections()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_worker, args=(theirs, company))
    worker.start()
    before, after = ours.recv()
    worker.join()
    table.add(
        "P16",
        f"memory after {REQUESTS:,} mixed requests : before",
        after / before,
        1.3,
        beside=f"{after:.0f} : {before:.0f} MB",
    )


def held() -> float:
    """MB of this process, what it shares counted by share."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _worker(line: Any, company: Company) -> None:
    databases.use("large")
    requests = mixed(company)
    for _ in range(24):
        next(requests)()
    before = held()
    for _ in range(REQUESTS):
        next(requests)()
    line.send((before, held()))
    databases.forget_connections()


def mixed(company: Company) -> Any:
    """List, search, ticket, home, export, public form, report and description of the API, over and over."""
    application = WSGIHandler()
    agent, engineer = Site(application, company.agent_cookie), Site(application, company.engineer_cookie)
    visitor = Visitor(Site(application))
    numbers = itertools.cycle(Ticket.objects.filter(stage="closed").values_list("number", flat=True)[:200])

    def report() -> None:
        forget_rates()
        visitor.report()

    acts = [
        lambda: good(agent.get("/tickets/")), lambda: good(agent.get(f"/tickets/{next(numbers)}/")), report,
        lambda: good(engineer.get("/desk/")), lambda: good(agent.get("/tickets/?q=刹车")),
        lambda: good(visitor.site.get("/report/")),
        lambda: good(agent.get("/tickets/?stage=planned&overdue=1")), lambda: good(agent.get("/customers/")),
    ]  # fmt: skip
    return itertools.cycle(acts)
