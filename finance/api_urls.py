"""Finance's endpoints under `/api/v1/`."""

from django.urls import path

from . import api, api_monthly
from .desk import statements, year_end

urlpatterns = [
    path("receipts", api.receipts, name="receipts"),
    path("receipts/<str:number>", api.receipt, name="receipt"),
    path("receivables", api.receivables, name="receivables"),
    path("ledger-accounts", api.accounts, name="ledger_accounts"),
    path("ledger-accounts/<int:pk>", api.account, name="ledger_account"),
    *statements.DESK.api_urls(),
    path("accounts/<str:period>", api_monthly.accounts, name="accounts"),
    path("accounts/<int:year>/year-end", api_monthly.prepare, name="prepare_year_end"),
    *year_end.DESK.api_urls(),
]
