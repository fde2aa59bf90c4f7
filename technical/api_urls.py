"""`/api/v1/quality-reports`, `/rectifications` and what stands beside them."""

from typing import Any

from .desk import disputes, learning, notices, reports, standards, suppliers

#: what the endpoints answer, for the description
SCHEMAS: dict[str, Any] = {
    name: schema
    for desk in (reports, disputes, notices, standards, suppliers, learning)
    for name, schema in desk.SCHEMAS.items()
}

urlpatterns = [
    *reports.api_urlpatterns,
    *disputes.api_urlpatterns,
    *notices.api_urlpatterns,
    *standards.api_urlpatterns,
    *suppliers.api_urlpatterns,
    *learning.api_urlpatterns,
]
