"""My own page: who I am, my language, my second factor, my absences, my API keys (H10, H13, A29)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from aftersales.problems import Refusal

from .. import panels, services
from ..access import action
from ..adapter import speak
from ..forms import AbsenceForm, ProfileForm, TokenForm
from ..models import Absence, User
from ..selectors import absences_for, entered_for
from .answers import done


@action("own.profile_and_2fa")
def profile(request: Any) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        user = get_object_or_404(User, pk=request.user.pk)
        services.edit_profile(user, by=request.user, at=request.arrived_at, **form.cleaned_data)
        translation.activate(form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        return speak_up(redirect("accounts:profile"), form.cleaned_data["language"])
    return render(request, "accounts/profile.html", own(request, form=form))


def speak_up(response: HttpResponse, language: str) -> HttpResponse:
    speak(response, language)
    return response


def own(request: Any, **more: Any) -> dict[str, Any]:
    """What the profile shows."""
    user = request.user
    return {
        "form": ProfileForm(instance=user),
        "postings": user.postings.all(),
        "grants": user.grants.all(),
        "tokens": user.api_tokens.filter(revoked_at=None),
        "token_form": TokenForm(auto_id="token_%s"),
        "absences": user.absences.filter(ends_at__gt=request.arrived_at).select_related("deputy"),
        "panels": panels.of(request),
        "at": request.arrived_at,
    } | more


@sensitive_variables("key")
@action("api_token.own")
@require_POST
def make_token(request: Any) -> HttpResponse:
    """The key stands on this one answer and nowhere else."""
    form = TokenForm(request.POST, auto_id="token_%s")
    if not form.is_valid():
        return render(request, "accounts/profile.html", own(request, token_form=form))
    try:
        _token, key = services.issue_token(
            request.user, form.cleaned_data["name"], by=request.user, at=request.arrived_at
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", own(request, key=key))


@action("api_token.own")
@require_POST
def revoke_token(request: Any, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    done(
        request,
        lambda: services.revoke_token(token, by=request.user, at=request.arrived_at),
        _("The key no longer works."),
    )
    return redirect("accounts:profile")


@action("absence.write")
def absences(request: Any) -> HttpResponse:
    """Absences that I may enter: mine, my department's as its head, everybody's as a leader."""
    people = entered_for(request.user)
    first = {"user": request.user.pk}
    form = AbsenceForm(request.POST if request.method == "POST" else None, people=people, initial=first)
    if form.is_valid():
        entries = form.entries
        if done(
            request,
            lambda: services.enter_absence(by=request.user, at=request.arrived_at, **entries),
            _("Entered."),
            form,
        ):
            return redirect("accounts:absences")
    rows = absences_for(request.user, request.arrived_at)
    return render(
        request, "accounts/absences.html", {"form": form, "absences": rows, "at": request.arrived_at}
    )


@action("absence.write")
@require_POST
def end_absence(request: Any, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.filter(user__in=entered_for(request.user)), pk=pk)
    done(request, lambda: services.end_absence(absence, by=request.user, at=request.arrived_at), _("Ended."))
    return redirect("accounts:absences")
