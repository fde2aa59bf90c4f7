"""The desk of travel claims 差旅报销 FY (8.2–8.5): written after the trip, checked, decided where the standard ends, paid."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Denied, action, may
from accounts.steps import Step, Steps
from aftersales import files
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.problems import Refusal
from deadlines.papers import EmptyForm, PaperDesk
from dispatch.models import Trip

from ..flow import ClaimStage
from ..forms import ReasonForm
from ..models import Claim, ClaimLine
from ..services import claims
from ..services.claims.journeys import to_claim
from ..sheets import claims as sheets
from .claim_forms import NewClaimForm
from .claim_steps import CheckForm, DecideForm, LineForm, PayForm, RemoveForm, SubmitForm, WithdrawForm

E = ClaimStage
CHECK, DECIDE, PAY, REVERSE, CLAIM = (
    "expense.approve_standard",
    "expense.approve_exception",
    "expense.pay",
    "ledger.reverse",
    "expense.claim",
)


def apart(paper: Claim, user: Any, step: Step) -> None:
    """SD04; what the owner does with his claim is his."""
    if step.action != CLAIM:
        claims.apart(paper, user, step.action)


def is_proposed(paper: Claim) -> bool:
    return claims.proposal_of(paper) is not None


def is_not_proposed(paper: Claim) -> bool:
    return not is_proposed(paper)


def has_lines(paper: Claim) -> bool:
    return bool(paper.lines.all())


STEPS = Steps(Claim, [
    Step("submit", gettext_lazy("Submit"), "8.2", CLAIM, SubmitForm, claims.submit, (E.DRAFT,), ("submit",)),
    Step("add", gettext_lazy("Add a line"), "8.2", CLAIM, LineForm, claims.add_line, (E.DRAFT,)),
    Step("remove", gettext_lazy("Remove a line"), "8.2", CLAIM, RemoveForm, claims.remove_line, (E.DRAFT,), when=has_lines),
    Step("check", gettext_lazy("Check line by line"), "8.3", CHECK, CheckForm, claims.check, (E.SUBMITTED,), ("check_lines",)),
    Step("decide", gettext_lazy("Decide line by line"), "8.2", DECIDE, DecideForm, claims.decide, (E.CHECKED,),
         ("approve", "refuse")),
    Step("pay", gettext_lazy("Pay"), "8.2", PAY, PayForm, claims.pay, (E.CHECKED, E.APPROVED), ("pay",), reauthenticate=True),
    Step("send_back", gettext_lazy("Send back"), "8.2", CHECK, ReasonForm, claims.send_back, (E.SUBMITTED,), ("send_back",),
         danger=True),
    Step("withdraw", gettext_lazy("Withdraw"), "8.2", CLAIM, WithdrawForm, claims.withdraw, (E.DRAFT, E.SUBMITTED),
         ("withdraw",), danger=True),
    Step("propose_reversal", gettext_lazy("Propose the reversal"), "8.2", REVERSE, ReasonForm, claims.propose_reversal, (E.PAID,),
         danger=True, when=is_not_proposed),
    Step("take_back", gettext_lazy("Reverse it"), "8.2", REVERSE, EmptyForm, claims.take_back, (E.PAID,), ("take_back",),
         danger=True, when=is_proposed),
    Step("let_stand", gettext_lazy("Let it stand"), "8.2", REVERSE, EmptyForm, claims.let_stand, (E.PAID,), when=is_proposed),
], lock=claims.hold, apart=apart)  # fmt: skip


def claims_for(user: Any) -> Any:
    rows = Claim.objects.visible_to(user).prefetch_related("lines", "trip__travellers__person")
    return rows.select_related("trip__driver", "claimant", "made_by", "checked_by", "decided_by", "paid_by")


def payload(paper: Claim, user: Any) -> dict[str, Any]:
    """Facts of a claim; amounts are strings of yuan."""
    return {
        "trip": paper.trip.number, "claimant": paper.claimant.username, "asked": str(paper.asked),
        "payable": str(paper.payable), "paid": str(paper.amount) if paper.amount is not None else None,
        "paid_at": paper.paid_at, "returned_why": paper.returned_why, "lines": [_line(line) for line in paper.lines.all()],
    }  # fmt: skip


def _line(line: ClaimLine) -> dict[str, Any]:
    return {
        "id": line.pk, "kind": line.kind, "day": line.day, "amount": str(line.amount), "way": line.way, "note": line.note,
        "standard": str(line.standard) if line.standard is not None else None, "above": str(line.above),
        "paid": str(line.paid), "photo": bool(line.sha256), "struck_why": line.struck_why, "granted": line.granted,
        "decision": line.decision,
    }  # fmt: skip


DESK = PaperDesk(
    app="finance", name="claim", plural="claims", steps=STEPS, view="expense.view", step_action="expense.step",
    rows=claims_for, sheet=sheets.claim, payload=payload, home=("finance:claims", gettext_lazy("Travel claims")),
    acts={"write": pgettext_lazy("claim", "Written")},
)  # fmt: skip
#: tab of the list → the stages in it
TABS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (pgettext_lazy("claims", "All"), ()), "draft": (pgettext_lazy("claims", "Drafts"), (E.DRAFT,)),
    "submitted": (pgettext_lazy("claims", "To check"), (E.SUBMITTED,)),
    "checked": (pgettext_lazy("claims", "Checked"), (E.CHECKED,)),
    "approved": (pgettext_lazy("claims", "Decided"), (E.APPROVED,)), "paid": (pgettext_lazy("claims", "Paid"), (E.PAID,)),
    "over": (pgettext_lazy("claims", "Ended without payment"), (E.REFUSED, E.WITHDRAWN, E.REVERSED)),
}  # fmt: skip


@action("expense.view")
@require_GET
def claim_list(request: Any) -> HttpResponse:
    """All, or his own, by stage; newest first. Above them his trips that are back and not claimed for."""
    asked = request.GET.get("stage", "")
    _label, stages = TABS.get(asked, TABS[""])
    rows = claims_for(request.user)
    context = paged(request, rows.filter(stage__in=stages) if stages else rows)
    tabs = [
        {"label": label, "url": f"?stage={name}" if name else "?", "current": name == asked}
        for name, (label, _stages) in TABS.items()
    ]
    claims_too = may(request.user, CLAIM)
    trips = to_claim(request.user)[:8] if claims_too else ()
    more = {"tabs": tabs, "trips": trips, "may_claim": claims_too}
    return render(request, "finance/claims.html", context | more)


@action(CLAIM)
@require_http_methods(["GET", "POST"])
@once
def new(request: Any) -> HttpResponse:
    """`?trip=CX…`: everything of one trip on one page (B16); without it his trips to choose from."""
    number = request.GET.get("trip", "").replace("\x00", "")[:20]
    if not number:
        return render(request, "finance/claim_trips.html", {"trips": to_claim(request.user)[:50]})
    trip = trip_of(request.user, number)
    try:
        claims.must_be_back(trip)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("finance:claims")
    form = NewClaimForm(*([request.POST, request.FILES] if request.method == "POST" else []), trip=trip)
    if form.is_bound and form.is_valid():
        try:
            return redirect(written(request, trip, form))
        except Refusal as refusal:
            for each in refusal.each:
                form.add_error(each.field if each.field in form.fields else None, str(each))
    return render(
        request, "finance/new_claim.html", {"form": form, "trip": trip}, status=422 if form.is_bound else 200
    )


def trip_of(user: Any, number: str) -> Trip:
    """A trip that he may see; somebody else's is refused with the reason."""
    rows = Trip.objects.visible_to(user).prefetch_related("travellers__person")
    trip: Trip = get_object_or_404(rows, number=number)
    if not claims.may_claim(trip, user):
        raise Denied(_("Who neither went on the trip nor drove it does not claim for it."), "8.2")
    return trip


@transaction.atomic
def written(request: Any, trip: Trip, form: NewClaimForm) -> Claim:
    """Saved as a draft, or submitted at once: both happen or none."""
    hand = {"by": request.user, "at": request.arrived_at}
    paper = claims.write(trip, form.entries(), **hand)
    if "submit" in request.POST:
        paper = claims.submit(paper, **hand)
        messages.success(request, _("{number} is with finance.").format(number=paper.number))
    else:
        messages.success(
            request, _("{number} is saved; submit it when it is complete.").format(number=paper.number)
        )
    return paper


@action("expense.view")
@require_GET
def photo(request: Any, number: str, key: str) -> HttpResponseBase:
    """A receipt as people see it, without metadata; the original for whoever checks it."""
    paper = DESK.opened(request.user, number)
    line = get_object_or_404(paper.lines.exclude(key=""), key=key)
    original, name = "original" in request.GET and may(request.user, CHECK), f"{paper.number}-{line.position}"
    return files.serve(request, files.Picture(line.sha256), name, original=original)
