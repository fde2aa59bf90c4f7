from django.urls import path

from . import api

urlpatterns = [
    path("reports", api.reports, name="reports"),
    path("referrals", api.relay, name="relay"),
    path("tickets", api.tickets, name="tickets"),
    path("tickets/phone-intake", api.phone_intake, name="phone_intake"),
    path("tickets/<str:number>", api.ticket, name="ticket"),
    path("tickets/<str:number>/steps/<str:name>", api.take_step, name="take_step"),
]
