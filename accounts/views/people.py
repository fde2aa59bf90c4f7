"""Who works here: accounts (H01), postings and grants, named by one and seconded by another (H02, H12)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from .. import services
from ..access import action, may
from ..forms import AccountForm, EndForm, GrantForm, PostingForm, ResetForm
from ..models import FactorReset, Grant, Posting, User
from ..selectors import day_of, held_by, listed, waiting
from .answers import done

NAMERS = ("role.grant", "delegation.finance_sign")


@action("people.view")
def people(request: Any) -> HttpResponse:
    text, department = request.GET.get("q", "").strip()[:60], request.GET.get("department", "")
    rows = listed(text, department, request.arrived_at)
    found = {
        "people": rows,
        "q": text,
        "department": department,
        "departments": Posting.department.field.choices,
    }
    return render(request, "accounts/people.html", found | decisions(request.user))


@sensitive_variables("password")
@action("user.create_disable")
def new_person(request: Any) -> HttpResponse:
    """The first password stands on this one answer."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/new_person.html", {"form": form})
    facts = dict(form.cleaned_data)
    user, password = services.open_account(
        facts.pop("username"), by=request.user, at=request.arrived_at, **facts
    )
    return render(request, "accounts/first_password.html", {"person": user, "password": password})


@action("people.view")
def person(request: Any, username: str) -> HttpResponse:
    return render(request, "accounts/person.html", shown(request, one(username)))


def one(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Http404
    return found


def shown(request: Any, user: User, **more: Any) -> dict[str, Any]:
    """What a person's page shows, and the forms that the reader may use."""
    kinds = kinds_for(request.user)
    page = {
        "person": user,
        "appointments": held_by(user),
        "absences": user.absences.filter(ends_at__gt=request.arrived_at).select_related("deputy"),
        "posting_form": PostingForm() if may(request.user, "role.grant") else None,
        "grant_form": GrantForm(kinds=kinds) if kinds else None,
        "end_form": EndForm(),
        "reset_form": ResetForm() if may(request.user, "user.create_disable") else None,
        "today": day_of(request.arrived_at),
    }
    return page | decisions(request.user, user) | more


def decisions(reader: User, user: User | None = None) -> dict[str, Any]:
    """The proposals, for those who name or second; others do not see what is only proposed."""
    decides = any(may(reader, name) for name in ("role.second", *NAMERS))
    return {
        "decides": decides,
        "may_second": may(reader, "role.second"),
        "proposals": waiting(reader, user) if decides else [],
    }


def kinds_for(user: User) -> list[str]:
    """The grants that this person may name."""
    others = [k for k in Grant.Kind.values if k != Grant.Kind.FINANCE_SIGN] if may(user, "role.grant") else []
    return others + (
        [Grant.Kind.FINANCE_SIGN] if "FINS" in user.roles and may(user, "delegation.finance_sign") else []
    )


@action("role.grant")
@require_POST
def propose_posting(request: Any, username: str) -> HttpResponse:
    user, form = one(username), PostingForm(request.POST)
    if form.is_valid():
        entries = form.cleaned_data | {"by": request.user, "at": request.arrived_at}
        if done(
            request,
            lambda: services.propose_posting(user, **entries),
            _("Proposed; a leader seconds it."),
            form,
        ):
            return redirect("accounts:person", username)
    return render(request, "accounts/person.html", shown(request, user, posting_form=form))


@action(*NAMERS)
@require_POST
def propose_grant(request: Any, username: str) -> HttpResponse:
    user, form = one(username), GrantForm(request.POST, kinds=kinds_for(request.user))
    if form.is_valid():
        entries = form.cleaned_data | {"by": request.user, "at": request.arrived_at}
        if done(
            request,
            lambda: services.propose_grant(user, **entries),
            _("Proposed; a leader seconds it."),
            form,
        ):
            return redirect("accounts:person", username)
    return render(request, "accounts/person.html", shown(request, user, grant_form=form))


PAPERS = {"posting": Posting, "grant": Grant, "factorreset": FactorReset}
SECOND = {"factorreset": services.second_reset}
WITHDRAW = {"factorreset": services.withdraw_reset}


def proposal(kind: str, pk: int) -> Any:
    return get_object_or_404(PAPERS[kind].proposals.select_related("user"), pk=pk)


@action("role.second")
@require_POST
def second(request: Any, kind: str, pk: int) -> HttpResponse:
    paper, act = proposal(kind, pk), SECOND.get(kind, services.second)
    done(
        request,
        lambda: act(paper, by=request.user, at=request.arrived_at),
        _("Seconded; it is in force."),
    )
    return redirect("accounts:person", paper.user.username)


@action("role.second", *NAMERS)
@require_POST
def withdraw(request: Any, kind: str, pk: int) -> HttpResponse:
    paper, act = proposal(kind, pk), WITHDRAW.get(kind, services.withdraw)
    done(request, lambda: act(paper, by=request.user, at=request.arrived_at), _("Withdrawn."))
    return redirect("accounts:person", paper.user.username)


@action("role.end", "delegation.finance_sign")
@require_POST
def end(request: Any, kind: str, pk: int) -> HttpResponse:
    paper = get_object_or_404(PAPERS[kind].objects.select_related("user"), pk=pk)
    form = EndForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["until"]
        if done(
            request,
            lambda: services.end(paper, until=until, by=request.user, at=request.arrived_at),
            _("Saved."),
            form,
        ):
            return redirect("accounts:person", paper.user.username)
    return render(request, "accounts/person.html", shown(request, paper.user, end_form=form, ending=paper))


@action("user.create_disable")
@require_POST
def close_account(request: Any, username: str) -> HttpResponse:
    user = one(username)
    done(
        request,
        lambda: services.close_account(user, by=request.user, at=request.arrived_at),
        _("The account is closed."),
    )
    return redirect("accounts:person", username)


@action("user.create_disable")
@require_POST
def reopen_account(request: Any, username: str) -> HttpResponse:
    user = one(username)
    done(
        request,
        lambda: services.reopen_account(user, by=request.user, at=request.arrived_at),
        _("The account is open."),
    )
    return redirect("accounts:person", username)


@sensitive_variables("made")
@action("user.create_disable")
@require_POST
def renew_password(request: Any, username: str) -> HttpResponse:
    """The new password stands on this one answer."""
    user, made = one(username), []
    renew = lambda: made.append(services.renew_password(user, by=request.user, at=request.arrived_at))  # noqa: E731  # the act
    if not done(request, renew, _("The old password no longer works.")):
        return redirect("accounts:person", username)
    return render(request, "accounts/first_password.html", {"person": user, "password": made[0]})


@action("user.create_disable")
@require_POST
def ask_reset(request: Any, username: str) -> HttpResponse:
    """A lost second factor; it goes once a leader has seconded it."""
    user, form = one(username), ResetForm(request.POST)
    if form.is_valid():
        entries = form.cleaned_data | {"by": request.user, "at": request.arrived_at}
        if done(
            request, lambda: services.ask_reset(user, **entries), _("Proposed; a leader seconds it."), form
        ):
            return redirect("accounts:person", username)
    return render(request, "accounts/person.html", shown(request, user, reset_form=form))
