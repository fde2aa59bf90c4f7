"""Finance's steps of a release; the shell composes them with the warehouse's own into one desk (4.5)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.steps import Step
from parts.flow import ReleaseStage
from parts.models import Release, ReleaseLine

from . import forms
from .services import signing

R = ReleaseStage
OUT = (R.SIGNED, R.SUBMITTED, R.ISSUED)  # parts of it are with a customer or an engineer


def convert(release: Release, *, line: ReleaseLine, pieces: int, **hand: Any) -> Release:
    """J31 on one line of the release."""
    signing.convert(line, pieces=pieces, **hand)
    return release


def waive(release: Release, *, line: ReleaseLine, pieces: int, reason: str, **hand: Any) -> Release:
    """C08 on one line of the release."""
    signing.waive(line, pieces=pieces, reason=reason, **hand)
    return release


#: the signature's right is asked by its basis (C05–C07) in the service; C07 opens the form, its cells are the same
SIGNING = [
    Step("sign", _("Sign"), "4.5", "signoff.warranty", forms.SignForm, signing.sign, (R.SUBMITTED,),
         ("sign_for_finance",), reauthenticate=True),
    Step("reject", _("Reject"), "4.5", "release.reject", forms.RejectForm, signing.reject, (R.SUBMITTED,),
         ("reject", "refuse_rest"), danger=True),
    Step("revoke", _("Revoke the signature"), "4.5", "signoff.revoke", forms.ReasonForm, signing.revoke, (R.SIGNED,),
         ("revoke",), danger=True, reauthenticate=True),
    Step("waive", _("Do without the old part"), "5.6", "old_part.waive_return", forms.WaiveForm, waive, OUT,
         when=lambda release: bool(forms.owing(release))),
    Step("convert", _("Charge the old part that never came"), "4.5a", "awaiting.convert", forms.OldPartForm, convert, OUT,
         reauthenticate=True, danger=True, when=forms.awaiting),
]  # fmt: skip
