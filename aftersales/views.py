"""Pages of the shell that belong to no department."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import permission_denied, server_error


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page that says why; to a form that htmx sent it is the whole page, not a piece of the form's."""
    answer = permission_denied(request, exception)
    if request.headers.get("HX-Request"):
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: a page for people, problem+json for programs; neither says what."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    body = {
        "type": "about:blank",
        "title": _("Something went wrong on our side. Nothing was saved."),
        "status": 500,
    }
    return JsonResponse(body, status=500, content_type="application/problem+json")
