"""Addresses of the figures."""

from django.urls import path

from . import views

app_name = "policy"
urlpatterns = [
    path("policy/", views.figures, name="figures"),
    path("policy/<str:name>/propose/", views.propose, name="propose"),
    path("policy/changes/<int:pk>/second/", views.second, name="second"),
]
