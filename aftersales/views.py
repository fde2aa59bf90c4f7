"""Pages of the shell that belong to no department."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.defaults import permission_denied, server_error

from accounts.access import public

#: quality's pages, under the name of the department and under their own
BEFORE, NOW = "/technical/", "/quality/"


@public("public.page")
@require_GET
def moved(request: HttpRequest, rest: str = "reports/") -> HttpResponse:
    """`/technical/…` is `/quality/…`; what stands there asks who comes."""
    path = request.get_full_path() if request.path != BEFORE else f"{BEFORE}{rest}"
    return HttpResponsePermanentRedirect(path.replace(BEFORE, NOW, 1))


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
