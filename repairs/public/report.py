"""The report of a breakdown by the customer (2.2, 3.1; A01): one page without JavaScript, screens with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import public
from aftersales import files
from aftersales.files import Kept, unseal
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import links, remedies, services
from ..forms import SOURCE
from ..gate import let_in, open_form
from ..models import Ticket
from . import texts
from .forms import PublicReportForm
from .limits import let_upload
from .pictures import Pictures

LABEL = ("vin", "model", "plate")  # what a vehicle's printed label may fill in


@public("report.create_public")
def report(request: HttpRequest) -> HttpResponse:
    """The empty form, or the vehicle's from its label; a sent one becomes a ticket."""
    if request.method == "POST":
        return _sent(request)
    known = {name: request.GET[name][:80] for name in LABEL if name in request.GET}
    if SOURCE.fullmatch(request.GET.get("source", "")):
        known["source"] = request.GET["source"]
    known |= _tried(request.GET.get("article", ""))
    form = PublicReportForm(initial={**known, "privacy_version": texts.PRIVACY_VERSION})
    given = " ".join(name for name in LABEL if known.get(name))
    response = _page(request, form, [], labelled=known.get("vin", ""), given=given)
    open_form(response)
    return response


def _tried(key: str) -> dict[str, str]:
    """What an article that did not help fills in: the symptom in its words, what was tried, and the article itself."""
    version = remedies.readable(key[:60]).first() if key else None
    if version is None:
        return {}
    tried = _("The steps of “{title}” in the help did not solve it.").format(title=version.title)
    return {"symptom": version.symptom, "self_checked": tried, "tried": version.article.key}


def _sent(request: Any) -> HttpResponse:
    """Judge entries and pictures; what is fine stays, whatever else is wrong. Limits come before a number is drawn."""
    form = PublicReportForm(request.POST)
    kept: list[Kept] = []
    try:
        if request.FILES:
            let_upload(request, request.arrived_at)
        pictures = Pictures(request)
        kept = pictures.kept
        pictures.told(form)
        if form.is_valid():
            let_in(request, form.cleaned_data["phone"], request.arrived_at)
    except Refusal as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return refusal.tell_when(_page(request, form, kept, status=refusal.status))
    if not form.is_valid():
        return _page(request, form, kept, status=422)
    return _keep(request, form=form, kept=kept)


def received(request: HttpRequest, result: str) -> HttpResponse:
    """The way to the receipt; the private link is made anew from the ticket and never stored with the key."""
    ticket = Ticket.objects.get(pk=int(result))
    return _receipt(ticket)


def _receipt(ticket: Ticket) -> HttpResponse:
    response = HttpResponseRedirect(reverse("public:received", args=[links.token(ticket)]))
    response["Cache-Control"] = "no-store"
    response.operation_result = str(ticket.pk)  # type: ignore[attr-defined]  # read by `once`
    return response


def _written_anew(request: Any, form: PublicReportForm, kept: list[Kept]) -> HttpResponse:
    """The answer was lost, the report is here, and meanwhile he wrote something else; the page carries a key of its own."""
    form.add_error(None, _(
        "This form had reached us already, as you had written it before the line broke. To add something, follow the report "
        "with its number and your phone, or send this as a second report."
    ))  # fmt: skip
    return _page(request, form, kept, status=422)


@once(again=received, other=_written_anew)
def _keep(request: Any, form: PublicReportForm, kept: list[Kept]) -> HttpResponse:
    """Key, ticket, history, clocks and notices in one transaction; a double click or a lost answer makes one ticket."""
    entries = {k: v for k, v in form.cleaned_data.items() if k not in ("photos", "nameplate", "website")}
    ticket = services.report(at=request.arrived_at, language=get_language() or "zh-hans", **entries)
    if kept:
        services.attach(ticket, kept, at=request.arrived_at)
    return _receipt(ticket)


def _page(
    request: HttpRequest, form: PublicReportForm, kept: list[Kept], labelled: str = "", status: int = 200, given: str = "",
) -> HttpResponse:  # fmt: skip
    """`given`: the entries that the address filled in; they win over a draft that the browser remembers."""
    if form.is_bound:
        shown = request.POST.copy()
        shown["privacy_version"] = texts.PRIVACY_VERSION  # the notice that is shown now
        form.data = shown
    known = {
        "form": form,
        "kept": kept,
        "labelled": labelled,
        "given": given,
        "version": texts.PRIVACY_VERSION,
        **_advice(request, form),
    }
    response = render(request, "public/report.html", known, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _advice(request: Any, form: PublicReportForm) -> dict[str, Any]:
    """The way to the help; where a label names the model, its articles at once."""
    model, tried = form["model"].value() or "", form["tried"].value() or ""
    if form.is_bound or tried or not model:
        return {"model": model, "tried": tried}
    fits = remedies.model_of(model, remedies.models())
    rows = remedies.fitting(remedies.published(request.arrived_at), fits) if fits else []
    return {"model": model, "tried": "", "articles": rows[:4]}


@public("report.create_public")
def picture(request: HttpRequest) -> HttpResponseBase:
    """A picture that a refused form remembers, shown to whoever holds its seal (behind the question mark: never logged)."""
    kept = unseal(request.GET.get("seal", ""))
    if kept is None or kept.kind != "image":
        raise Http404
    return files.picture(kept.sha256, "thumb")
