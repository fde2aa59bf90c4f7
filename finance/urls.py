"""Addresses of finance."""

from django.urls import path

from . import queue_views, views
from .debt_views import bank, credit, listing, one, opening, site
from .desk import accounts, printing, statements, year_end
from .desk.addresses import pages

app_name = "finance"
urlpatterns = [
    path("", queue_views.queue, name="queue"),
    path("receipts/", views.receipt_list, name="receipts"),
    path("receipts/export.xlsx", views.export_receipts, name="export_receipts"),
    path("receipts/new/", views.new_receipt, name="new_receipt"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("receipts/<str:number>/reverse/", views.reverse_receipt, name="reverse_receipt"),
    path("receipts/<str:number>/allocate/", credit.allocate, name="allocate"),
    path("receivables/", listing.receivables, name="receivables"),
    path("receivables/opening/", opening.page, name="opening_debts"),
    path("receivables/opening/template.xlsx", opening.template, name="opening_debts_template"),
    path("receivables/<int:pk>/", one.receivable, name="receivable"),
    path("receivables/<int:pk>/chase/", one.chase, name="chase"),
    path("receivables/<int:pk>/invoice/", one.invoice, name="invoice"),
    path("receivables/<int:pk>/write-off/", one.write_off, name="write_off"),
    path("site-money/", site.site_money, name="site_money"),
    path("site-money/new/", site.declare, name="declare_site_money"),
    path("site-money/<int:pk>/decide/", site.decide, name="decide_site_money"),
    path("site-money/<int:pk>/photo/<str:key>/", site.photo, name="site_money_photo"),
    path("credits/", credit.credit_list, name="credits"),
    path("credits/<str:number>/", credit.credit, name="credit"),
    path("credits/<str:number>/pay-back/", credit.pay_back, name="pay_back"),
    path("bank/", bank.bank_lists, name="bank_lists"),
    path("bank/template.xlsx", bank.template, name="bank_template"),
    path("bank/<int:pk>/", bank.bank_list, name="bank_list"),
    path("bank/<int:pk>/rows/<int:position>/", bank.bank_row, name="bank_row"),
    path("bank/<int:pk>/post/", bank.post, name="post_bank_list"),
    path("receivables/export.xlsx", views.export_receivables, name="export_receivables"),
    path("ledger/export.xlsx", views.export_ledger, name="export_ledger"),
    path("ledger/", views.transfers, name="ledger"),
    path("ledger/<int:pk>/", views.account, name="account"),
    path("statements/", statements.listed, name="statements"),
    path("statements/<str:month>.xlsx", statements.exported, name="statements_xlsx"),
    *printing.statements,
    *statements.DESK.urls("statements/"),
    path("accounts/", accounts.listed, name="accounts"),
    path("accounts/<int:year>.xlsx", accounts.exported, name="accounts_xlsx"),
    path("accounts/<str:period>/", accounts.shown, name="period"),
    path("accounts/<int:year>/year-end/", accounts.prepare, name="prepare_year_end"),
    path("year-ends/", year_end.listed, name="year_ends"),
    *year_end.DESK.urls("year-ends/"),
    *pages,
]
