"""Which rules of separation the present staff cannot keep, and whom to add (permissions.md). Pure: people as role sets."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Post(NamedTuple):
    """One chair that one person must fill: somebody with any of `roles`; without him `rules` cannot be kept."""

    roles: tuple[str, ...]
    rules: tuple[str, ...]
    whom: str | Promise


POSTS = [
    Post(
        ("FINS",),
        ("SD01", "SD02"),
        _("somebody who signs for finance: the head of finance, or a delegation finance_sign"),
    ),
    Post(
        ("FINS",),
        ("SD05", "SD06", "SD12"),
        _("a second person who signs for finance (delegation finance_sign)"),
    ),
    Post(("FIN", "FINS"), ("SD03", "SD04"), _("a finance clerk who records and pays what the others sign")),
    Post(("MGR",), ("SD04", "SD07", "SD13"), _("a leader")),
    Post(("MGR",), ("SD11", "SD15"), _("a second leader, who seconds what the first one names")),
    Post(("WH",), ("SD02",), _("a storekeeper")),
    Post(("ENG",), ("SD01", "SD02"), _("an engineer")),
    Post(("CS",), ("SD10",), _("somebody of customer service, who calls back")),
    Post(("TECH",), ("SD08", "SD09"), _("somebody of the technical department")),
    Post(("SYS",), ("SD11",), _("an administrator without any business role")),
]


def unfilled(staff: Mapping[str, frozenset[str]]) -> list[Post]:
    """The posts that stay empty when every person fills one at most (a matching, so that one person is not counted twice)."""
    seated: dict[str, int] = {}

    def seat(number: int, asked: set[str]) -> bool:
        for person, roles in staff.items():
            if person in asked or not roles & set(POSTS[number].roles):
                continue
            asked.add(person)
            if person not in seated or seat(seated[person], asked):
                seated[person] = number
                return True
        return False

    return [post for number, post in enumerate(POSTS) if not seat(number, set())]
