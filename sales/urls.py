"""Addresses of the sales desk."""

from django.urls import path

from . import views
from .desk.urls import urlpatterns as of_leads

app_name = "sales"
urlpatterns = [
    *of_leads,
    path("vehicles/", views.vehicles, name="vehicles"),
    path("vehicles/new/", views.new_vehicle, name="new_vehicle"),
    path("vehicles/<str:vin>/edit/", views.edit_vehicle, name="edit_vehicle"),
    path("customers/", views.customers, name="customers"),
    path("customers/merges/<int:pk>/undo/", views.unmerge, name="unmerge"),
    path("customers/<str:number>/edit/", views.edit_customer, name="edit_customer"),
    path("customers/<str:number>/phone/", views.reveal, name="reveal"),
    path("customers/<str:number>/erase/", views.erase, name="erase"),
    path("customers/<str:number>/merge/", views.merge, name="merge"),
]
