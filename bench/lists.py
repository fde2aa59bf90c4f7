"""P1–P4 and P11: the list of 50 tickets, its filters, its search, and what growth does to it."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from . import databases, floor
from .people import Company
from .report import Table
from .seed import DAYS, RARE
from .site import Site, good, words
from .turns import Work, in_turn

LIST = "/tickets/"
MEASURED = {
    "no filter": "", "stage": "?stage=closed", "engineer": "?engineer=engineer7", "search 刹车": "?q=%E5%88%B9%E8%BD%A6",
}  # fmt: skip
#: every filter that the page offers, alone
OFFERED = (
    "", "stage=closed", "stage=open", "stage=planned", "move=service", "move=engineers", "engineer=engineer7", "engineer=me",
    "region=江苏", "region=拉萨", "model=FY-3", "model=no such", "period=7", "period=365", "urgency=stopped", "channel=phone",
    "overdue=1", f"period={DAYS}&stage=planned&region=江苏",
)  # fmt: skip


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    portal = Site(WSGIHandler(), company.agent_cookie)
    against_the_floor(table, portal)
    counted(table, portal)
    growth(table, portal, tickets)
    searches(table, portal)


def asking(site: Site, address: str) -> Work:
    return lambda: good(site.get(address))


def compare(
    table: Table, target: str, what: str, portal: Site, address: str, template: Any, limit: float
) -> None:
    """Portal and floor of one address, after both were found to say the same."""
    page = good(portal.get(address))
    floor.pages[address] = template(page.text)
    lean = Site(floor.application(), portal.cookies)
    shared = set(words(good(lean.get(address)))) & set(words(page))
    share = len(shared) / len(set(words(page)))
    if share < 0.9:
        raise SystemExit(f"The floor of {address} says only {share:.0%} of the page's words.")
    found = in_turn(asking(portal, address), asking(lean, address))
    table.ratio(target, f"{what} : floor", found, limit)
    ours, theirs = (len(databases.statements(asking(site, address))) for site in (portal, lean))
    table.add(target, f"{what}, statements", ours, None, "SQL", f"floor {theirs}")


def against_the_floor(table: Table, portal: Site) -> None:
    for name, query in MEASURED.items():
        compare(table, "P1", f"list of 50, {name}", portal, LIST + query, floor.list_template, 1.3)


def counted(table: Table, portal: Site) -> None:
    """Statements and blocks of every offered filter; the worst one is the figure."""
    worst, most, where = 0, 0.0, ""
    for query in OFFERED:
        work = asking(portal, f"{LIST}?{query}")
        worst = max(worst, len(databases.statements(work)))
        blocks = databases.touched(work, 3)
        if blocks and blocks[0] > most:
            most, where = blocks[0], query
    table.add("P2", "statements of a list page, the worst filter", worst, 5, "SQL")
    blocks, small = databases.touched(asking(portal, LIST)), None
    with databases.using("small"):
        small = databases.touched(asking(portal, LIST))
    if blocks and small:
        table.add("P3", "blocks of a list page", blocks[0], 600, "blocks")
        table.add("P3", "blocks of a list page, the worst filter", most, 600, "blocks", where)
        table.add(
            "P3",
            "blocks, large : small",
            blocks[0] / small[0],
            1.5,
            beside=f"{blocks[0]:.0f} : {small[0]:.0f}",
        )


def growth(table: Table, portal: Site, tickets: int) -> None:
    """The same page over a hundred times as many rows, and the last page beside the first."""
    for name, query in {"no filter": "", "stage": "?stage=closed"}.items():
        work = asking(portal, LIST + query)
        found = in_turn(
            work,
            work,
            before_candidate=lambda: databases.use("large"),
            before_limit=lambda: databases.use("small"),
        )
        databases.use("large")
        table.add("P4", f"growth 1,000 → {tickets:,}, {name}, p50", found.p50, 1.1, beside=found.beside)
    page = min(2000, tickets // 50)
    deep = asking(portal, f"{LIST}?before={tickets - (page - 1) * 50 + 1}&from={(page - 1) * 50 + 1}")
    found = in_turn(deep, asking(portal, LIST))
    table.add("P4", f"page {page:,} : page 1, p50", found.p50, 1.1, beside=found.beside)


def searches(table: Table, portal: Site) -> None:
    asked = {"刹车 (one in eleven)": "刹车", f"{RARE} (one in a thousand)": RARE, "phone": "13100000007", "VIN": "00000000000017",
             "customer": "李建国"}  # fmt: skip
    for name, word in asked.items():
        found = databases.touched(asking(portal, f"{LIST}?q={word}"))
        if found:
            table.add("P11", f"search {name}, database time", found[1], 10, "ms", f"{found[0]:.0f} blocks")
