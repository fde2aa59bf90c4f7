"""Addresses of the catalogue."""

from django.urls import path

from . import views

app_name = "catalogue"
urlpatterns = [
    path("", views.models, name="models"),
    path("new/", views.new_model, name="new_model"),
    path("<int:pk>/edit/", views.edit_model, name="edit_model"),
    path("<int:pk>/terms/new/", views.new_term, name="new_term"),
]
