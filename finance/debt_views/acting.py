"""What these pages share: a page with one form that does one act, and the next act of what takes two persons."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.services.again import prove
from aftersales.problems import Refusal

FORM = "finance/debt_form.html"


def fill(
    request: Any, form: Any, act: Callable[..., Any], *, to: Any, template: str = FORM, **page: Any
) -> HttpResponse:
    """Show the form, or do its act and go `to` (a paper, an address, or what the act answers with); a refusal stands at its
    field and nothing that was typed is lost. `page`: title, lead [(word, text)], back, button."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act(by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, page.pop("said", "") or _("Saved."))
            return redirect(to(done) if callable(to) else to)
    context = {"form": form, "back": to, "button": _("Save")} | page
    return render(request, template, context, status=422 if form.is_bound else 200)


def bound(request: Any, form: type[Any], **kwargs: Any) -> Any:
    """The form as sent, or empty."""
    if request.method == "POST":
        return form(request.POST, request.FILES, **{k: v for k, v in kwargs.items() if k != "initial"})
    return form(**kwargs)


def proven(request: Any, clause: str = "") -> dict[str, Any]:
    """By whom and when, once he has shown again who he is."""
    prove(request.user, request.POST.get("secret", ""), request.arrived_at, clause)
    return {"by": request.user, "at": request.arrived_at}


def told(request: Any, act: Callable[[], Any], said: str | Callable[[Any], str] = "") -> bool:
    """Do an act without a form of its own; what is refused is said on the page that follows. `said` may look at what was made."""
    try:
        made = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, said(made) if callable(said) else said or _("Saved."))
    return True
