"""The steps of a reconciliation: both sign what was shown (B18, C11); two leaders unlock (C21, SD12)."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from accounts.steps import Step, Steps
from aftersales.limits import following, local_day
from aftersales.problems import OutOfTurn, Refusal
from deadlines.papers import EmptyForm, StepForm

from ..flow import ReconciliationStage
from ..forms import ReasonForm
from ..models import Reconciliation
from ..services import reconciling
from ..sheets.reconciliations import FORMULA, banner, open_unlocking

C = ReconciliationStage
OPEN = (C.OPEN, C.ENGINEER, C.FINANCE)


class SignForm(StepForm):
    """The seven figures are drawn in the form, and the form carries the digest of exactly those."""

    template_name = "finance/reconcile_form.html"
    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @cached_property
    def now(self) -> reconciling.Figures:
        """As they stand while the form is drawn: after a refusal they may be others than before."""
        return reconciling.shown(self.fresh)

    @cached_property
    def fresh(self) -> Reconciliation:
        return Reconciliation.objects.select_related("engineer").get(pk=self.paper.pk)

    @property
    def lines(self) -> list[tuple[Any, str, Any]]:
        facts = self.now.facts()
        return [(word, sign, facts[name]) for name, (word, sign) in FORMULA.items()]

    @property
    def banner(self) -> Any:
        found = banner(self.fresh, self.now)
        return found if found and found[0] == "danger" else None

    @property
    def shown_now(self) -> str:
        """The digest of what this form draws."""
        return self.now.digest()


def propose(paper: Reconciliation, *, reason: str, by: Any, at: Any) -> Reconciliation:
    reconciling.propose_unlock(paper, reason=reason, by=by, at=at)
    return paper


def second(paper: Reconciliation, *, by: Any, at: Any) -> Reconciliation:
    return reconciling.second_unlock(_proposal(paper), by=by, at=at)


def drop(paper: Reconciliation, *, by: Any, at: Any) -> Reconciliation:
    reconciling.drop_unlock(_proposal(paper), by=by, at=at)
    return paper


def _proposal(paper: Reconciliation) -> Any:
    found = open_unlocking(paper)
    if found is None:
        raise OutOfTurn(_("This proposal has already been settled."))
    return found


def is_proposed(paper: Reconciliation) -> bool:
    return open_unlocking(paper) is not None


def is_not_proposed(paper: Reconciliation) -> bool:
    return not is_proposed(paper)


class Signing(Steps):
    """Why somebody cannot sign now: his own other side (SD04), a month that is not over, an earlier one that is open."""

    def refusal(self, paper: Any, step: Step, user: Any) -> Refusal | None:
        stuck = super().refusal(paper, step, user)
        return stuck or _in_the_way(paper, step, user)


def _in_the_way(paper: Reconciliation, step: Step, user: Any) -> Refusal | None:
    if step.name == "second_unlock":
        proposal = open_unlocking(paper)
        mine = proposal is not None and proposal.proposed_by_id == user.pk
        return Denied(_("Unlocking needs two persons (SD12)."), "8.8") if mine else None
    if step.name not in SIGNS:
        return None
    if step.name == "sign_finance" and user.pk == paper.engineer_id:
        return Denied(_("Nobody signs both sides of his own month (SD04)."), "8.8")
    if local_day(timezone.now()) < following(paper.month):
        return OutOfTurn(_("The month is not over yet."), "8.8")
    return _already(paper, step) or reconciling.first_earlier(paper)


#: the stage in which a side has signed already, and signs again only once the figures have moved
SIGNS = {"sign_engineer": C.ENGINEER, "sign_finance": C.FINANCE}


def _already(paper: Reconciliation, step: Step) -> Refusal | None:
    if paper.stage != SIGNS[step.name] or reconciling.is_void(paper, reconciling.shown(paper)):
        return None
    return OutOfTurn(_("This side has signed; now the other one signs."), "8.8")


REOPEN = "month.reopen"
STEPS = Signing(Reconciliation, [
    Step("sign_engineer", _("Sign as the engineer"), "4.11", "reconcile.confirm_engineer", SignForm,
         reconciling.sign_engineer, OPEN),
    Step("sign_finance", _("Sign for finance"), "8.8", "reconcile.confirm_finance", SignForm, reconciling.sign_finance, OPEN,
         reauthenticate=True),
    Step("unlock", _("Propose to unlock"), "8.8", REOPEN, ReasonForm, propose, (C.LOCKED,), danger=True,
         when=is_not_proposed),
    Step("second_unlock", _("Unlock"), "8.8", REOPEN, EmptyForm, second, (C.LOCKED,), danger=True, when=is_proposed),
    Step("drop_unlock", _("Let it stay locked"), "8.8", REOPEN, EmptyForm, drop, (C.LOCKED,), danger=True, when=is_proposed),
])  # fmt: skip

#: acts that are no steps of their own, as the history names them
ACTS = {
    "": _("Opened"), "void": _("The figures moved: a signature is void"),
    "engineer_signs": _("The engineer signed"), "finance_signs": _("Finance signed"),
    "engineer_locks": _("The engineer signed: locked"), "finance_locks": _("Finance signed: locked"),
}  # fmt: skip
