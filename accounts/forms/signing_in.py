"""Name and password, then the code of the second factor."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from ..adapter import PER_CODE, let_try
from ..services import spend_code


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = _("Username"), _("Password")
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class CodeMixin(forms.Form):
    """Tries are counted in the database; a code that was used is refused."""

    user: Any
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _(
            "Six digits from your authenticator app, or one of your recovery codes."
        )
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.fields["code"].widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        let_try(f"code:{self.user.pk}", PER_CODE)
        found = spend_code(self.user, code)
        if found is None:
            raise forms.ValidationError(_("This code is wrong or was used already. Wait for the next one."))
        found.user = self.user
        self.authenticator = found
        return code


class AuthenticateForm(CodeMixin, AllauthAuthenticateForm):
    pass


class ReauthenticateForm(CodeMixin, AllauthReauthenticateForm):
    pass
