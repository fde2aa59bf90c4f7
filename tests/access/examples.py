"""An example for every address that takes arguments: its name → what to put in.

Who adds such an address adds a line here; a missing one fails the walk. `World` makes the objects when first asked for.
"""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts import services
from accounts.models import Absence, DutyShift, Grant, Posting, User
from tests import build

HOUR = dt.timedelta(hours=1)


class World:
    """What the examples speak of. None of it belongs to the person who walks."""

    at = property(lambda self: timezone.now())

    @cached_property
    def company(self) -> build.Company:
        return build.Company()

    @cached_property
    def somebody(self) -> User:
        return build.person("ENG")

    @cached_property
    def posting(self) -> Posting:
        return self.somebody.postings.get()

    @cached_property
    def proposed_posting(self) -> Posting:
        return self._proposed(Posting(user=self.somebody, department="technical"))

    @cached_property
    def proposed_grant(self) -> Grant:
        return self._proposed(Grant(user=self.somebody, kind="driver"))

    def _proposed(self, paper: Any) -> Any:
        paper.since, paper.pending, paper.named_by, paper.named_at = (
            self.at.date(),
            True,
            build.person("SYS"),
            self.at,
        )
        paper.save()
        return paper

    @cached_property
    def grant(self) -> Grant:
        return Grant.objects.create(user=self.somebody, kind="driver", since=build.LONG_AGO)

    @cached_property
    def token(self) -> Any:
        return services.issue_token(self.somebody, "script", by=self.somebody, at=self.at)[0]

    @cached_property
    def absence(self) -> Absence:
        return Absence.objects.create(
            user=self.somebody, deputy=build.person("ENG"), begins_at=self.at, ends_at=self.at + 48 * HOUR
        )

    @cached_property
    def shift(self) -> DutyShift:
        begin = self.at + HOUR
        return DutyShift.objects.create(user=build.person("CS"), begins_at=begin, ends_at=begin + 12 * HOUR)


Maker = Callable[[World], dict[str, Any]]


def username(world: World) -> dict[str, Any]:
    return {"username": world.somebody.username}


EXAMPLES: dict[str, Maker] = {
    "accounts:person": username,
    "accounts:propose_posting": username,
    "accounts:propose_grant": username,
    "accounts:close_account": username,
    "accounts:reopen_account": username,
    "accounts:renew_password": username,
    "accounts:revoke_token": lambda w: {"pk": w.token.pk},
    "accounts:end_absence": lambda w: {"pk": w.absence.pk},
    "accounts:second_posting": lambda w: {"pk": w.proposed_posting.pk},
    "accounts:withdraw_posting": lambda w: {"pk": w.proposed_posting.pk},
    "accounts:end_posting": lambda w: {"pk": w.posting.pk},
    "accounts:second_grant": lambda w: {"pk": w.proposed_grant.pk},
    "accounts:withdraw_grant": lambda w: {"pk": w.proposed_grant.pk},
    "accounts:end_grant": lambda w: {"pk": w.grant.pk},
    "accounts:strike_shift": lambda w: {"pk": w.shift.pk},
}
