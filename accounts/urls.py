"""Signing in (allauth's views, named as it names them) and the pages about people."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import include, path

from .views import people, profile, roster

signing_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/code/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
pages = [
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/tokens/", profile.make_token, name="make_token"),
    path("accounts/tokens/<int:pk>/revoke/", profile.revoke_token, name="revoke_token"),
    path("accounts/absences/", profile.absences, name="absences"),
    path("accounts/absences/<int:pk>/end/", profile.end_absence, name="end_absence"),
    path("accounts/people/", people.people, name="people"),
    path("accounts/people/new/", people.new_person, name="new_person"),
    path("accounts/person/<str:username>/", people.person, name="person"),
    path("accounts/person/<str:username>/posting/", people.propose_posting, name="propose_posting"),
    path("accounts/person/<str:username>/grant/", people.propose_grant, name="propose_grant"),
    path("accounts/person/<str:username>/close/", people.close_account, name="close_account"),
    path("accounts/person/<str:username>/reopen/", people.reopen_account, name="reopen_account"),
    path("accounts/person/<str:username>/password/", people.renew_password, name="renew_password"),
    path("accounts/person/<str:username>/factor/", people.ask_reset, name="ask_reset"),
]
pages += [
    path(f"accounts/{kind}/<int:pk>/{act}/", view, {"kind": kind}, name=f"{act}_{kind}")
    for kind in ("posting", "grant", "factorreset")
    for act, view in (("second", people.second), ("withdraw", people.withdraw), ("end", people.end))
    if (kind, act) != ("factorreset", "end")
]
pages += [
    path("desk/roster/", roster.roster, name="roster"),
    path("desk/roster/enter/", roster.enter, name="enter_shift"),
    path("desk/roster/repeat/", roster.repeat, name="repeat_week"),
    path("desk/roster/<int:pk>/strike/", roster.strike, name="strike_shift"),
]
urlpatterns = [path("accounts/", include(signing_in)), path("", include((pages, "accounts")))]
