"""Addresses of the sales desk."""

from django.urls import path

from . import delivery_views, file_views, labels, plain_views, views
from .desk.urls import urlpatterns as of_leads

app_name = "sales"
urlpatterns = [
    *of_leads,
    path("vehicles/", views.vehicles, name="vehicles"),
    path("vehicles/new/", views.new_vehicle, name="new_vehicle"),
    path("vehicles/labels/", labels.labels, name="labels"),
    path("vehicles/export.xlsx", file_views.export_vehicles, name="export_vehicles"),
    path("vehicles/import/", file_views.import_vehicles, name="import_vehicles"),
    path("vehicles/import/template.xlsx", file_views.vehicles_template, name="vehicles_template"),
    path("vehicles/<str:vin>/edit/", views.edit_vehicle, name="edit_vehicle"),
    path("deliveries/", delivery_views.deliveries, name="deliveries"),
    path("deliveries/new/", delivery_views.new_delivery, name="new_delivery"),
    path("deliveries/<str:number>/", delivery_views.delivery, name="delivery"),
    path("deliveries/<str:number>/correct/", delivery_views.correct, name="correct_delivery"),
    path("deliveries/<str:number>/withdraw/", delivery_views.withdraw, name="withdraw_delivery"),
    path("deliveries/<str:number>/photo/<str:key>/", delivery_views.photo, name="delivery_photo"),
    path("deliveries/<str:number>/print/", delivery_views.print_page, name="delivery_print"),
    path("deliveries/<str:number>/print.pdf", delivery_views.pdf, name="delivery_pdf"),
    path("customers/", views.customers, name="customers"),
    path("customers/options/", views.customer_options, name="customer_options"),
    path("customers/twice/", views.twice, name="twice"),
    path("customers/plain/", plain_views.requests, name="plain"),
    path("customers/plain/<int:pk>/let-out/", plain_views.let_out, name="let_out_plain"),
    path("customers/plain/<int:pk>/refuse/", plain_views.refuse, name="refuse_plain"),
    path("customers/export.xlsx", file_views.export_customers, name="export_customers"),
    path("customers/import/", file_views.import_customers, name="import_customers"),
    path("customers/import/template.xlsx", file_views.customers_template, name="customers_template"),
    path("customers/merges/<int:pk>/undo/", views.unmerge, name="unmerge"),
    path("customers/<str:number>/edit/", views.edit_customer, name="edit_customer"),
    path("customers/<str:number>/phone/", views.reveal, name="reveal"),
    path("customers/<str:number>/apart/", views.apart, name="apart"),
]
