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

    @cached_property
    def ticket(self) -> Any:
        """A completed ticket: its `callback` clock runs, its customer may answer the survey."""
        return build.ticket(at_stage="completed", at=self.at - 30 * HOUR, company=self.company)

    @cached_property
    def quotation(self) -> Any:
        return build.quotation(self.ticket, self.at - HOUR, "sent")

    @cached_property
    def order(self) -> Any:
        return build.order(self.company, self.at)

    @cached_property
    def vehicle(self) -> Any:
        return build.vehicle(at=self.at)

    @cached_property
    def customer(self) -> Any:
        from sales.services import open_customer, write_down

        return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=self.at)

    @cached_property
    def clock(self) -> Any:
        from deadlines.models import Deadline

        return Deadline.objects.filter(subject_id=self.ticket.pk, rule="callback").get()

    @cached_property
    def round(self) -> Any:
        from deadlines.models import CollectionRound
        from deadlines.services import open_rounds

        open_rounds(self.at)
        return CollectionRound.objects.first()


NOT_THERE = 0  # the door is asked all the same; behind it a row that is not there is a 404


Maker = Callable[[World], dict[str, Any]]


def username(world: World) -> dict[str, Any]:
    return {"username": world.somebody.username}


def number(world: World) -> dict[str, Any]:
    return {"number": world.ticket.number}


def link(world: World) -> dict[str, Any]:
    from repairs.links import token

    return {"token": token(world.ticket)}


def quotation(world: World) -> dict[str, Any]:
    return {"number": world.quotation.number}


def order(world: World) -> dict[str, Any]:
    return {"number": world.order.number}


def nothing(world: World) -> dict[str, Any]:
    return {"pk": NOT_THERE}


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
    "catalogue:edit_model": lambda w: {"pk": w.vehicle.model_id},
    "catalogue:new_term": lambda w: {"pk": w.vehicle.model_id},
    "notices:open": nothing,
    "deadlines:tick": lambda w: {"pk": w.round.pk},
    "deadlines:excuse": lambda w: {"pk": w.clock.pk},
    "policy:propose": lambda w: {"name": "stalled_days"},
    "policy:second": nothing,
    "repairs:forget_view": nothing,
    "repairs:attachment": lambda w: {"key": "not-there"},
    "repairs:reveal": number,
    "repairs:print": lambda w: number(w) | {"form": "9.1"},
    "repairs:print_pdf": lambda w: number(w) | {"form": "9.1"},
    "repairs:step": lambda w: number(w) | {"name": "note"},
    "repairs:ticket": number,
    "repairs:quotation": quotation,
    "repairs:quotation_step": lambda w: quotation(w) | {"step_name": "accept"},
    "repairs:quotation_print": quotation,
    "repairs:quotation_pdf": quotation,
    "repairs:order": order,
    "repairs:order_step": lambda w: order(w) | {"step_name": "edit"},
    "sales:edit_vehicle": lambda w: {"vin": w.vehicle.vin},
    "sales:vehicle": lambda w: {"vin": w.vehicle.vin},
    "sales:unmerge": nothing,
    "sales:edit_customer": lambda w: {"number": w.customer.number},
    "sales:customer": lambda w: {"number": w.customer.number},
    "sales:reveal": lambda w: {"number": w.customer.number},
    "sales:erase": lambda w: {"number": w.customer.number},
    "sales:merge": lambda w: {"number": w.customer.number},
    "api:ticket": number,
    "api:take_step": lambda w: number(w) | {"name": "note"},
    "api:draft_of_ticket": number,
    "api:draft_of_order": order,
    "api:quotation": quotation,
    "api:quotation_step": lambda w: quotation(w) | {"step_name": "accept"},
    "api:order": order,
    "api:order_step": lambda w: order(w) | {"step_name": "edit"},
    "api:vehicle": lambda w: {"vin": w.vehicle.vin},
    "api:customer": lambda w: {"number": w.customer.number},
    "api:nothing": lambda w: {"rest": "nothing"},
    "public:received": link,
    "public:qr": link,
    "public:private": link,
    "public:message": link,
    "public:photos": link,
    "public:photo": lambda w: link(w) | {"key": "not-there"},
    "public:consent": link,
    "public:quotation": link,
    "public:survey": link,
    "public:withdraw": link,
    "public:rights": link,
    "public:tracked_photo": lambda w: {"key": "not-there"},
}
