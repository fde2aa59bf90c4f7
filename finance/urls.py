"""Addresses of finance."""

from django.urls import path

from . import print_views, views
from .desk import accounts, statements, year_end

app_name = "finance"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("receipts/", views.receipt_list, name="receipts"),
    path("receipts/new/", views.new_receipt, name="new_receipt"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("receipts/<str:number>/reverse/", views.reverse_receipt, name="reverse_receipt"),
    path("receivables/", views.receivables, name="receivables"),
    path("ledger/", views.transfers, name="ledger"),
    path("ledger/<int:pk>/", views.account, name="account"),
    path("statements/", statements.listed, name="statements"),
    path("statements/<str:month>.xlsx", statements.exported, name="statements_xlsx"),
    path("statements/<str:number>/print/", print_views.statement, name="statement_print"),
    path("statements/<str:number>/pdf/", print_views.statement_pdf, name="statement_pdf"),
    *statements.DESK.urls("statements/"),
    path("accounts/", accounts.listed, name="accounts"),
    path("accounts/<int:year>.xlsx", accounts.exported, name="accounts_xlsx"),
    path("accounts/<str:period>/", accounts.shown, name="period"),
    path("accounts/<int:year>/year-end/", accounts.prepare, name="prepare_year_end"),
    path("year-ends/", year_end.listed, name="year_ends"),
    *year_end.DESK.urls("year-ends/"),
]
