"""Below /desk/."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/wishes/", views.prefer, name="prefer"),
    path("inbox/<int:pk>/", views.open_notice, name="open"),
    path("outbox/", views.outbox, name="outbox"),
]
