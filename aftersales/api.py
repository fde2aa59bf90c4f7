"""`/api/v1/`: the departments' endpoints under one root, described by `openapi.json`."""

from typing import Any

from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, renderer_classes
from rest_framework.response import Response

from accounts.access import action


@extend_schema(exclude=True)
@action("api_token.own")
@api_view(["GET"])
@renderer_classes([OpenApiJsonRenderer])
def openapi(request: Any) -> Response:
    """The description of this API, OpenAPI 3."""
    return Response(SchemaGenerator().get_schema(request=request, public=True))


app_name = "api"
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", include("repairs.api_urls")),
    path("", include("sales.api_urls")),
    path("", include("deadlines.api_urls")),
]
