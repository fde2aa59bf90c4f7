"""`/api/v1/`: the departments' endpoints under one root, described by `openapi.json`."""

from typing import Any

from django.http import Http404
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, renderer_classes
from rest_framework.response import Response

from accounts.access import action, public
from catalogue import api as catalogue
from deadlines import api as deadlines
from deadlines import papers
from dispatch import api as dispatch
from finance import api as finance
from finance import api_accounts, api_debts
from finance import api_monthly as finance_monthly
from parts import api as parts_api
from parts import api_monthly
from parts.desk import making
from repairs import api as repairs
from repairs import api_help, api_papers
from sales import api as sales
from sales import api_deliveries
from sales.desk import papers as desks
from technical import api_urls as technical

from .pages import leads, leads_api, releases
from .rest import PROBLEM


class DescriptionRenderer(OpenApiJsonRenderer):
    media_type = "application/json"


@extend_schema(exclude=True)
@action("api_token.own")
@api_view(["GET"])
@renderer_classes([DescriptionRenderer])
def openapi(request: Any) -> Response:
    """The description of this API, OpenAPI 3."""
    return Response(SchemaGenerator().get_schema(request=request, public=True))


def with_components(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """The schemas that the endpoints speak of by name (drf-spectacular's hook)."""
    parts = result.setdefault("components", {}).setdefault("schemas", {})
    parts |= (
        {"Problem": PROBLEM}
        | repairs.schemas()
        | api_papers.schemas()
        | api_help.SCHEMAS
        | sales.schemas()
        | api_deliveries.schemas()
        | deadlines.SCHEMAS
        | papers.SCHEMAS
    )
    parts |= finance.SCHEMAS | api_debts.SCHEMAS | finance_monthly.SCHEMAS | api_accounts.SCHEMAS
    parts |= parts_api.SCHEMAS | api_monthly.SCHEMAS | making.schemas()
    parts |= catalogue.SCHEMAS | dispatch.schemas() | technical.SCHEMAS | leads_api.schemas()
    result["components"]["schemas"] = dict(sorted(parts.items()))
    return result


@extend_schema(exclude=True)
@public("public.page")
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(request: Any, rest: str) -> Response:
    """No endpoint has this address."""
    raise Http404


app_name = "api"
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", include("repairs.api_urls")),
    path("tickets/<str:number>", repairs.ticket, {"part_lines": releases.part_lines}, name="ticket"),
    path("", include("sales.api_urls")),
    path("", include("deadlines.api_urls")),
    path("", include("finance.api_urls")),
    path("", include("parts.api_urls")),
    path("", include("catalogue.api_urls")),
    path("", include("dispatch.api_urls")),
    path("", include("technical.api_urls")),
    *releases.DESK.api_urls(),
    path("leads", leads_api.many, name="leads"),
    *leads.LEADS.api_urls()[1:],  # the list takes a POST too
    path("sales", leads_api.sold, name="sales"),
    *desks.SALES.api_urls()[1:],
    path("<path:rest>", nothing, name="nothing"),
]
