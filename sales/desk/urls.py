"""Addresses of the sales desk: leads and sales."""

from django.urls import path

from . import views
from .papers import SALES

urlpatterns = [
    path("sales/", views.home, name="home"),
    path("sales/leads/", views.lead_list, name="leads"),
    path("sales/leads/export.xlsx", views.export_leads, name="export_leads"),
    path("sales/sold/", views.sale_list, name="sold"),
    path("sales/sold/new/", views.new_sale, name="new_sale"),
    *SALES.urls("sales/sold/"),
]
