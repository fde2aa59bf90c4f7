"""Finance's endpoints under `/api/v1/`."""

from django.urls import path

from . import api
from .desk.addresses import endpoints

urlpatterns = [
    path("receipts", api.receipts, name="receipts"),
    path("receipts/<str:number>", api.receipt, name="receipt"),
    path("receivables", api.receivables, name="receivables"),
    path("ledger-accounts", api.accounts, name="ledger_accounts"),
    path("ledger-accounts/<int:pk>", api.account, name="ledger_account"),
    *endpoints,
]
