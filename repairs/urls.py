"""Addresses of the repairs desk below /tickets/; the ticket's own page, which shows several departments, is the shell's."""

from django.urls import path

from .print_urls import urlpatterns as prints
from .views import intake, listing, person, step

app_name = "repairs"
urlpatterns = [
    path("", listing.tickets, name="tickets"),
    path("export.xlsx", listing.export, name="export"),
    path("views/", listing.save_view, name="save_view"),
    path("views/<int:pk>/forget/", listing.forget_view, name="forget_view"),
    path("new/", intake.new, name="new"),
    path("relay/", intake.relay, name="relay"),
    path("known/", intake.known, name="known"),
    path("file/<str:key>/", person.attachment, name="attachment"),
    path("<str:number>/phone/", person.reveal, name="reveal"),
    *prints,
    path("<str:number>/steps/<str:name>/", step.step, name="step"),
]
