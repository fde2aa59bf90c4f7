"""Forms of signing in; the people's forms follow in their own modules."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm


class LoginForm(AllauthLoginForm):
    pass


class AuthenticateForm(AllauthAuthenticateForm):
    pass


class ReauthenticateForm(AllauthReauthenticateForm):
    pass
