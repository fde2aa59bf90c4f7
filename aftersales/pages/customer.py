"""A customer: his vehicles and tickets, the phone masked, merging and erasing; one who was merged only leads to the kept one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import action, may
from aftersales.problems import Stale
from repairs.models import Ticket
from sales import duplicates
from sales.forgetting import is_left
from sales.forms import MergeForm, ReasonForm
from sales.lead_flow import LIVE
from sales.models import Customer, CustomerMerge, ErasureRequest, Lead
from sales.rights import EXECUTE, next_act
from sales.selectors import customers_for, deliveries_for

MOST = 200


@action("customer.view")
@require_GET
def customer(request: Any, number: str) -> HttpResponse:
    rows = customers_for(request.user).select_related("person", "seller")
    return shown(request, get_object_or_404(rows, number=number))


def shown(request: Any, found: Customer, **refused: Any) -> HttpResponse:
    """The page; with `refused`, what was sent and why it was not taken stand in the block that asks for it (422, or 409 for a
    button that is older than the paper)."""
    tickets = (
        Ticket.objects.visible_to(request.user).filter(customer=found).select_related("engineer", "words")
    )
    merged_into = CustomerMerge.objects.filter(gone=found, undone_at=None).select_related("kept").first()
    alive = not found.erased_at and merged_into is None
    wanted = alive or (merged_into is None and is_left(found))  # an erasure still has something to do
    reads = may(request.user, "customer.phone_reveal", found) and alive
    erasure = (
        ErasureRequest.objects.filter(customer=found)
        .select_related("opened_by", "proposed_by", "seconded_by")
        .last()
    )
    papers = list(tickets.order_by("-pk")[:MOST])
    context = {
        "customer": found, "person": found.person, "tickets": papers,
        "deliveries": deliveries_for(request.user).filter(customer=found)[:MOST],
        "vehicles": found.vehicles.select_related("model").order_by("-pk")[:MOST],
        "may_reveal": reads and found.person.phone, "merge_form": MergeForm(),
        "may_write": reads and may(request.user, "customer_vehicle.write", found),
        "may_merge": may(request.user, "customer_vehicle.merge") and alive,
        "likely": duplicates.likely(found) if may(request.user, "customer_vehicle.merge") else [],
        "merges": CustomerMerge.objects.filter(kept=found, undone_at=None).select_related("gone"),
        "merged_into": merged_into, "erasure": erasure, "erase": _erase(request, erasure) if wanted else "",
        "going_on": _going_on(found, papers) if erasure and not erasure.done_at else "", "reason_form": ReasonForm(),
    } | refused  # fmt: skip
    stale = isinstance(refused.get("erase_refusal"), Stale)
    return render(request, "pages/customer.html", context, status=409 if stale else 422 if refused else 200)


def _going_on(found: Customer, tickets: list[Ticket]) -> str:
    """Tickets and leads that are not over yet: once he is erased nobody can reach him about them."""
    leads = (
        Lead.objects.filter(customer=found, stage__in=LIVE).order_by("pk").values_list("number", flat=True)
    )
    return ", ".join([*(ticket.number for ticket in tickets if ticket.is_open), *leads[:MOST]])


def _erase(request: Any, erasure: ErasureRequest | None) -> str:
    """The act of erasing that this person may take now: ask, propose, carry_out, or none."""
    act = next_act(erasure)
    if act == "ask":
        return act if may(request.user, "customer.rights_request.open") else ""
    done_by_him = erasure is not None and erasure.proposed_by_id == request.user.pk
    return act if may(request.user, EXECUTE) and not done_by_him else ""
