"""Addresses of the clock's pages, below /desk/."""

from django.urls import path

from . import views

app_name = "deadlines"
urlpatterns = [
    path("desk/rounds/", views.rounds, name="rounds"),
    path("desk/rounds/<int:pk>/tick/", views.tick, name="tick"),
    path("desk/calendar/", views.working_days, name="calendar"),
    path("desk/clocks/<int:pk>/excuse/", views.excuse, name="excuse"),
]
