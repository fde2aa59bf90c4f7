"""Every step of a release and of a return, with its word, clause, right, form and service (B06, B08, B19, D02–D05)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps
from deadlines.papers import EmptyForm

from ..flow import ReleaseStage, TwoStage
from ..forms import releases as forms
from ..models import Basis, Release, Return
from ..services import issuing, releases, returning, shipping
from ..services.lines import awaited_amount

R = ReleaseStage


def hand_in_unused(release: Release, **entries: Any) -> Any:
    return returning.hand_in(release, kind="unused", **entries)


def hand_in_old(release: Release, **entries: Any) -> Any:
    return returning.hand_in(release, kind="old", **entries)


def withdraw(release: Release, *, by: Any, at: Any, reason: str) -> Any:
    return releases.cancel(release, by=by, at=at, reason=reason)


def has_lines(release: Release) -> bool:
    return release.line_count > 0


def waits(release: Release) -> bool:
    return release.waiting_lines > 0


def is_short(release: Release) -> bool:
    return release.issued_any and release.waiting_lines > 0


def is_unpaid(release: Release) -> bool:
    return release.basis == Basis.UNPAID


def is_sent(release: Release) -> bool:
    return release.issued_any


def has_unused(release: Release) -> bool:
    return any(line.unused_out for line in release.lines.all())


def has_old(release: Release) -> bool:
    return any(line.old_due for line in release.lines.all())


def awaits(release: Release) -> bool:
    """The customer fits the part himself and is charged until the old one is back."""
    return release.plan_type == "a" and awaited_amount(release) > release.awaiting_accepted


def has_parcel(release: Release) -> bool:
    """Something was issued that does not travel with the engineer, and no parcel holds it yet."""
    return release.issued_any and release.plan_type != "c" and shipping.unpacked(release)


REQUEST, WAREHOUSE = "parts.request", "stock.issue"

RELEASES = Steps(Release, [
    Step("add_line", _("Add a part"), "4.4", REQUEST, forms.AddLineForm, releases.add_line, (R.DRAFT,)),
    Step("submit", _("Submit to finance"), "4.5", REQUEST, EmptyForm, releases.submit, (R.DRAFT,), ("submit",)),
    Step("consent", _("Agree to send first"), "4.5c", "credit.consent", forms.ConsentForm, releases.consent,
         (R.DRAFT, R.SUBMITTED), when=is_unpaid),
    Step("extend", _("Allow the late day of payment"), "4.5c", "credit.extend", EmptyForm, releases.extend,
         (R.DRAFT, R.SUBMITTED, R.SIGNED), when=is_unpaid),
    Step("accept_awaiting", _("Customer accepts what stands charged until the old part is back"), "4.5a",
         "plan.consent_record", forms.HowForm, releases.accept_awaiting, (R.DRAFT, R.SUBMITTED), when=awaits),
    Step("issue", _("Issue"), "5.1", WAREHOUSE, forms.IssueForm, issuing.issue, (R.SIGNED, R.SUBMITTED), when=waits),
    Step("split_short", _("Split off what is short"), "5.1", WAREHOUSE, EmptyForm, issuing.split_short, (R.SIGNED,),
         when=is_short),
    Step("pack", _("Pack the parcel"), "6.3", "parcel.pack", forms.PackForm, shipping.pack,
         (R.SUBMITTED, R.SIGNED, R.ISSUED, R.SETTLED), when=has_parcel),
    Step("declare", _("Declare used and unused"), "4.7", "parts.declare", forms.DeclareForm, returning.declare,
         (R.SUBMITTED, R.SIGNED, R.ISSUED, R.SETTLED), when=is_sent),
    Step("hand_in_unused", _("Hand in unused parts"), "4.7", "return.initiate", forms.HandInForm, hand_in_unused,
         (R.SUBMITTED, R.SIGNED, R.ISSUED), when=has_unused),
    Step("hand_in_old", _("Hand in old parts"), "4.7", "return.initiate", forms.HandInOldForm, hand_in_old,
         (R.SUBMITTED, R.SIGNED, R.ISSUED), when=has_old),
    Step("change_line", _("Change a line"), "4.5", "repair_sheet.write", forms.ChangeLineForm, releases.change_line,
         (R.DRAFT, R.SIGNED), when=has_lines),
    Step("drop_line", _("Drop a line"), "4.5", REQUEST, forms.OneLineForm, releases.drop_line, (R.DRAFT,), danger=True,
         when=has_lines),
    Step("change_header", _("Change basis or debtor"), "4.5", REQUEST, forms.HeaderForm, releases.change_header,
         (R.DRAFT, R.SIGNED)),
    Step("take_back", _("Take back to the draft"), "4.5", REQUEST, EmptyForm, releases.take_back,
         (R.SUBMITTED, R.REJECTED), ("take_back",)),
    Step("strike", _("Strike a line"), "5.1", REQUEST, forms.StrikeForm, issuing.strike, (R.SIGNED,), danger=True, when=waits),
    Step("cancel", pgettext_lazy("release", "Cancel"), "4.5", REQUEST, forms.ReasonForm, withdraw,
         (R.DRAFT, R.SUBMITTED, R.REJECTED, R.SIGNED), ("cancel",), danger=True),
], lock=releases.locked)  # fmt: skip

RETURNS = Steps(Return, [
    Step("confirm", _("Confirm what came in"), "5.3", "return.confirm", forms.ConfirmReturnForm, returning.confirm,
         (TwoStage.OPEN,), ("confirm",)),
    Step("refuse", _("Refuse"), "5.3", "return.confirm", forms.ReasonForm, returning.refuse, (TwoStage.OPEN,),
         ("refuse",), danger=True),
])  # fmt: skip

#: acts that are no steps of their own, as the history names them
ACTS = {
    "draft": _("Drafted"), "take_over": _("Taken over from paper"), "customer_merged": _("The payer was merged"),
    "lines": _("Lines written"), "sign": _("Signed by finance"), "void": _("Signature lost"),
    "sign_for_finance": _("Signed by finance"), "reject": _("Rejected by finance"), "revoke": _("Signature revoked"),
    "lose_signature": _("Signature lost by a change"), "signature_lost": _("Receipt free again"), "plan": _("Plan saved"),
    "finish_issue": _("Issued"), "settle": _("Settled"), "split": _("Split off"), "rerate": _("Judged anew (7.1)"),
    "open_again": _("Open again"), "return_confirmed": _("Return confirmed"), "old_part_waived": _("Old part waived"),
    "old_part_charged": _("Old part charged for good"), "hand_in": _("Handed in"),
}  # fmt: skip
