"""Pure decisions about roles: no tables, no clock."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from aftersales.charter import Department as D

ROLE_OF = {
    D.SALES: "SALES", D.SERVICE: "CS", D.ENGINEERS: "ENG", D.FINANCE: "FIN", D.WAREHOUSE: "WH",
    D.ADMINISTRATION: "GA", D.TECHNICAL: "TECH", D.PURCHASING: "PUR", D.MANAGEMENT: "MGR", D.IT: "SYS", D.AUDIT: "AUD",
}  # fmt: skip
STAFF = ("SALES", "CS", "ENG", "FIN", "FINS", "WH", "GA", "TECH", "PUR", "MGR", "SYS", "AUD")
NEVER_SIGNS = frozenset({"ENG", "SALES", "WH"})  # SD15
MOVES_MONEY_STOCK_OR_RIGHTS = frozenset({"FIN", "FINS", "WH", "MGR", "SYS"})
SIGNING_DAYS = 366  # SD15: a delegation is time-boxed


class HeldPosting(NamedTuple):
    """A posting in force from `since` to `until`, both days included."""

    department: str
    head: bool
    since: dt.date
    until: dt.date | None


class HeldGrant(NamedTuple):
    """A grant in force from `since` to `until`, both days included."""

    kind: str
    since: dt.date
    until: dt.date | None


class Held(NamedTuple):
    """Everything a person was ever given, whether he has a second factor, and how long he was last named a deputy."""

    postings: frozenset[HeldPosting]
    grants: frozenset[HeldGrant]
    second_factor: bool
    deputy_until: dt.datetime | None = None


def holds(since: dt.date, until: dt.date | None, on: dt.date) -> bool:
    return since <= on and (until is None or on <= until)


def departments(postings: Iterable[HeldPosting], on: dt.date) -> frozenset[D]:
    return frozenset(D(p.department) for p in postings if holds(p.since, p.until, on))


def heads(postings: Iterable[HeldPosting], on: dt.date) -> frozenset[D]:
    return frozenset(D(p.department) for p in postings if p.head and holds(p.since, p.until, on))


def grants(held: Iterable[HeldGrant], on: dt.date) -> frozenset[str]:
    return frozenset(g.kind for g in held if holds(g.since, g.until, on))


def roles(held: Held, on: dt.date) -> frozenset[str]:
    """The codes of the permission table. 4.5: the head of finance signs, and whom finance designated (SD15)."""
    codes = {ROLE_OF[d] for d in departments(held.postings, on)}
    designated = D.FINANCE in heads(held.postings, on) or "finance_sign" in grants(held.grants, on)
    if "FIN" in codes and designated and not codes & NEVER_SIGNS:
        codes.add("FINS")
    return frozenset(codes)
