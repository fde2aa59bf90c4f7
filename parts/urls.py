"""Addresses of the warehouse."""

from django.urls import path

from . import print_views
from .desk.releases import RETURN_DESK
from .views import releases

app_name = "parts"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/new/<str:number>/", releases.new_release, name="new_release"),
    path("issuing/", releases.issuing, name="issuing"),
    path("returns/", releases.returns, name="returns"),
    path("slips/<str:number>/", releases.slip, name="slip"),
    *print_views.urlpatterns,
    *RETURN_DESK.urls("returns/"),
]
