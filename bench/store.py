"""P18: the stock page, a part's movements, finance's queue at 50,000 parts and 1,000,000 movements, beside a hundredth."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler

from accounts.services import enrol_totp
from aftersales.grams import grams
from catalogue.models import Part
from parts.models import Movement, Release, ReleaseLine, Stock

from . import databases, floor_store
from .lists import asking, compare
from .parts import NAMES
from .people import ENGINEERS, Company, facts_of, signer
from .report import Table
from .seed import bare, copy, settle
from .site import Site
from .tables import insert_select
from .turns import in_turn

CLERK, WAITING, HELD = 9_100, 200, 120  # the queue, and what engineer7 holds, are as long in both
SIZES = {"large": (50_000, 1_000_000, 20_000), "small": (500, 10_000, 400)}  # parts, movements, releases
SECRET, SESSION = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "b" * 32
PAGES = {
    "stock": "/parts/stock/", "stock, zone": "/parts/stock/?zone=good", "stock, an engineer": "/parts/stock/?holder=engineer7",
    "stock, a code": "/parts/stock/?q=BS-000123", "a part's movements": "/parts/stock/BS-000123/", "finance's queue": "/finance/",
}  # fmt: skip


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    for name, sizes in SIZES.items():
        with databases.using(name):
            clerk()
            fill(*sizes)
    portal = Site(WSGIHandler(), f"{settings.SESSION_COOKIE_NAME}={SESSION}")
    compare(table, "P18", "stock", portal, PAGES["stock"], floor_store.stock_template, 1.3)
    compare(
        table, "P18", "finance's queue", portal, PAGES["finance's queue"], floor_store.queue_template, 1.3
    )
    for what, address in PAGES.items():
        page(table, portal, what, address)


def clerk() -> None:
    """Somebody of finance who signs, with a second factor; his session bears the same key in both databases."""
    user = signer(CLERK, "cashier")
    enrol_totp(user, SECRET)
    facts = facts_of(user)
    Session.objects.create(
        session_key=SESSION, session_data=SessionStore().encode(facts), expire_date="2099-01-01T00:00Z"
    )


def fill(parts: int, movements: int, releases: int) -> None:
    """Parts in the store, every tenth also with an engineer; movements spread over all of them; sheets, the last ones waiting."""
    databases.execute("SET session_replication_role = replica")
    with bare(Part, Stock, Movement, Release, ReleaseLine):
        copy(Part, COLUMNS, (_part(n) for n in range(parts)))
        _stock(parts, movements)
        _releases(parts, releases)
    settle()


COLUMNS = 'id, code, name, spec, unit, "group", assembly, valuable, wearing, recyclable, bulky, active, initials, grams'


def _part(n: int) -> str:
    code, name = f"BS-{n:06d}", NAMES[n % len(NAMES)]
    words = "{" + ",".join(f'"{each}"' for each in grams(code, name)) + "}"
    return f"{100_000 + n}\t{code}\t{name}\t规格 {n % 400}\t件\twhole\tf\tf\tf\tf\tf\tt\t\t{words}\n"


def _stock(parts: int, movements: int) -> None:
    run, source = databases.execute, f"generate_series(0, {parts - 1}) i"
    run(
        insert_select(
            Stock, source, part_id="100000 + i", zone="'good'", quantity="1 + i % 90", shelf="'A-' || i % 200"
        )
    )
    run(insert_select(Stock, f"{source} WHERE i < {HELD} OR i % 10 = 0", part_id="100000 + i", zone="'engineer'", quantity="1",
                      holder_id=f"CASE WHEN i < {HELD} THEN 7 ELSE 8 + i / 10 % {ENGINEERS - 7} END"))  # fmt: skip
    run(insert_select(
        Movement, f"generate_series(1, {movements}) i", part_id=f"100000 + i % {parts}", quantity="1 + i % 9",
        source="'supplier'", target="'good'", paper="'RK' || i / 20", by_id=str(CLERK),
    ))  # fmt: skip


def _releases(parts: int, releases: int) -> None:
    stage = f"CASE WHEN i > {releases - WAITING} THEN 'submitted' ELSE 'settled' END"
    databases.execute(insert_select(
        Release, f"generate_series(1, {releases}) i", id="900000 + i", number="'LLB' || lpad(i::text, 8, '0')", stage=stage,
        ticket_id="i % 900 + 1", requester_id="1 + i % 40", engineer_id="1 + i % 40", basis="'warranty'", made_at="now()",
        submitted_at=f"now() - ({releases} - i) * interval '1 minute'", line_count="3",
    ))  # fmt: skip
    databases.execute(insert_select(
        ReleaseLine, f"generate_series(1, {releases}) i, generate_series(1, 3) n", release_id="900000 + i", position="n",
        part_id=f"100000 + (i * 7 + n) % {parts}", quantity="1 + i % 4", kind="'loan'", unit_price="10000", amount="10000",
        damage="'not_human'", charge="'awaiting'", old_part="'must'", in_warranty="true",
    ))  # fmt: skip


def page(table: Table, portal: Site, what: str, address: str) -> None:
    """What growth does to a page, and what it asks of the database."""
    work: Any = asking(portal, address)
    found = in_turn(
        work,
        work,
        before_candidate=lambda: databases.use("large"),
        before_limit=lambda: databases.use("small"),
    )
    databases.use("large")
    table.add("P18", f"{what}, growth a hundredfold, p50", found.p50, 1.1, beside=found.beside)
    table.add("P18", f"{what}, statements", len(databases.statements(work)), None, "SQL")
    blocks = databases.touched(work)
    if blocks:
        table.add("P18", f"{what}, blocks", blocks[0], 600, "blocks")
