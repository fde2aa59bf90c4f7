"""Finance's endpoints under `/api/v1/`."""

from django.urls import path

from . import api, api_accounts
from .api_debts import bank, credit, debts, site
from .desk import statements, year_end
from .desk.addresses import endpoints

urlpatterns = [
    path("receipts", api.receipts, name="receipts"),
    path("receipts/<str:number>", api.receipt, name="receipt"),
    path("receipts/<str:number>/allocate", credit.allocate, name="allocate"),
    path("receivables", debts.receivables, name="receivables"),
    path("receivables/import", debts.import_debts, name="import_debts"),
    path("receivables/<int:pk>", debts.receivable, name="receivable"),
    path("receivables/<int:pk>/chases", debts.chase, name="chase"),
    path("receivables/<int:pk>/invoice", debts.invoice, name="invoice"),
    path("receivables/<int:pk>/write-off", debts.write_off, name="write_off"),
    path("write-offs", debts.write_offs, name="write_offs"),
    path("write-offs/<int:pk>/second", debts.second, name="second_write_off"),
    path("write-offs/<int:pk>/drop", debts.drop, name="drop_write_off"),
    path("site-money", site.site_money, name="site_money"),
    path("site-money/<int:pk>/confirm", site.confirm, name="confirm_site_money"),
    path("site-money/<int:pk>/refuse", site.refuse, name="refuse_site_money"),
    path("credits", credit.credit_list, name="credits"),
    path("credits/<str:number>/pay-back", credit.pay_back, name="pay_back"),
    path("customer-refunds", credit.refunds, name="customer_refunds"),
    path("customer-refunds/<int:pk>/second", credit.second, name="second_refund"),
    path("customer-refunds/<int:pk>/drop", credit.drop, name="drop_refund"),
    path("bank-lists", bank.bank_lists, name="bank_lists"),
    path("bank-lists/<int:pk>", bank.bank_list, name="bank_list"),
    path("bank-lists/<int:pk>/rows/<int:position>", bank.choose, name="bank_row"),
    path("bank-lists/<int:pk>/post", bank.post, name="post_bank_list"),
    path("ledger-accounts", api.accounts, name="ledger_accounts"),
    path("ledger-accounts/<int:pk>", api.account, name="ledger_account"),
    *statements.DESK.api_urls(),
    path("accounts/<str:period>", api_accounts.accounts, name="accounts"),
    path("accounts/<int:year>/year-end", api_accounts.prepare, name="prepare_year_end"),
    *year_end.DESK.api_urls(),
    *endpoints,
]
