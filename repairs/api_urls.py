from django.urls import path

from . import api, api_help, api_papers
from .papers import ORDERS, QUOTES

urlpatterns = [
    path("reports", api.reports, name="reports"),
    path("reports/status", api.report_status, name="report_status"),
    *api_help.urlpatterns,
    path("referrals", api.relay, name="relay"),
    path("tickets", api.tickets, name="tickets"),
    path("tickets/phone-intake", api.phone_intake, name="phone_intake"),
    path("tickets/<str:number>/quotations", api_papers.of_ticket, name="draft_of_ticket"),
    path("tickets/<str:number>/steps/<str:name>", api.take_step, name="take_step"),
    *QUOTES.api_urls(),
    path("orders/open", api_papers.open_order, name="open_order"),
    path("orders/<str:number>/quotations", api_papers.of_order, name="draft_of_order"),
    *ORDERS.api_urls(),
]
