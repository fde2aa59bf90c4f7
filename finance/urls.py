"""Addresses of finance."""

from django.urls import path

from . import queue_views, views

app_name = "finance"
urlpatterns = [
    path("", queue_views.queue, name="queue"),
    path("receipts/", views.receipt_list, name="receipts"),
    path("receipts/export.xlsx", views.export_receipts, name="export_receipts"),
    path("receipts/new/", views.new_receipt, name="new_receipt"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("receipts/<str:number>/reverse/", views.reverse_receipt, name="reverse_receipt"),
    path("receivables/", views.receivables, name="receivables"),
    path("receivables/export.xlsx", views.export_receivables, name="export_receivables"),
    path("ledger/", views.transfers, name="ledger"),
    path("ledger/<int:pk>/", views.account, name="account"),
]
