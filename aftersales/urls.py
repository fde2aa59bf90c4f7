"""Every address of the portal, one line per department."""

from django.urls import URLPattern, URLResolver, include, path

from aftersales import health, views
from aftersales.pages import urls as pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("notices.urls")),
    path("", include("accounts.urls")),
    path("", include("deadlines.urls")),
    path("", include("policy.urls")),
    path("desk/", include((pages.desk, "desk"))),
    path("", include((pages.tickets, "repairs"))),
    path("", include((pages.sales, "sales"))),
    path("catalogue/", include((pages.catalogue, "catalogue"))),
    path("parts/", include((pages.parts, "parts"))),
    path("finance/", include("finance.urls")),
    path("dispatch/", include((pages.dispatch, "dispatch"))),
    path("quality/", include((pages.technical, "technical"))),
    path("technical/", views.moved, name="technical_root"),
    path("technical/<path:rest>", views.moved, name="technical_moved"),
    path("api/v1/", include("aftersales.api")),
    path("", include("repairs.public.urls")),
]

handler403 = "aftersales.views.denied"
handler500 = "aftersales.views.failed"
